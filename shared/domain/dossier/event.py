"""What every event of a dossier says, whatever happened."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final, cast
from uuid import UUID

from shared.domain.dossier.event_name import EventName
from shared.domain.dossier.promise import Promise
from shared.domain.sop.vocabulary import REPORTER, Status, Via

COORDINATOR: Final = "coordinator"
"""Who runs the procedure for the whole government, in SOPs that say nothing else."""

UNSEEN: Final = "unseen"
"""The user of what a program posted for a reporter, who was shown nothing by it: what they were to be told is still to
be told."""


@dataclass(frozen=True, kw_only=True)
class DossierEvent:
    """What every event says.

    :param originator_id: the dossier.
    :param originator_version: its place in the dossier, from 1.
    :param actor: who did it, in the SOP's roles.
    :param agency: the agency for which it was done.
    :param user: the account that did it.
    :param recorded_at: when it was written.
    :param occurred_at: when it took effect; differs where a timer was late or an import brings old cases.
    :param correlation_id: the request or message that began the chain.
    :param causation_id: the event that led to this one, as ``<dossier>:<version>``, or the mark of the request that
        did, as ``request:...`` (:mod:`shared.application.requests`).
    :param sop_version: the version under which the dossier was filed.
    :param step: the step in which it was done.
    :param status: the dossier's status after it.
    :param promise: the step it leads into, with what was promised there; none if it does not move the dossier.
    :param wait: the clock on the reporter's reply that it starts.
    :param case: the clock of the whole case that it starts or resumes.
    :param late_seconds: how late the step that it leaves was, in the standard's own kind of time; 0 if in time.
    :param case_late_seconds: the same for the case, on the event that fulfils it.
    :param sealed: private fields, sealed with the dossier's key.
    """

    SCHEMA: ClassVar[int] = 1
    type: ClassVar[EventName]
    """The stable name under which it is stored and published."""

    originator_id: UUID
    originator_version: int
    tenant: str
    actor: str
    agency: str | None
    user: str
    recorded_at: datetime
    occurred_at: datetime
    correlation_id: str
    causation_id: str | None = None
    sop_version: int
    step: str | None = None
    status: Status
    promise: Promise | None = None
    wait: Promise | None = None
    case: Promise | None = None
    late_seconds: int | None = None
    case_late_seconds: int | None = None
    sealed: str | None = None

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.type = cast("EventName", cls.__name__)

    @property
    def event_id(self) -> str:
        """Unique in the installation: ``<dossier>:<version>``."""
        return f"{self.originator_id}:{self.originator_version}"


@dataclass(frozen=True, kw_only=True)
class SaidByReporter(DossierEvent):
    """Something that the reporter said: by the tracking code, or told to an officer who recorded it.

    :param via: the way in which it was told to the officer (``telephone``, ``counter``, ``letter``, ...); none where
        the reporter did it without one. Then ``actor`` and ``user`` are the officer's.
    """

    via: Via | None = None

    @property
    def on_behalf(self) -> bool:
        """Whether somebody else recorded it: an officer for the reporter, or of their own accord; or the system, since
        they had sent a photo.
        """
        return self.via is not None or self.actor != REPORTER
