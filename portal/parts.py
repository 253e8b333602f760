"""What the views work with, kept in the Flask application."""

from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Final, Protocol, cast

from flask import current_app

from portal.freshness import Freshness
from portal.front_figures import FrontFigures
from portal.gateway import Gateway
from portal.given_tickets import DossierOf
from portal.presence import Presence
from portal.streams import Streams
from portal.telephones import PlayedTelephones
from shared.application.identity.users import Users
from shared.application.runtime import Runtime
from shared.domain.all_tenants import Tenants
from shared.domain.tenants import Tenant
from shared.platform.health import Checks

EXTENSION: Final = "aduan"
HOMES: Final = "aduan.homes"
"""The extension that names the applications of all databases, where there are several: some pages have one address."""


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
    :param telephones: those of a demo; none in any other installation.
    :param moving: held by whoever moves it: two who move it by an hour each move it by two.
    :param every: all governments, also those whose complaints lie in other databases.
    :param presence: who has which dossier open, as far as this process knows.
    :param streams: of news to open pages.
    :param front_figures: what first pages tell of last month.
    :param dossier_of: which dossier a ticket stands for.
    """

    gateway: Gateway
    dossier_of: DossierOf
    runtime: Runtime
    users: Users
    token_key: bytes
    freshness: Freshness
    checks: Checks
    simulation: MovableClock | None
    every: Tenants
    telephones: PlayedTelephones | None = None
    moving: Lock = field(default_factory=Lock, repr=False)
    presence: Presence = field(default_factory=Presence)
    streams: Streams = field(default_factory=Streams)
    front_figures: FrontFigures = field(default_factory=FrontFigures)

    def home(self, tenant: str) -> Tenant:
        """The government whose pages are asked for.

        :raises NotFound: ``unknown_tenant``.
        """
        return self.runtime.tenants.get(tenant)


def parts() -> Parts:
    """The parts of the application that serves this request."""
    return cast("Parts", current_app.extensions[EXTENSION])
