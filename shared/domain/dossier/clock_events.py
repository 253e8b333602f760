"""What timers find: a due time comes near, passes, and is brought before somebody higher."""

from dataclasses import dataclass
from datetime import datetime

from shared.domain.dossier.event import DossierEvent
from shared.domain.dossier.promise import Target


@dataclass(frozen=True, kw_only=True)
class ClockEvent(DossierEvent):
    """About one clock of the dossier.

    :param clock: its id, ``<target>:<version of the event that started it>``.
    :param holder: who held the dossier.
    :param holder_agency: the agency that held it.
    :param due_at: the due time it is about.
    """

    clock: str
    target: Target
    holder: str
    holder_agency: str | None
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class ClockWarned(ClockEvent):
    """A due time comes near."""


@dataclass(frozen=True, kw_only=True)
class ClockBreached(ClockEvent):
    """A due time passed with the work undone. Takes effect at the due time, whenever the timer ran."""


@dataclass(frozen=True, kw_only=True)
class Escalated(ClockEvent):
    """A breach was brought before someone higher in the SOP's chain.

    :param next_at: when it climbs further, should the work be undone until then; none at the end of the chain.
    """

    to_actor: str
    next_at: datetime | None = None
