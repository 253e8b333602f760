"""Clocks as a fold over the dossier's events: started, paused, resumed, satisfied, breached, cancelled.

No timer decides an outcome here: a clock is breached if and only if the event that ended it took effect after its
due time, whenever the scheduler ran. Durations late are computed where the event is decided (they need the
calendar) and kept in the event, so this fold needs nothing but events.
"""

from collections.abc import Iterable
from datetime import datetime

from shared.base.frozen import changed, maker
from shared.domain.dossier.clock import DossierClock
from shared.domain.dossier.events import (
    AnswerDelivered,
    Answered,
    ClockBreached,
    ClockWarned,
    Closed,
    DataAnswered,
    DataAsked,
    DeliveryFailed,
    DossierEvent,
    Erased,
    Escalated,
    Forwarded,
    HelpAsked,
    HelpCancelled,
    HelpGiven,
    Lapsed,
    LeaveGranted,
    Merged,
    Rejected,
    Reopened,
    Resumed,
    Transferred,
    Withdrawn,
)
from shared.domain.dossier.pausing import granted, noting, resumed
from shared.domain.dossier.promise import CASE, DATA, HELP, REPLY, Promise
from shared.domain.dossier.reaching import told_of
from shared.domain.dossier.states import BREACHED, CANCELLED, PAUSED, RUNNING, SATISFIED, ClockState
from shared.domain.sop.vocabulary import FINAL_STATUSES

__all__ = [
    "BREACHED",
    "CANCELLED",
    "PAUSED",
    "RUNNING",
    "SATISFIED",
    "DossierClock",
    "clocks_of",
    "fold_clocks",
    "fulfils",
    "next_firing",
]

_made = maker(DossierClock)
_CANCELLING = (Withdrawn, Lapsed, Closed, Rejected, Merged, Erased)


def fold_clocks(clocks: tuple[DossierClock, ...], event: DossierEvent) -> tuple[DossierClock, ...]:
    """The clocks after one more event."""
    if isinstance(event, ClockWarned):
        return tuple(_warn(c, event) if c.id == event.clock else c for c in clocks)
    if isinstance(event, Resumed):
        return tuple(resumed(c, event) if c.id == event.clock else c for c in clocks)
    if isinstance(event, ClockBreached):
        return tuple(_breach(c, event) if c.id == event.clock else c for c in clocks)
    if isinstance(event, Escalated):
        return tuple(_climb(c, event) if c.id == event.clock else c for c in clocks)
    clocks = _as_told(clocks, event)
    after = tuple(_after(clock.at(event.occurred_at), event) if clock.open else clock for clock in clocks)
    return after + tuple(_started(after, event))


def clocks_of(events: Iterable[DossierEvent]) -> tuple[DossierClock, ...]:
    """All clocks of a dossier, in the order in which they started."""
    clocks: tuple[DossierClock, ...] = ()
    for event in events:
        clocks = fold_clocks(clocks, event)
    return clocks


def next_firing(clock: DossierClock) -> datetime | None:
    """The next instant after which a timer has something to record of a clock; none if nothing is left.

    A clock that ended late while no timer ran still has its warning, its breach and its escalations until then to be
    recorded: the log then tells the same whether the scheduler slept or not.
    """
    stopped_at = clock.paused_at or clock.ended_at
    if clock.effect is not None:
        return clock.due_at if clock.open and clock.told and clock.paused_at is None else None
    about_leave = noting(clock)
    if about_leave is not None:
        return about_leave
    if clock.warn_at is not None and clock.warned_at is None and _reached(clock.warn_at, stopped_at):
        return clock.warn_at
    if not clock.breach_noted:
        return clock.due_at if _reached(clock.due_at, stopped_at) else None
    if clock.escalate_at is not None and _reached(clock.escalate_at, stopped_at):
        return clock.escalate_at
    return None


