"""Leave to take longer: asked for by a desk, given or refused by the coordinator. The promise on record stays."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from shared.domain.dossier.event import COORDINATOR, DossierEvent
from shared.domain.sop.vocabulary import LeaveWhy

LeaveType = Literal["pause", "extension"]
PAUSE: Final = "pause"
EXTENSION: Final = "extension"
LEAVES: Final[tuple[LeaveType, ...]] = get_args(LeaveType)
"""The clock of the step stands still for a while, or its due time is put off."""


@dataclass(frozen=True, kw_only=True)
class LeaveAsked(DossierEvent):
    """A desk asked for leave. Sealed: reason.

    :param until_at: until when; of an extension, the due time that is asked for.
    :param granted_by: the actor before whom it is brought.
    """

    kind: LeaveType
    why: LeaveWhy
    until_at: datetime
    granted_by: str = COORDINATOR


@dataclass(frozen=True, kw_only=True)
class LeaveRefused(DossierEvent):
    """The coordinator refused it. Sealed: reason.

    :param asked: version of the ``LeaveAsked`` event.
    """

    asked: int


@dataclass(frozen=True, kw_only=True)
class LeaveGranted(DossierEvent):
    """The coordinator gave it; the reporter is told. Sealed: reason.

    :param asked: version of the ``LeaveAsked`` event.
    :param kind: as asked.
    :param why: as asked.
    :param until_at: until when it is given.
    :param clock: id of the clock that it is about.
    :param due_at: the clock's due time from now on, for a pause if it lasts until then; none if the clock had breached
        before: then leave explains the delay and undoes nothing.
    :param warn_at: its warning.
    """

    asked: int
    kind: LeaveType
    why: LeaveWhy
    until_at: datetime
    clock: str
    due_at: datetime | None = None
    warn_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Resumed(DossierEvent):
    """A pause ended: its time was over, or what was waited for had come. Sealed: note.

    :param clock: id of the clock that runs again.
    :param due_at: its due time now, later by the time of its own kind that the pause covered.
    :param warn_at: its warning.
    """

    clock: str
    due_at: datetime
    warn_at: datetime | None = None
