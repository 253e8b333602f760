"""What follows from a message: the log learns that an answer arrived or did not, and a step of the system's goes on.

Each decision is made on the dossier as it stands, and finds there what was recorded before: doing it twice, or by two
instances at once, records it once.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from services.notify.ledger import FAILED, SENT, Message, Outcome
from services.notify.rules import SYSTEM, THE_REPORTER
from shared.application.dossiers.retrying import on_fresh_state
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.domain.dossier.desk import Cause
from shared.domain.dossier.dossier import Dossier, evolve
from shared.domain.dossier.events import AnswerDelivered, Answered, DeliveryFailed, DossierEvent
from shared.domain.sop import engine
from shared.domain.sop.model import Action, Sop

SERVICE = "notify"
PORTAL = "portal"
EMAIL = "email"


def has_consequence(message: Message, event: DossierEvent) -> bool:
    """Whether the log must learn what became of a message."""
    return message.recipient == SYSTEM or (message.recipient == THE_REPORTER and isinstance(event, Answered))


def follow_up(runtime: Runtime, message: Message, outcome: Outcome) -> None:
    """Record what follows from a message's outcome, unless that was recorded before.

    :raises Conflict: if the dossier never stands still.
    """
    if message.recipient == SYSTEM:
        on_fresh_state(partial(_proceed, runtime, message))
    else:
        on_fresh_state(partial(_record_delivery, runtime, message, outcome))


def _record_delivery(runtime: Runtime, message: Message, outcome: Outcome) -> None:
    dossier, events = runtime.dossiers(SERVICE).open(message.dossier, message.tenant)
    answer = events[message.version - 1]
    if not isinstance(answer, Answered):
        raise TypeError(f"{answer.event_id} is no answer")
    if _recorded(events, AnswerDelivered, answer):
        return
    if outcome.state == SENT:
        runtime.dossiers(SERVICE).append([_delivered(runtime, dossier, answer, outcome.way or EMAIL)])
    elif not _recorded(events, DeliveryFailed, answer):
        runtime.dossiers(SERVICE).append(_failed(runtime, dossier, answer, outcome))


def _delivered(runtime: Runtime, dossier: Dossier, answer: Answered, way: str) -> DossierEvent:
    action = engine.system_action(_sop(runtime, dossier), dossier.step, "AnswerDelivered") if dossier.step else None
    own = {"answer": answer.originator_version, "by": way, "kind": answer.kind}
    return _event(runtime, dossier, answer, action, "AnswerDelivered", own)


def _failed(runtime: Runtime, dossier: Dossier, answer: Answered, outcome: Outcome) -> list[DossierEvent]:
    """What the SOP provides for it; a step that can but deliver goes on by way of the tracking page."""
    sop = _sop(runtime, dossier)
    action = engine.system_action(sop, dossier.step, "DeliveryFailed") if dossier.step else None
    own = {"answer": answer.originator_version, "by": outcome.way or EMAIL, "reason": outcome.reason or FAILED}
    failed = _event(runtime, dossier, answer, action, "DeliveryFailed", own)
    waits = dossier.step is not None and sop.step(dossier.step).automatic == "deliver"
    if action is not None or not waits or not _is_latest(dossier, answer):
        return [failed]
    return [failed, _delivered(runtime, evolve(dossier, failed), answer, PORTAL)]


def _event(
    runtime: Runtime,
    dossier: Dossier,
    answer: DossierEvent,
    action: Action | None,
    event_type: str,
    own: dict[str, Any],
) -> DossierEvent:
    """By the SOP's action, if it has one here for the answer that the dossier waits for; else as a mere entry."""
    desk = runtime.desk(dossier.tenant)
    caller = Caller.system(dossier.tenant, SERVICE)
    cause = Cause(correlation_id=answer.correlation_id, causation_id=answer.event_id)
    if action is None or not _is_latest(dossier, answer):
        return desk.note(dossier, event_type, caller, cause, own)
    return desk.act(dossier, action, caller, cause, own)


def _is_latest(dossier: Dossier, answer: DossierEvent) -> bool:
    return answer.originator_version == max(dossier.answered or 0, dossier.interim or 0)


def _recorded(
    events: Sequence[DossierEvent], kind: type[AnswerDelivered | DeliveryFailed], answer: DossierEvent
) -> bool:
    return any(isinstance(event, kind) and event.answer == answer.originator_version for event in events)


def _sop(runtime: Runtime, dossier: Dossier) -> Sop:
    return runtime.tenants.get(dossier.tenant).sops[dossier.sop_version]


def _proceed(runtime: Runtime, message: Message) -> None:
    """Leave a step of the system's that was there to notify, if the dossier still waits in it since that event."""
    dossier, events = runtime.dossiers(SERVICE).open(message.dossier, message.tenant)
    sop = _sop(runtime, dossier)
    entered = max(event.originator_version for event in events if event.promise is not None)
    if dossier.step is None or entered != message.version:
        return
    action = engine.automatic_action(sop.step(dossier.step))
    if action is None:
        return
    cause = Cause(correlation_id=events[entered - 1].correlation_id, causation_id=events[entered - 1].event_id)
    event = runtime.desk(dossier.tenant).act(dossier, action, Caller.system(dossier.tenant, SERVICE), cause)
    runtime.dossiers(SERVICE).append([event])
