"""What follows from a message: the log learns whether the reporter was told, and a step of the system's goes on.

Each decision is made on the dossier as it stands, and finds there what was recorded before: doing it twice, or by two
instances at once, records it once.
"""

from dataclasses import replace
from functools import partial
from typing import Final

from services.notify.carried import came_to
from services.notify.ledger import FAILED, SENT, Message, Outcome
from services.notify.rules import SYSTEM, THE_REPORTER
from shared.application.dossiers.retrying import on_fresh_state
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.domain.dossier.desk import Cause
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.events import DossierEvent
from shared.domain.dossier.reaching import FILED, must_be_told, told_of
from shared.domain.dossier.telling_desk import not_told, told
from shared.domain.sop import engine
from shared.domain.sop.model import Sop
from shared.domain.sop.vocabulary import Way

SERVICE = "notify"
EMAIL: Final = "email"
_CARRIED: Final[tuple[Way, ...]] = ("whatsapp", "sms", "channel")
NONE: Final = "none"
"""The way of what could not even be tried."""


def has_consequence(message: Message, event: DossierEvent, outcome: Outcome | None = None) -> bool:
    """Whether the log must learn what became of a message.

    That a receipt arrived is in the ledger, and nothing hangs on it; that it did not, a desk must know.

    :param outcome: what became of it, if that is known.
    """
    if message.recipient == SYSTEM:
        return True
    if message.recipient != THE_REPORTER or not must_be_told(event):
        return False
    return outcome is None or outcome.state == FAILED or (outcome.state == SENT and event.type != FILED)


def follow_up(runtime: Runtime, message: Message, outcome: Outcome) -> None:
    """Record what follows from a message's outcome, unless that was recorded before.

    :raises Conflict: if the dossier never stands still.
    """
    if message.recipient == SYSTEM:
        on_fresh_state(partial(_proceed, runtime, message))
    else:
        on_fresh_state(partial(_record, runtime, message, outcome))


def bounced(runtime: Runtime, message: Message, reason: str) -> None:
    """Record that what a carrier had taken came back, unless the reporter was told in another way or erased.

    :param reason: a code.
    :raises Conflict: if the dossier never stands still.
    """
    on_fresh_state(partial(_take_back, runtime, message, reason))


def _record(runtime: Runtime, message: Message, outcome: Outcome) -> None:
    dossier, events = runtime.dossiers(SERVICE).open(message.dossier, message.tenant)
    event = events[message.version - 1]
    known = dossier.reaching
    carried = _carried_by(events, message.version) if outcome.state == FAILED else None
    if message.version in known.told and carried is not None:
        # It counted as told since a carrier had taken it, and is tried again since that has proved wrong.
        _take_back(runtime, replace(message, way=carried), outcome.reason or FAILED)
        return
    if message.version in known.told or (outcome.state == FAILED and message.version in known.failed):
        return
    if outcome.state == FAILED and dossier.erased:  # while the letter was on its way: nobody is to be reached any more
        return
    desk, caller, cause = runtime.desk(dossier.tenant), Caller.system(dossier.tenant, SERVICE), _because_of(event)
    if outcome.state == SENT:
        entry = told(desk, dossier, event, outcome.way or EMAIL, caller, cause)
    else:
        way = outcome.way or NONE
        with runtime.database.autocommit() as cursor:
            after = came_to(cursor, message, way)
        entry = not_told(desk, dossier, event, way, outcome.reason or FAILED, caller, cause, after=after)
    runtime.dossiers(SERVICE).append([entry])


def _take_back(runtime: Runtime, message: Message, reason: str) -> None:
    dossier, events = runtime.dossiers(SERVICE).open(message.dossier, message.tenant)
    event = events[message.version - 1]
    way = message.way or EMAIL
    otherwise = message.version in dossier.reaching.told and _told_by(events, message.version) != way
    if otherwise or dossier.erased or message.version in dossier.reaching.failed:
        return
    caller = Caller.system(dossier.tenant, SERVICE)
    desk = runtime.desk(dossier.tenant)
    entry = not_told(desk, dossier, event, way, reason, caller, _because_of(event), after="accepted")
    runtime.dossiers(SERVICE).append([entry])


def _told_by(events: list[DossierEvent], version: int) -> str:
    """The way in which the reporter was last told of an event."""
    ways = [str(getattr(event, "by", "")) for event in events if told_of(event) == version]
    return ways[-1]


def _carried_by(events: list[DossierEvent], version: int) -> Way | None:
    """The channel by which the reporter was last told of an event, by its carrier's word alone; none if otherwise."""
    last = next((event for event in reversed(events) if told_of(event) == version), None)
    if last is None or last.actor != SYSTEM:
        return None
    return next((way for way in _CARRIED if way == getattr(last, "by", "")), None)


def _because_of(event: DossierEvent) -> Cause:
    return Cause(correlation_id=event.correlation_id, causation_id=event.event_id)


def _sop(runtime: Runtime, dossier: Dossier) -> Sop:
    return runtime.tenants.get(dossier.tenant).sop_of(dossier.sop_version)


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
    caller, cause = Caller.system(dossier.tenant, SERVICE), _because_of(events[entered - 1])
    event = runtime.desk(dossier.tenant).act(dossier, action, caller, cause)
    runtime.dossiers(SERVICE).append([event])
