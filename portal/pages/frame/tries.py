"""How often something may be tried from one place: codes, filings. Counted for all portals together."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

from flask import request

from portal.parts import parts
from shared.application.citizens.contact import CitizensContact, contact_of
from shared.application.citizens.hashing import of_contact
from shared.application.identity.attempts import Attempts, Limits
from shared.base.clock import SystemClock
from shared.base.errors import Invalid

_WINDOW: Final = timedelta(minutes=15)
_CODES: Final = Limits(from_one_place=5, at_one_account=50, by_one_address=100, window=_WINDOW)
# Whole villages share one address of their telephone company: the limit stops programs, not neighbours.
_FILINGS: Final = Limits(from_one_place=60, at_one_account=100_000, by_one_address=60, window=_WINDOW)
BY_CONTACT: Final = Limits(from_one_place=20, at_one_account=20, by_one_address=100_000, window=_WINDOW)
"""Complaints that name one telephone or address: from wherever they are filed."""


def count_code(ticket: str) -> None:
    """Count an attempt at a ticket's code, before it is looked at.

    :raises TooManyAttempts: after five that failed.
    """
    _attempts(_CODES).count(f"lacak/{ticket}", _address("lacak"))


def code_was_right(ticket: str) -> None:
    """The attempt just counted was no guess."""
    _attempts(_CODES).succeeded(f"lacak/{ticket}", _address("lacak"))


def count_filing(tenant: str, reporter: Mapping[str, Any]) -> None:
    """Count a complaint that is filed by a page.

    :param reporter: who says who they are, as far as they do.
    :raises TooManyAttempts: if too many came from one address, or name one contact.
    """
    _attempts(_FILINGS).count(f"adukan/{tenant}", _address("adukan"))
    for each in _contacts(reporter):
        # Under a key: what may be a telephone's number would soon be found from a plain hash.
        _attempts(BY_CONTACT).count(of_contact(parts().runtime, tenant, each).hex(), _address("kontak"))


def _contacts(reporter: Mapping[str, Any]) -> Iterator[CitizensContact]:
    """How somebody is reached, in the form that is compared; what is none is nobody's, and counted by the address."""
    for phone, email in ((reporter.get("phone"), None), (None, reporter.get("email"))):
        with suppress(Invalid):
            yield contact_of(phone, email)


def _attempts(limits: Limits) -> Attempts:
    return Attempts(parts().runtime.database, SystemClock(), limits)


def _address(purpose: str) -> str:
    """Apart from the log-ins of the same address."""
    return f"{purpose}/{request.remote_addr or ''}"
