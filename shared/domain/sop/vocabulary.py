"""The words that an SOP file may use where it does not speak in its own, as types: a typo is found before it runs."""

from typing import Final, Literal, get_args

from shared.domain.dossier.event_name import EventName

END: Final = "end"
"""Where an action leads when nothing is left to do."""
SAME: Final = "same"
"""Where an action leads when the dossier stays where it is."""

SYSTEM: Final = "system"
REPORTER: Final = "reporter"

Scope = Literal["tenant", "agency", "public", "system"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
"""Whom an actor acts for: the whole government, one agency, themselves, or the services."""

Status = Literal[
    "returned",
    "in_progress",
    "answered",
    "closed",
    "withdrawn",
    "lapsed",
    "transferred",
    "rejected",
    "merged",
]
STATUSES: Final[tuple[Status, ...]] = get_args(Status)
FINAL_STATUSES: Final[frozenset[Status]] = frozenset({"closed", "withdrawn", "lapsed", "rejected", "merged"})
"""Statuses after which nothing more is expected."""
OPEN_STATUSES: Final[tuple[Status, ...]] = tuple(status for status in STATUSES if status not in FINAL_STATUSES)

MOVES: Final[frozenset[EventName]] = frozenset(
    {
        "Classified",
        "Supplemented",
        "Withdrawn",
        "Dispositioned",
        "Recalled",
        "Rejected",
        "Reinstated",
        "Merged",
        "Returned",
        "Forwarded",
        "Answered",
        "AnswerDelivered",
        "DeliveryFailed",
        "Replied",
        "Reopened",
        "Rated",
        "Closed",
        "Transferred",
        "NoticeDelivered",
        "CodeRenewed",
    }
)
"""Event types that an action may bring about."""

TIMEOUT_EVENTS: Final[frozenset[EventName]] = frozenset({"Lapsed", "Closed", "Forwarded"})
"""Event types that a time-out may bring about: the reporter gave up, nobody replied, or somebody must look into it."""

SIDE_NOTES: Final[frozenset[EventName]] = frozenset(
    {
        "Classified",
        "AnswerDelivered",
        "DeliveryFailed",
        "ClockWarned",
        "ClockBreached",
        "Escalated",
        "Merged",
        "MemberJoined",
        "MemberLeft",
        "NoticeDelivered",
        "CodeRenewed",
        "LeaveAsked",
        "LeaveRefused",
        "LeaveGranted",
        "Resumed",
        "HelpAsked",
        "HelpGiven",
        "HelpCancelled",
        "FileAdded",
        "Added",
        "Noted",
        "SummaryWritten",
        "SummaryGivenBack",
        "Published",
        "Unpublished",
        "DataAsked",
        "DataAnswered",
        "Erased",
    }
)
"""Event types that the services may write in any step without moving the dossier."""

SAID: Final[frozenset[EventName]] = frozenset({"Supplemented", "Replied", "Withdrawn", "Rated", "Reopened", "Closed"})
"""What a reporter says: an officer may record it on their word, where the SOP lets them."""

FILED: Final[EventName] = "ComplaintFiled"
ERASED: Final[EventName] = "Erased"

AnswerKind = Literal["interim", "final", "balasan"]
ANSWER_KINDS: Final[tuple[AnswerKind, ...]] = get_args(AnswerKind)
ReturnWhy = Literal["incomplete", "wrong_agency", "out_of_authority", "rework"]
RETURN_WHYS: Final[tuple[ReturnWhy, ...]] = get_args(ReturnWhy)
Rejection = Literal["spam", "insult", "advertisement", "no_complaint", "answered_before"]
REJECTIONS: Final[tuple[Rejection, ...]] = get_args(Rejection)
"""Why something is no complaint for this government: told to the reporter in decent words, counted apart."""
LeaveWhy = Literal["other_agency", "court", "force_majeure", "goods", "budget"]
LEAVE_WHYS: Final[tuple[LeaveWhy, ...]] = get_args(LeaveWhy)
"""What a desk may wait for: another agency, a court, what nobody can help, goods, money."""
VIA: Final = "via"
"""The field in which an officer says how the reporter told them."""
Via = Literal["telephone", "counter", "letter", "email", "whatsapp", "sms"]
VIAS: Final[tuple[Via, ...]] = get_args(Via)
"""How a reporter may have told an officer something, or was told something by one."""
Way = Literal[Via, "portal", "channel", "none", "system"]
"""How something was brought: besides the above, opened with the tracking code, by a channel that a government offers
beside its SOP, by no way, or a note to ourselves."""
CameTo = Literal["accepted"]
"""How far a letter had come that did not arrive after all: its carrier had taken it."""
ComplaintClass = Literal["complaint", "question", "information", "suggestion"]
CLASSES: Final[tuple[ComplaintClass, ...]] = get_args(ComplaintClass)

Automatic = Literal["classify", "dispose", "notify", "deliver"]
AUTOMATIC: Final[tuple[Automatic, ...]] = get_args(Automatic)
"""What the services do by themselves in a step of the system's: see :class:`shared.domain.sop.model.Step`."""

ANY_COMPLAINT_FIELD: Final = "complaint.*"
"""In an action's optional fields: whatever a complaint may say, checked by the complaint's own schema."""

CASE_ENDS: Final[frozenset[EventName]] = frozenset({"Answered", "AnswerDelivered", "Closed"})

AUDIENCE: Final = frozenset({"agency", "holder", "former", "group"})
"""Besides actors, who may be told of an event.

The receiving desk of the agency responsible, whoever must act next, whoever had it before this event, and the group
for the complaint's category.
"""
