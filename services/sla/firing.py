"""What a timer records of a dossier: warnings, breaches, escalations, and what follows when a wait runs out.

Everything is decided from the dossier's own events and the present instant, and takes effect at the due time. So it
does not matter when the timer runs, how often, or how many run at once.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from shared.caller import Caller
from shared.dossier.clocks import DossierClock, next_firing
from shared.dossier.desk import Cause, Desk
from shared.dossier.dossier import Dossier, evolve
from shared.dossier.events import DossierEvent
from shared.dossier.promise import STEP
from shared.runtime import Runtime
from shared.sop import engine

SERVICE = "sla"


def due_events(runtime: Runtime, dossier: Dossier) -> list[DossierEvent]:
    """The events that the dossier's clocks have due by now, in the order of the instants at which they take effect."""
    now = runtime.clock.now()
    desk = runtime.desk(dossier.tenant)
    events: list[DossierEvent] = []
    while True:
        firing = _next(dossier.clocks, now)
        if firing is None:
            return events
        for event in _fire(desk, dossier, *firing):
            events.append(event)
            dossier = evolve(dossier, event)


def _next(clocks: Iterable[DossierClock], now: datetime) -> tuple[datetime, DossierClock] | None:
    """The clock to fire next. At the due instant itself a clock is still in time, so only what lies before now."""
    due = [(at, clock) for clock in clocks if (at := next_firing(clock)) is not None and at < now]
    return min(due, key=lambda each: (each[0], each[1].id), default=None)


def _fire(desk: Desk, dossier: Dossier, at: datetime, clock: DossierClock) -> list[DossierEvent]:
    caller = Caller.system(dossier.tenant, SERVICE)
    cause = Cause(correlation_id=f"clock:{dossier.id}:{clock.id}", causation_id=None)
    if clock.effect is not None:
        return [_run_out(desk, dossier, clock, caller, cause, at)]
    about = {
        "clock": clock.id,
        "target": clock.target,
        "holder": clock.actor,
        "holder_agency": clock.agency,
        "due_at": clock.due_at,
    }
    if clock.warned_at is None and at == clock.warn_at:
        return [desk.note(dossier, "ClockWarned", caller, cause, about, at)]
    breach = desk.note(dossier, "ClockBreached", caller, cause, about, at)
    return [breach, *_escalate(desk, dossier, breach, clock, caller, cause, about, at)]


def _run_out(
    desk: Desk, dossier: Dossier, clock: DossierClock, caller: Caller, cause: Cause, at: datetime
) -> DossierEvent:
    action = engine.timeout_action(desk.sop_of(dossier).step(clock.step))
    if action is None:
        raise LookupError(f"step {clock.step} of SOP version {dossier.sop_version} has lost its time-out")
    own = {"by": "timeout"} if action.event == "Closed" else {}
    return desk.act(dossier, action, caller, cause, own, at)


def _escalate(
    desk: Desk,
    dossier: Dossier,
    breach: DossierEvent,
    clock: DossierClock,
    caller: Caller,
    cause: Cause,
    about: dict[str, Any],
    at: datetime,
) -> list[DossierEvent]:
    if clock.target != STEP:
        return []
    chain = desk.sop_of(dossier).step(clock.step).escalate_to
    if not chain:
        return []
    return [desk.note(evolve(dossier, breach), "Escalated", caller, cause, {**about, "to_actor": chain[0]}, at)]
