"""What follows from a message: the log learns that an answer arrived or did not, and a step of the system's goes on.

Each decision is made on the dossier as it stands, and finds there what was recorded before: doing it twice, or by two
instances at once, records it once.
"""

from collections.abc import Sequence
from functools import partial

from services.notify.ledger import FAILED, SENT, Message, Outcome
from services.notify.rules import SYSTEM, THE_REPORTER
from shared.caller import Caller
from shared.dossier.desk import Cause
from shared.dossier.dossier import Dossier
from shared.dossier.events import AnswerDelivered, Answered, DeliveryFailed, DossierEvent
from shared.dossier.retrying import on_fresh_state
from shared.runtime import Runtime
from shared.sop import engine
from shared.sop.model import Action, Sop

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
    answer = message.version
    if _recorded(events, answer, AnswerDelivered):
        return
    sop = runtime.tenants.get(dossier.tenant).sops[dossier.sop_version]
    recorded: list[DossierEvent] = []
    if outcome.state == SENT:
        action = _deliver_action(dossier, sop, answer)
        recorded.append(_event(runtime, dossier, events[answer - 1], action, "AnswerDelivered", outcome))
    elif not _recorded(events, answer, DeliveryFailed):
        action = _failure_action(dossier, sop, answer)
        recorded.append(_event(runtime, dossier, events[answer - 1], action, "DeliveryFailed", outcome))
    if recorded:
        runtime.dossiers(SERVICE).append(recorded)


def _event(
    runtime: Runtime, dossier: Dossier, answer: DossierEvent, action: Action | None, event_type: str, outcome: Outcome
) -> DossierEvent:
    desk = runtime.desk(dossier.tenant)
    caller = Caller.system(dossier.tenant, SERVICE)
    cause = Cause(correlation_id=answer.correlation_id, causation_id=answer.event_id)
    own = {"answer": answer.originator_version, "by": outcome.way or EMAIL}
    if event_type == "DeliveryFailed":
        own["reason"] = outcome.reason or FAILED
    if action is None:
        return desk.note(dossier, event_type, caller, cause, own)
    return desk.act(dossier, action, caller, cause, own)


def _recorded(events: Sequence[DossierEvent], answer: int, kind: type[AnswerDelivered | DeliveryFailed]) -> bool:
    return any(isinstance(event, kind) and event.answer == answer for event in events)


def _deliver_action(dossier: Dossier, sop: Sop, answer: int) -> Action | None:
    """The action by which the SOP takes note of a delivery; none where it is but an entry in the dossier."""
    if dossier.step is None or answer != max(dossier.answered or 0, dossier.interim or 0):
        return None
    return engine.system_action(sop, dossier.step, "AnswerDelivered")


def _failure_action(dossier: Dossier, sop: Sop, answer: int) -> Action | None:
    if dossier.step is None or answer != max(dossier.answered or 0, dossier.interim or 0):
        return None
    return engine.system_action(sop, dossier.step, "DeliveryFailed")


def _proceed(runtime: Runtime, message: Message) -> None:
    """Leave a step of the system's that was there to notify, if the dossier still waits in it since that event."""
    dossier, events = runtime.dossiers(SERVICE).open(message.dossier, message.tenant)
    sop = runtime.tenants.get(dossier.tenant).sops[dossier.sop_version]
    entered = max(event.originator_version for event in events if event.promise is not None)
    if dossier.step is None or entered != message.version:
        return
    action = engine.automatic_action(sop.step(dossier.step))
    if action is None:
        return
    cause = Cause(correlation_id=events[entered - 1].correlation_id, causation_id=events[entered - 1].event_id)
    event = runtime.desk(dossier.tenant).act(dossier, action, Caller.system(dossier.tenant, SERVICE), cause)
    runtime.dossiers(SERVICE).append([event])