def fulfils(clock: DossierClock, event: DossierEvent) -> bool:
    """Whether an event is the one that a case clock waits for: no interim answer is, even delivered.

    Nor is the delivery of an answer from before a reopening. What of old says that it was, was: it was the rule then.
    """
    if isinstance(event, DeliveryFailed):
        return clock.ends == AnswerDelivered.__name__ and event.case_late_seconds is not None
    if clock.ends != event.type:
        return False
    if isinstance(event, AnswerDelivered) and event.case_late_seconds is None and event.answer <= _asked_anew(clock):
        return False
    return not isinstance(event, Answered | AnswerDelivered) or event.kind == "final"


def _asked_anew(clock: DossierClock) -> int:
    """Version of the event since which a case waits for its answer: its filing, or its latest reopening."""
    return max(int(clock.id.partition(":")[2]), clock.about or 0)


def _reached(instant: datetime, stopped_at: datetime | None) -> bool:
    return stopped_at is None or stopped_at > instant


def _started(clocks: tuple[DossierClock, ...], event: DossierEvent) -> Iterable[DossierClock]:
    help_ = event.help if isinstance(event, HelpAsked) else None
    data = event.data if isinstance(event, DataAsked) else None
    for promise in (event.promise, event.wait, event.case, help_, data):
        if promise is None or promise.due_at is None:
            continue
        if promise.target == CASE and any(c.target == CASE and c.open for c in clocks):
            continue
        yield _start(promise, promise.due_at, event.originator_version)


def _start(promise: Promise, due_at: datetime, version: int) -> DossierClock:
    return _made(
        {
            "id": f"{promise.target}:{version}",
            "target": promise.target,
            "step": promise.step,
            "actor": promise.actor,
            "agency": promise.agency,
            "within": promise.within,
            "started_at": promise.started_at,
            "promised_due_at": due_at,
            "due_at": due_at,
            "warn_at": promise.warn_at,
            "sop_version": promise.sop_version,
            "calendar_version": promise.calendar_version,
            "ends": promise.ends,
            "effect": promise.effect,
            "runs_from": promise.runs_from,
            "about": promise.about,
            "told": promise.told,
        }
    )


def _as_told(clocks: tuple[DossierClock, ...], event: DossierEvent) -> tuple[DossierClock, ...]:
    """The clocks by what an event says of telling: a wait is held, or free to run; a case was not fulfilled after all.

    What a carrier took may come back days later.
    """
    told = told_of(event)
    if told is not None:
        return tuple(changed(c, told=True) if _waits_for(c, told) else c for c in clocks)
    if not isinstance(event, DeliveryFailed):
        return clocks
    held = tuple(changed(c, told=False) if _waits_for(c, event.answer) else c for c in clocks)
    if event.status in FINAL_STATUSES or any(clock.target == CASE and clock.open for clock in clocks):
        return held
    return tuple(_unfulfilled(c) if c.target == CASE and c.about == event.answer else c for c in held)


def _waits_for(clock: DossierClock, version: int) -> bool:
    return clock.target == REPLY and clock.open and clock.about == version


def _unfulfilled(clock: DossierClock) -> DossierClock:
    state: ClockState = RUNNING if clock.breached_at is None else BREACHED
    return changed(clock, state=state, ended_at=None, late_seconds=None, about=None)


def _after(clock: DossierClock, event: DossierEvent) -> DossierClock:
    if clock.target == CASE:
        return _case_after(clock, event)
    if clock.target == DATA:
        return _data_after(clock, event)
    if clock.target == REPLY and clock.effect == event.type and (event.promise or not isinstance(event, Forwarded)):
        return changed(
            clock,
            state=BREACHED if isinstance(event, Lapsed) else SATISFIED,
            ended_at=event.occurred_at,
            late_seconds=0,
        )
    if isinstance(event, _CANCELLING):
        return _cancel(clock, event)
    if clock.target == HELP:
        return _help_after(clock, event)
    if isinstance(event, LeaveGranted) and event.clock == clock.id:
        late = _late(clock, event.occurred_at)
        return late if late.state == BREACHED else granted(clock, event)
    if event.promise is not None:
        return _end(clock, event.occurred_at, event.late_seconds)
    if clock.target == REPLY and event.wait is not None:  # begun anew
        return _cancel(clock, event)
    return clock


