"""What can happen to a dossier. Each class is one event type; its name is the stored name and the routing key.

``ComplaintFiled``, ``Dispositioned``, ``Returned`` and ``Answered`` are the public integration events; others
complete the story. Personal data and every free text lie in ``sealed``, readable only with the dossier's key. A new
field needs a default; a changed meaning needs a higher ``SCHEMA`` and an upcaster
(:mod:`shared.application.dossiers.upcasting`).
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Literal, get_args

from shared.domain.complaint.privacy import Privacy
from shared.domain.dossier.answering import Added, Answered, Closed, Rated, Reopened, Replied
from shared.domain.dossier.clock_events import ClockBreached, ClockEvent, ClockWarned, Escalated
from shared.domain.dossier.data_events import DataAnswered, DataAsked
from shared.domain.dossier.event import DossierEvent, SaidByReporter
from shared.domain.dossier.files import FileAdded
from shared.domain.dossier.groups import MemberJoined, MemberLeft, Merged
from shared.domain.dossier.helping import HelpAsked, HelpCancelled, HelpGiven
from shared.domain.dossier.leave import LeaveAsked, LeaveGranted, LeaveRefused, Resumed
from shared.domain.dossier.publishing import Noted, Published, SummaryGivenBack, SummaryWritten, Unpublished
from shared.domain.dossier.telling import AnswerDelivered, CodeRenewed, DeliveryFailed, NoticeDelivered
from shared.domain.sop.vocabulary import ComplaintClass, Rejection, ReturnWhy

__all__ = [
    "ERASURE_REASONS",
    "EVENT_TYPES",
    "Added",
    "AnswerDelivered",
    "Answered",
    "Classified",
    "ClockBreached",
    "ClockEvent",
    "ClockWarned",
    "Closed",
    "CodeRenewed",
    "ComplaintFiled",
    "DataAnswered",
    "DataAsked",
    "DeliveryFailed",
    "Dispositioned",
    "DossierEvent",
    "Erased",
    "ErasureReason",
    "Escalated",
    "FileAdded",
    "Forwarded",
    "HelpAsked",
    "HelpCancelled",
    "HelpGiven",
    "Lapsed",
    "LeaveAsked",
    "LeaveGranted",
    "LeaveRefused",
    "MemberJoined",
    "MemberLeft",
    "Merged",
    "Noted",
    "NoticeDelivered",
    "Published",
    "Rated",
    "Recalled",
    "Reinstated",
    "Rejected",
    "Reopened",
    "Replied",
    "Resumed",
    "Returned",
    "SummaryGivenBack",
    "SummaryWritten",
    "Supplemented",
    "Transferred",
    "Unpublished",
    "Withdrawn",
]


@dataclass(frozen=True, kw_only=True)
class ComplaintFiled(DossierEvent):
    """A complaint was received.

    Sealed: reporter, title, message, attachments, exact place, external id, tracking code, ``occurred_at`` as the
    reporter states it, and ``as_written``: by dotted name, what could not be used as it was given.

    :param actor: the officer's who filed it for somebody, else ``reporter``.
    :param kecamatan: in the spelling of the tenant's list; none if none was given or the list has no such entry.
    :param desa: likewise.
    :param category: likewise. Schema 1 had the reporter's own words in these three.
    """

    SCHEMA: ClassVar[int] = 2

    ticket: str
    channel: str
    privacy: Privacy
    kecamatan: str | None = None
    desa: str | None = None
    classification: ComplaintClass | None = None
    category: str | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Classified(DossierEvent):
    """Its class or category was set, by keyword or by an officer.

    :param reasons: why the system guessed so: codes and words of the tenant's catalogue, never the reporter's; see
        :class:`shared.domain.classifying.classify.Found`.
    """

    classification: ComplaintClass | None
    category: str | None
    by: Literal["keyword", "officer"]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Supplemented(SaidByReporter):
    """The reporter completed a returned complaint. Sealed: the fields given, as in the filing.

    :param kecamatan: in the spelling of the tenant's list, as in the filing; none leaves the earlier one as it is.
    :param desa: likewise.
    :param category: likewise.
    :param missing: required fields that were never given until now.
    :param privacy: what the reporter asks for from now on, never less than before; none leaves it as it is.
    :param cleared: which of ``kecamatan`` and ``desa`` no longer hold, since another place was given.
    """

    SCHEMA: ClassVar[int] = 2

    kecamatan: str | None = None
    desa: str | None = None
    category: str | None = None
    classification: ComplaintClass | None = None
    missing: tuple[str, ...] = ()
    privacy: Privacy | None = None
    cleared: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Withdrawn(SaidByReporter):
    """The reporter gave the complaint up. Sealed: reason."""


@dataclass(frozen=True, kw_only=True)
class Lapsed(DossierEvent):
    """The reporter did not reply in time; takes effect at the instant the wait ran out."""


@dataclass(frozen=True, kw_only=True)
class Dispositioned(DossierEvent):
    """It was sent to an agency. Sealed: note, and the reason for going on with what is missing.

    :param to_unit: the unit of that agency that it is meant for, if one is named.
    :param despite: required fields that the complaint lacked; going on without them was decided with a reason.
    """

    to_agency: str
    to_unit: str | None = None
    despite: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Recalled(DossierEvent):
    """Whoever had sent it to an agency took it back, to send it anew. Sealed: reason.

    :param from_agency: the agency that held it.
    :param disposed_by: who had sent it there: the time spent there is charged to them.
    """

    from_agency: str
    disposed_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class Rejected(DossierEvent):
    """It is no complaint for this government; never an answer. Sealed: reason."""

    why: Rejection


@dataclass(frozen=True, kw_only=True)
class Reinstated(DossierEvent):
    """What was rejected, merged, withdrawn or lapsed goes on after all. Sealed: reason."""


@dataclass(frozen=True, kw_only=True)
class Returned(DossierEvent):
    """It was sent back. Sealed: reason.

    :param from_agency: the agency that held it, when it had been disposed.
    :param disposed_by: who had sent it there: the bounced time is charged to them.
    """

    why: ReturnWhy
    from_agency: str | None = None
    disposed_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class Forwarded(DossierEvent):
    """Passed on inside the agency: up, down, or with a result. Sealed: note, response.

    :param has_response: whether it carries a response, which then is the draft of the answer.
    :param to_unit: the unit that it goes to, where it goes to one.
    :param authorised: whether it authorises the draft: from then on that text is what goes out.
    """

    has_response: bool = False
    to_unit: str | None = None
    authorised: bool = False


@dataclass(frozen=True, kw_only=True)
class Transferred(DossierEvent):
    """Handed to another authority; never an end by itself. Sealed: reason, and ``to`` where no list has it.

    :param authority: its id in the government's list; none for one that somebody named.
    :param to: until schema 1: who it is, in words; none since. See :func:`.authorities.authority_of`.
    :param rests: whether the government's own clock of the case stands still until it comes back or is answered.
    """

    SCHEMA: ClassVar[int] = 2

    authority: str | None = None
    to: str | None = None
    rests: bool = False


ErasureReason = Literal["asked", "retention", "order"]
ERASURE_REASONS: Final[tuple[ErasureReason, ...]] = get_args(ErasureReason)
"""Why somebody is erased: they asked for it, the time for which it was kept is over, or an authority ordered it."""


@dataclass(frozen=True, kw_only=True)
class Erased(DossierEvent):
    """The reporter's data were erased: the key is destroyed, the log stays whole.

    Ends a dossier that was still open.
    """

    reason: ErasureReason = "asked"


EVENT_TYPES: dict[str, type[DossierEvent]] = {
    cls.__name__: cls
    for cls in (
        ComplaintFiled,
        Classified,
        Supplemented,
        Withdrawn,
        Lapsed,
        Dispositioned,
        Recalled,
        Rejected,
        Reinstated,
        Returned,
        Forwarded,
        Answered,
        AnswerDelivered,
        DeliveryFailed,
        NoticeDelivered,
        CodeRenewed,
        Replied,
        Reopened,
        Rated,
        Closed,
        Transferred,
        ClockWarned,
        ClockBreached,
        Escalated,
        Merged,
        MemberJoined,
        MemberLeft,
        LeaveAsked,
        LeaveRefused,
        LeaveGranted,
        Resumed,
        HelpAsked,
        HelpGiven,
        HelpCancelled,
        FileAdded,
        Added,
        Noted,
        SummaryWritten,
        SummaryGivenBack,
        Published,
        Unpublished,
        DataAsked,
        DataAnswered,
        Erased,
    )
}
