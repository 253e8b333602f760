"""Which services may append which event: a service appends only what it decides."""

from typing import Final

OWNERS: Final[dict[str, frozenset[str]]] = {
    "ComplaintFiled": frozenset({"intake"}),
    "Classified": frozenset({"intake", "routing"}),
    "Supplemented": frozenset({"intake"}),
    "Withdrawn": frozenset({"intake"}),
    "Lapsed": frozenset({"sla"}),
    "Dispositioned": frozenset({"routing"}),
    "Returned": frozenset({"routing"}),
    "Forwarded": frozenset({"routing", "notify"}),
    "Answered": frozenset({"routing"}),
    "AnswerDelivered": frozenset({"notify"}),
    "DeliveryFailed": frozenset({"notify"}),
    "Replied": frozenset({"intake"}),
    "Reopened": frozenset({"intake"}),
    "Rated": frozenset({"intake"}),
    "Closed": frozenset({"intake", "sla"}),
    "Transferred": frozenset({"routing"}),
    "ClockWarned": frozenset({"sla"}),
    "ClockBreached": frozenset({"sla"}),
    "Escalated": frozenset({"sla"}),
    "Merged": frozenset({"routing"}),
    "Erased": frozenset({"intake"}),
}
