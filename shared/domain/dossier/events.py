"""What can happen to a dossier. Each class is one event type; its name is the stored name and the routing key.

``ComplaintFiled``, ``Dispositioned``, ``Returned`` and ``Answered`` are the public integration events; others
complete the story. Personal data and every free text lie in ``sealed``, readable only with the dossier's key. A new
field needs a default; a changed meaning needs a higher ``SCHEMA`` and an upcaster
(:mod:`shared.application.dossiers.upcasting`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from shared.domain.dossier.promise import Promise


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
    :param causation_id: the event that led to this one, as ``<dossier>:<version>``.
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
    status: str
    promise: Promise | None = None
    wait: Promise | None = None
    case: Promise | None = None
    late_seconds: int | None = None
    case_late_seconds: int | None = None
    sealed: str | None = None

    @property
    def type(self) -> str:
        """The stable name under which it is stored and published."""
        return type(self).__name__

    @property
    def event_id(self) -> str:
        """Unique in the installation: ``<dossier>:<version>``."""
        return f"{self.originator_id}:{self.originator_version}"


@dataclass(frozen=True, kw_only=True)
class ComplaintFiled(DossierEvent):
    """A complaint was received. Sealed: reporter, title, message, exact place, external id, tracking code."""

    ticket: str
    channel: str
    privacy: str
    kecamatan: str | None = None
    desa: str | None = None
    classification: str | None = None
    category: str | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Classified(DossierEvent):
    """Its class or category was set, by keyword or by an officer."""

    classification: str | None
    category: str | None
    by: str


@dataclass(frozen=True, kw_only=True)
class Supplemented(DossierEvent):
    """The reporter completed a returned complaint. Sealed: the fields given."""

    kecamatan: str | None = None
    desa: str | None = None
    category: str | None = None
    classification: str | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Withdrawn(DossierEvent):
    """The reporter gave the complaint up. Sealed: reason."""


@dataclass(frozen=True, kw_only=True)
class Lapsed(DossierEvent):
    """The reporter did not reply in time; takes effect at the instant the wait ran out."""


@dataclass(frozen=True, kw_only=True)
class Dispositioned(DossierEvent):
    """It was sent to an agency. Sealed: note."""

    to_agency: str


@dataclass(frozen=True, kw_only=True)
class Returned(DossierEvent):
    """It was sent back. Sealed: reason.

    :param why: ``incomplete``, ``wrong_agency``, ``out_of_authority`` or ``rework``.
    :param from_agency: the agency that held it, when it had been disposed.
    :param disposed_by: who had sent it there: the bounced time is charged to them.
    """

    why: str
    from_agency: str | None = None
    disposed_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class Forwarded(DossierEvent):
    """Passed on inside the agency: up, down, or with a result. Sealed: note, response."""

    has_response: bool = False


@dataclass(frozen=True, kw_only=True)
class Answered(DossierEvent):
    """The reporter was answered. Sealed: text.

    :param kind: ``interim`` or ``final``.
    """

    kind: str


@dataclass(frozen=True, kw_only=True)
class AnswerDelivered(DossierEvent):
    """The answer reached the reporter.

    :param answer: version of the ``Answered`` event delivered.
    :param by: the way it took: ``email``, ``portal``, ...
    :param kind: of that answer: an interim one fulfils nothing by arriving.
    """

    answer: int
    by: str
    kind: str = "final"


@dataclass(frozen=True, kw_only=True)
class DeliveryFailed(DossierEvent):
    """The answer could not be brought to the reporter.

    :param answer: version of the ``Answered`` event.
    :param by: the way that was tried.
    :param reason: a code such as ``mailbox_refused``, never an address.
    """

    answer: int
    by: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Replied(DossierEvent):
    """The reporter wrote back. Sealed: text."""


@dataclass(frozen=True, kw_only=True)
class Reopened(DossierEvent):
    """The reporter was not content with the answer. Sealed: reason."""


@dataclass(frozen=True, kw_only=True)
class Rated(DossierEvent):
    """The reporter rated the handling. Sealed: comment.

    :param score: 1 (poor) to 5 (excellent).
    """

    score: int


@dataclass(frozen=True, kw_only=True)
class Closed(DossierEvent):
    """Nothing more is expected.

    :param by: ``timeout`` or ``reporter``.
    """

    by: str


@dataclass(frozen=True, kw_only=True)
class Transferred(DossierEvent):
    """Handed to another authority; never an end by itself. Sealed: reason."""

    to: str


@dataclass(frozen=True, kw_only=True)
class ClockEvent(DossierEvent):
    """About one clock of the dossier.

    :param clock: its id, ``<target>:<version of the event that started it>``.
    :param holder: who held the dossier.
    :param holder_agency: the agency that held it.
    :param due_at: the due time it is about.
    """

    clock: str
    target: str
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


@dataclass(frozen=True, kw_only=True)
class Merged(DossierEvent):
    """A duplicate of another dossier."""

    into: UUID


@dataclass(frozen=True, kw_only=True)
class Erased(DossierEvent):
    """The reporter's data were erased: the key is destroyed, the log stays whole. Ends a dossier that was still open.

    :param reason: one of :data:`ERASURE_REASONS`.
    """

    reason: str = "asked"


ERASURE_REASONS: Final = ("asked", "retention", "order")
"""Why somebody is erased: they asked for it, the time for which it was kept is over, or an authority ordered it."""


EVENT_TYPES: dict[str, type[DossierEvent]] = {
    cls.__name__: cls
    for cls in (
        ComplaintFiled,
        Classified,
        Supplemented,
        Withdrawn,
        Lapsed,
        Dispositioned,
        Returned,
        Forwarded,
        Answered,
        AnswerDelivered,
        DeliveryFailed,
        Replied,
        Reopened,
        Rated,
        Closed,
        Transferred,
        ClockWarned,
        ClockBreached,
        Escalated,
        Merged,
        Erased,
    )
}
