"""What the views work with, kept in the Flask application."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol, cast

from flask import current_app

from portal.freshness import Freshness
from portal.front_figures import FrontFigures
from portal.gateway import Gateway
from portal.presence import Presence
from shared.application.identity.users import Users
from shared.application.runtime import Runtime
from shared.domain.tenants import Tenants
from shared.platform.health import Checks

EXTENSION: Final = "aduan"


class MovableClock(Protocol):
    """A simulated clock that can be moved, see :mod:`shared.application.simulation`."""

    def now(self) -> datetime:
        """The simulated instant."""

    def advance_to(self, instant: datetime) -> datetime:
        """Move forward; back when everything that the move brings about has happened.

        :raises Conflict: if the instant lies in the past.
        """


@dataclass(frozen=True)
class Parts:
    """See each part's own page.

    :param token_key: with which tokens are signed.
    :param simulation: none where time is real.
    :param every: all governments, also those whose complaints lie in other databases.
    :param presence: who has which dossier open, as far as this process knows.
    :param front_figures: what first pages tell of last month.
    """

    gateway: Gateway
    runtime: Runtime
    users: Users
    token_key: bytes
    freshness: Freshness
    checks: Checks
    simulation: MovableClock | None
    every: Tenants
    presence: Presence = field(default_factory=Presence)
    front_figures: FrontFigures = field(default_factory=FrontFigures)


def parts() -> Parts:
    """The parts of the application that serves this request."""
    return cast("Parts", current_app.extensions[EXTENSION])
