"""What becomes of telling the reporter: nothing counts as told but on somebody's word."""

from dataclasses import dataclass

from shared.domain.dossier.event import COORDINATOR, DossierEvent
from shared.domain.dossier.event_name import EventName
from shared.domain.sop.vocabulary import AnswerKind, CameTo, Via, Way


@dataclass(frozen=True, kw_only=True)
class AnswerDelivered(DossierEvent):
    """The answer reached the reporter: on a carrier's word, by the tracking code, or as an officer told it.

    Sealed: note.

    :param answer: version of the ``Answered`` event delivered.
    :param by: the way it took: ``email``, ``portal`` (opened with the code), ``telephone``, ``counter``, ``letter``,
        ...
    :param kind: of that answer: an interim one fulfils nothing by arriving.
    """

    answer: int
    by: Way
    kind: AnswerKind = "final"


@dataclass(frozen=True, kw_only=True)
class DeliveryFailed(DossierEvent):
    """What the reporter must know could not be brought to them; until it is, no wait runs out against them.

    :param answer: version of the event that they were to be told of.
    :param by: the way that was tried.
    :param reason: a code such as ``mailbox_refused`` or ``no_way`` (nothing by which they could be reached), never an
        address.
    :param about: the type of that event.
    :param task_for: the actor who is to reach them all the same.
    :param after: how far it had come by that way: ``accepted`` if its carrier had taken it; none if it had not, and in
        what was written before this was told.
    """

    answer: int
    by: Way
    reason: str
    about: EventName = "Answered"
    task_for: str = COORDINATOR
    after: CameTo | None = None


@dataclass(frozen=True, kw_only=True)
class NoticeDelivered(DossierEvent):
    """The reporter was told of something that is no answer, and on which their rights depend. Sealed: note.

    Its ``wait`` is the reporter's time to reply begun anew, where they were told late.

    :param notice: version of the event that they were told of.
    :param about: its type, e.g. ``Returned``.
    :param by: the way it took, as in :class:`AnswerDelivered`.
    """

    notice: int
    about: EventName
    by: Way


@dataclass(frozen=True, kw_only=True)
class CodeRenewed(DossierEvent):
    """The reporter was given a new tracking code; the one before has ended. Sealed: tracking_code.

    :param via: how they were given it, e.g. ``counter``.
    """

    via: Via
