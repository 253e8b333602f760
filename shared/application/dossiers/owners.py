"""Which services may append which event: a service appends only what it decides."""

from typing import Final

from shared.base.services import ServiceName
from shared.domain.dossier.event_name import EventName

OWNERS: Final[dict[EventName, frozenset[ServiceName]]] = {
    "ComplaintFiled": frozenset({"intake"}),
    "Classified": frozenset({"intake", "routing"}),
    "Supplemented": frozenset({"intake", "routing"}),
    "Withdrawn": frozenset({"intake", "routing"}),
    "Lapsed": frozenset({"sla"}),
    "Dispositioned": frozenset({"routing"}),
    "Recalled": frozenset({"routing"}),
    "Rejected": frozenset({"routing"}),
    "Reinstated": frozenset({"routing"}),
    "Returned": frozenset({"routing"}),
    "Forwarded": frozenset({"routing", "notify", "sla"}),
    "Answered": frozenset({"routing"}),
    "AnswerDelivered": frozenset({"notify", "intake", "routing"}),
    "DeliveryFailed": frozenset({"notify"}),
    "NoticeDelivered": frozenset({"notify", "intake", "routing"}),
    "CodeRenewed": frozenset({"routing"}),
    "Replied": frozenset({"intake", "routing"}),
    "Reopened": frozenset({"intake", "routing"}),
    "Rated": frozenset({"intake", "routing"}),
    "Closed": frozenset({"intake", "sla", "routing"}),
    "Transferred": frozenset({"routing"}),
    "ClockWarned": frozenset({"sla"}),
    "ClockBreached": frozenset({"sla"}),
    "Escalated": frozenset({"sla"}),
    "Merged": frozenset({"routing"}),
    "MemberJoined": frozenset({"routing"}),
    "MemberLeft": frozenset({"routing"}),
    "LeaveAsked": frozenset({"routing"}),
    "LeaveRefused": frozenset({"routing"}),
    "LeaveGranted": frozenset({"routing"}),
    "Resumed": frozenset({"routing", "sla"}),
    "HelpAsked": frozenset({"routing"}),
    "HelpGiven": frozenset({"routing"}),
    "HelpCancelled": frozenset({"routing"}),
    "FileAdded": frozenset({"routing", "intake"}),
    "Added": frozenset({"intake"}),
    "Erased": frozenset({"intake"}),
}
