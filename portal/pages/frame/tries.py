"""How often something may be tried from one place: codes, filings. Counted for all portals together."""

from datetime import timedelta
from typing import Final

from flask import request

from portal.parts import parts
from shared.application.identity.attempts import Attempts, Limits
from shared.base.clock import SystemClock

_WINDOW: Final = timedelta(minutes=15)
_CODES: Final = Limits(from_one_place=5, at_one_account=50, by_one_address=100, window=_WINDOW)
# Whole villages share one address of their telephone company: the limit stops programs, not neighbours.
_FILINGS: Final = Limits(from_one_place=60, at_one_account=100_000, by_one_address=60, window=_WINDOW)


def count_code(ticket: str) -> None:
    """Count an attempt at a ticket's code, before it is looked at.

    :raises TooManyAttempts: after five that failed.
    """
    _attempts(_CODES).count(f"lacak/{ticket}", _address("lacak"))


def code_was_right(ticket: str) -> None:
    """The attempt just counted was no guess."""
    _attempts(_CODES).succeeded(f"lacak/{ticket}", _address("lacak"))


def count_filing(tenant: str) -> None:
    """Count a complaint that is filed by a page.

    :raises TooManyAttempts: if too many came from one address.
    """
    _attempts(_FILINGS).count(f"adukan/{tenant}", _address("adukan"))


def _attempts(limits: Limits) -> Attempts:
    return Attempts(parts().runtime.database, SystemClock(), limits)


def _address(purpose: str) -> str:
    """Apart from the log-ins of the same address."""
    return f"{purpose}/{request.remote_addr or ''}"
