"""In whose hands a dossier was, from when to when, how late they let go, and to whom the time is charged.

A dossier that comes back (from the wrong agency, from outside the authority, for rework) was sent on in vain: the time
until it came back is charged to whoever had sent it. The next holder's own clock starts when it receives.
"""

from collections.abc import Sequence
from typing import Any

from shared.domain.dossier.events import (
    ClockBreached,
    Dispositioned,
    DossierEvent,
    LeaveGranted,
    Recalled,
    Resumed,
    Returned,
)
from shared.domain.dossier.leave import PAUSE
from shared.domain.dossier.promise import STEP, Promise
from shared.domain.sop.vocabulary import FINAL_STATUSES
from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.projection import Row

COLUMNS = (
    "dossier",
    "version",
    "tenant",
    "month",
    "step",
    "actor",
    "agency",
    "since",
    "until",
    "due_at",
    "within",
    "paused_at",
    "left_by",
    "working_seconds",
    "late_seconds",
    "breached",
    "imposed",
    "charged_actor",
    "charged_agency",
)

_LEAVE = (LeaveGranted, Resumed)
TOUCHING = (ClockBreached, *_LEAVE)
"""Events that change a holding without moving the dossier."""
_IN_VAIN = frozenset({"wrong_agency", "out_of_authority", "rework"})


def holdings_after(holdings: Sequence[Row], event: DossierEvent, recorded: RecordedEvent, month: str) -> list[Row]:
    """A dossier's holdings after one more event; the working time of what has ended is still to be told.

    :param holdings: in the order in which they began.
    :param month: in which the complaint was filed.
    """
    if isinstance(event, ClockBreached):
        return [_seen_late(holding, event) for holding in holdings]
    if isinstance(event, _LEAVE):
        return [_with_leave(holding, event) for holding in holdings]
    if event.promise is None and event.status not in FINAL_STATUSES:
        return list(holdings)
    after = [_ended(holding, event) if holding["until"] is None else holding for holding in holdings]
    if event.promise is not None and _in_vain(event):
        after = _charged(after, event, event.promise)
    if event.promise is not None and event.status not in FINAL_STATUSES:
        after.append(_begun(event, event.promise, recorded, month))
    return after


def _in_vain(event: DossierEvent) -> bool:
    """Whether it was sent there for nothing: it came back, or its sender took it back."""
    return isinstance(event, Recalled) or (isinstance(event, Returned) and event.why in _IN_VAIN)


def _with_leave(holding: Row, event: LeaveGranted | Resumed) -> Row:
    """The due time as it is now; while a clock stands still, nobody gets later."""
    if event.clock != f"{STEP}:{holding['version']}":
        return holding
    if isinstance(event, Resumed):
        return {**holding, "due_at": event.due_at, "paused_at": None}
    if event.due_at is None:  # it had breached before: leave explains that, and undoes nothing
        return holding
    paused_at = event.occurred_at if event.kind == PAUSE else holding["paused_at"]
    return {**holding, "due_at": event.due_at, "paused_at": paused_at}


def _begun(event: DossierEvent, promise: Promise, recorded: RecordedEvent, month: str) -> dict[str, Any]:
    return {
        "dossier": recorded.dossier,
        "version": recorded.version,
        "tenant": event.tenant,
        "month": month,
        "step": promise.step,
        "actor": promise.actor,
        "agency": promise.agency,
        "since": promise.started_at,
        "until": None,
        "due_at": promise.due_at,
        "within": promise.within,
        "paused_at": None,
        "left_by": None,
        "working_seconds": None,
        "late_seconds": None,
        "breached": False,
        "imposed": False,
        "charged_actor": promise.actor,
        "charged_agency": promise.agency,
    }


def _ended(holding: Row, event: DossierEvent) -> Row:
    late = event.late_seconds or 0
    return {
        **holding,
        "until": event.occurred_at,
        "paused_at": None,
        "left_by": event.type,
        "late_seconds": late,
        "breached": holding["breached"] or late > 0,
    }


def _seen_late(holding: Row, event: ClockBreached) -> Row:
    if event.target != STEP or event.clock != f"{STEP}:{holding['version']}":
        return holding
    return {**holding, "breached": True}


def _charged(holdings: Sequence[Row], event: DossierEvent, promise: Promise) -> list[Row]:
    """Charge what lies between the sender's letting go and the return to the sender."""
    sent = _sent(holdings, event, promise)
    if sent is None:
        return list(holdings)  # it had come from outside: nobody of the house is to blame
    charge = {
        "imposed": True,
        "charged_actor": holdings[sent]["actor"],
        "charged_agency": holdings[sent]["agency"],
    }
    return [
        {**holding, **charge} if place > sent and not holding["imposed"] else holding
        for place, holding in enumerate(holdings)
    ]


def _sent(holdings: Sequence[Row], event: DossierEvent, promise: Promise) -> int | None:
    """The place of the holding from which it had been sent: the latest of the step it comes back to.

    A disposition after that counts as the sending, whoever made it: the system's may come back to a person.
    """
    return max(
        (
            place
            for place, holding in enumerate(holdings[:-1])  # the last one is what comes back
            if holding["step"] == promise.step or (not _rework(event) and holding["left_by"] == Dispositioned.__name__)
        ),
        default=None,
    )


def _rework(event: DossierEvent) -> bool:
    return isinstance(event, Returned) and event.why == "rework"