def _help_after(clock: DossierClock, event: DossierEvent) -> DossierClock:
    """Another agency's part: whatever becomes of the dossier's steps, it runs until it is given or called off."""
    if not isinstance(event, HelpGiven | HelpCancelled) or clock.id != f"{HELP}:{event.part}":
        return clock
    return _end(clock, event.occurred_at, event.late_seconds) if isinstance(event, HelpGiven) else _cancel(clock, event)


def _data_after(clock: DossierClock, event: DossierEvent) -> DossierClock:
    """What was asked about one's data is owed whatever becomes of the complaint, until nothing of it is left."""
    if isinstance(event, Erased):
        return _cancel(clock, event)
    if isinstance(event, DataAnswered) and clock.id == f"{DATA}:{event.asked}":
        return _end(clock, event.occurred_at, event.answered_late_seconds)
    return clock


def _case_after(clock: DossierClock, event: DossierEvent) -> DossierClock:
    if fulfils(clock, event):
        ended = _end(clock, event.occurred_at, event.case_late_seconds)
        return changed(ended, about=event.answer) if isinstance(event, AnswerDelivered) else ended
    if isinstance(event, _CANCELLING):
        return _cancel(clock, event)
    if isinstance(event, Reopened):
        clock = changed(clock, about=event.originator_version)
    if event.case is not None and clock.state == PAUSED and event.case.due_at is not None:
        return changed(clock, state=RUNNING, paused_at=None, due_at=event.case.due_at, warn_at=event.case.warn_at)
    if event.promise is not None and _rests(event) and clock.state == RUNNING:
        late = _late(clock, event.occurred_at)
        return late if late.state == BREACHED else changed(clock, state=PAUSED, paused_at=event.occurred_at)
    return clock


def _rests(event: DossierEvent) -> bool:
    """Whether the case is in others' hands after an event: its reporter's, or another authority's."""
    return event.status == "returned" or (isinstance(event, Transferred) and event.rests)


def _late(clock: DossierClock, at: datetime) -> DossierClock:
    """A clock that has run past its due time has breached, also before anybody has noted that."""
    if clock.state != RUNNING or at <= clock.due_at:
        return clock
    return changed(clock, state=BREACHED, breached_at=clock.due_at)


def _warn(clock: DossierClock, event: ClockWarned) -> DossierClock:
    if clock.missed_warn_at is not None:
        return changed(clock, missed_warn_at=None)
    return changed(clock, warned_at=event.occurred_at)


def _breach(clock: DossierClock, event: ClockBreached) -> DossierClock:
    return changed(clock, state=BREACHED, breached_at=event.occurred_at, breach_noted=True)


def _climb(clock: DossierClock, event: Escalated) -> DossierClock:
    return changed(clock, escalated=clock.escalated + 1, escalate_at=event.next_at)


def _cancel(clock: DossierClock, event: DossierEvent) -> DossierClock:
    late = clock.state == BREACHED or (clock.state == RUNNING and clock.told and event.occurred_at > clock.due_at)
    if late:
        return _end(clock, event.occurred_at, _late_seconds(clock, event))
    return changed(_unpaused(clock), state=CANCELLED, ended_at=event.occurred_at)


def _late_seconds(clock: DossierClock, event: DossierEvent) -> int | None:
    """How late a clock was, as far as the event that ends it says so: of another agency's part the end says nothing."""
    if clock.target == DATA or (clock.target == HELP and not isinstance(event, HelpCancelled)):
        return None
    return event.case_late_seconds if clock.target == CASE else event.late_seconds


def _end(clock: DossierClock, at: datetime, late_seconds: int | None) -> DossierClock:
    if clock.state != PAUSED and clock.told and at > clock.due_at:
        return changed(
            clock,
            state=BREACHED,
            breached_at=clock.breached_at or clock.due_at,
            ended_at=at,
            late_seconds=late_seconds,
        )
    return changed(_unpaused(clock), state=SATISFIED, ended_at=at, late_seconds=0)


def _unpaused(clock: DossierClock) -> DossierClock:
    """A pause that the clock's own end has cut short has no end to be noted."""
    return changed(clock, paused_until=None) if clock.state == PAUSED else clock
