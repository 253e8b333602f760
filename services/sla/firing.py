"""What a timer records of a dossier: warnings, breaches, escalations, and what follows when a wait runs out.

Everything is decided from the dossier's own events and the present instant, and takes effect at the due time. So it
does not matter when the timer runs, how often, or how many run at once.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.domain.calendar.duration import Duration
from shared.domain.calendar.errors import NoOpenTime
from shared.domain.dossier.clocks import DossierClock, next_firing
from shared.domain.dossier.desk import Cause, Desk
from shared.domain.dossier.dossier import Dossier, evolve
from shared.domain.dossier.events import DossierEvent
from shared.domain.dossier.promise import DATA, HELP, STEP
from shared.domain.dossier.waiting import awaited_word
from shared.domain.sop import engine

log = logging.getLogger(__name__)

SERVICE = "sla"


def due_events(runtime: Runtime, dossier: Dossier, now: datetime | None = None) -> list[DossierEvent]:
    """The events that the dossier's clocks have due by now, in the order of the instants at which they take effect.

    :param now: the instant by which the caller found them due; the present one if left out.
    """
    now = now or runtime.clock.now()
    desk = runtime.desk(dossier.tenant)
    events: list[DossierEvent] = []
    idle: set[str] = set()
    while True:
        firing = _next(dossier.clocks, now, idle)
        if firing is None:
            return events
        fired = _fire(desk, dossier, *firing)
        if not fired:  # its SOP's file was given a shorter chain, or is gone
            idle.add(firing[1].id)
        for event in fired:
            events.append(event)
            dossier = evolve(dossier, event)


def _next(clocks: Iterable[DossierClock], now: datetime, idle: set[str]) -> tuple[datetime, DossierClock] | None:
    """The clock to fire next. At the due instant itself a clock is still in time, so only what lies before now."""
    firings = ((next_firing(clock), clock) for clock in clocks if clock.id not in idle)
    due = [(at, clock) for at, clock in firings if at is not None and at < now]
    return min(due, key=lambda each: (each[0], each[1].id), default=None)


def _fire(desk: Desk, dossier: Dossier, at: datetime, clock: DossierClock) -> list[DossierEvent]:
    caller = Caller.system(dossier.tenant, SERVICE)
    cause = Cause(correlation_id=f"clock:{dossier.id}:{clock.id}", causation_id=None)
    if clock.effect is not None:
        return _run_out(desk, dossier, clock, caller, cause, at)
    if at == clock.paused_until:
        over = {"clock": clock.id, "due_at": clock.due_at, "warn_at": clock.warn_at}
        return [desk.note(dossier, "Resumed", caller, cause, over, at)]
    about = {
        "clock": clock.id,
        "target": clock.target,
        "holder": clock.actor,
        "holder_agency": clock.agency,
        "due_at": clock.due_at,
    }
    if at == clock.missed_warn_at:
        return [desk.note(dossier, "ClockWarned", caller, cause, about, at)]
    if clock.breach_noted:
        return _escalate(desk, dossier, clock, caller, cause, about, at)
    if clock.warned_at is None and at == clock.warn_at:
        return [desk.note(dossier, "ClockWarned", caller, cause, about, at)]
    breach = desk.note(dossier, "ClockBreached", caller, cause, about, at)
    return [breach, *_escalate(desk, evolve(dossier, breach), clock, caller, cause, about, at)]


def _run_out(
    desk: Desk, dossier: Dossier, clock: DossierClock, caller: Caller, cause: Cause, at: datetime
) -> list[DossierEvent]:
    sop = desk.sop_of(dossier)
    awaited = clock.effect in engine.AWAITED
    action = awaited_word(sop, dossier) if awaited else engine.timeout_action(sop.step(clock.step))
    if action is None:
        # Nothing is done that nobody can read any more in the procedure; what it promised is told by `aduan sop check`.
        log.error(
            "a wait that has run out ends nothing: its SOP's file is gone, or no longer says what comes after it",
            extra={"tenant": dossier.tenant, "sop_version": dossier.sop_version, "step": clock.step},
        )
        return []
    if awaited:
        said: dict[str, Any] = {"missing": dossier.missing} if action.event == "Supplemented" else {}
        return [desk.act(dossier, action, caller, cause, said, at)]
    own = {"by": "timeout"} if action.event == "Closed" else {}
    return [desk.act(dossier, action, caller, cause, own, at)]


def _escalate(
    desk: Desk,
    dossier: Dossier,
    clock: DossierClock,
    caller: Caller,
    cause: Cause,
    about: dict[str, Any],
    at: datetime,
) -> list[DossierEvent]:
    """Bring a breach before the next of the step's chain, and set the instant for the one after.

    The first is told at the breach; each further one when as long again as the standard has passed in its own kind of
    time with the work still undone, and none where by the calendar that time never comes.
    """
    if clock.target not in (STEP, HELP, DATA):
        return []
    chain = desk.sop_of(dossier).step(clock.step).escalate_to
    if clock.escalated >= len(chain):
        return []
    next_at = None
    if clock.escalated + 1 < len(chain) and clock.within is not None:
        next_at = _as_long_again(desk, clock.within, at)
    own = {**about, "to_actor": chain[clock.escalated], "next_at": next_at}
    return [desk.note(dossier, "Escalated", caller, cause, own, at)]


def _as_long_again(desk: Desk, within: str, at: datetime) -> datetime | None:
    try:
        return desk.tenant.calendar.as_known(at).due(at, Duration.parse(within))
    except NoOpenTime as error:
        # The breach is one whatever the calendar says of the time after it.
        log.warning("a breach climbs no further: %s", error, extra={"tenant": desk.tenant.id})
        return None
