"""The words that an SOP file may use where it does not speak in its own."""

from typing import Final

END: Final = "end"
"""Where an action leads when nothing is left to do."""
SAME: Final = "same"
"""Where an action leads when the dossier stays where it is."""

SYSTEM: Final = "system"
REPORTER: Final = "reporter"

SCOPES: Final = ("tenant", "agency", "public", "system")
"""Whom an actor acts for: the whole government, one agency, themselves, or the services."""

STATUSES: Final = (
    "returned",
    "in_progress",
    "answered",
    "closed",
    "withdrawn",
    "lapsed",
    "transferred",
    "rejected",
    "merged",
)
FINAL_STATUSES: Final = frozenset({"closed", "withdrawn", "lapsed", "rejected", "merged"})
OPEN_STATUSES: Final = tuple(status for status in STATUSES if status not in FINAL_STATUSES)

MOVES: Final = frozenset(
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

TIMEOUT_EVENTS: Final = frozenset({"Lapsed", "Closed", "Forwarded"})
"""Event types that a time-out may bring about: the reporter gave up, nobody replied, or somebody must look into it."""

SIDE_NOTES: Final = frozenset(
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
        "Erased",
    }
)
"""Event types that the services may write in any step without moving the dossier."""

SAID: Final = frozenset({"Supplemented", "Replied", "Withdrawn", "Rated", "Reopened"})
"""What a reporter says: an officer may record it on their word, where the SOP lets them."""

FILED: Final = "ComplaintFiled"
ERASED: Final = "Erased"

KINDS: Final = ("interim", "final", "balasan")
WHYS: Final = ("incomplete", "wrong_agency", "out_of_authority", "rework")
REJECTIONS: Final = ("spam", "insult", "advertisement", "no_complaint", "answered_before")
"""Why something is no complaint for this government: told to the reporter in decent words, counted apart."""
LEAVE_REASONS: Final = ("other_agency", "court", "force_majeure", "goods", "budget")
"""What a desk may wait for: another agency, a court, what nobody can help, goods, money."""
VIA: Final = "via"
"""The field in which an officer says how the reporter told them."""
VIAS: Final = ("telephone", "counter", "letter", "email", "whatsapp", "sms")
"""How a reporter may have told an officer something, or was told something by one."""
CLASSES: Final = ("complaint", "question", "information", "suggestion")

AUTOMATIC: Final = ("classify", "dispose", "notify", "deliver")
"""What the services do by themselves in a step of the system's: see :class:`shared.domain.sop.model.Step`."""

ANY_COMPLAINT_FIELD: Final = "complaint.*"
"""In an action's optional fields: whatever a complaint may say, checked by the complaint's own schema."""

CASE_ENDS: Final = frozenset({"Answered", "AnswerDelivered", "Closed"})

AUDIENCE: Final = frozenset({"agency", "holder", "former", "group"})
"""Besides actors, who may be told of an event.

The receiving desk of the agency responsible, whoever must act next, whoever had it before this event, and the group
for the complaint's category.
"""
