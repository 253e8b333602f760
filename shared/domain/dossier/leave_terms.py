"""What leave would do to a clock, and how much of it there may be."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from shared.domain.calendar.duration import Duration
from shared.domain.calendar.pause import Pause
from shared.domain.calendar.working import WorkingCalendar
from shared.domain.dossier.clocks import BREACHED, PAUSED, RUNNING, DossierClock, fold_clocks
from shared.domain.dossier.events import DossierEvent, LeaveAsked, LeaveGranted, LeaveRefused, Resumed
from shared.domain.dossier.leave import EXTENSION, PAUSE, LeaveType

Terms = tuple[datetime | None, datetime | None]
"""A clock's due time and warning under leave; none of both if it has breached: leave undoes nothing."""


def terms(calendar: WorkingCalendar, clock: DossierClock, kind: LeaveType, at: datetime, until: datetime) -> Terms:
    """What a clock's due time and warning become.

    :param at: when leave is given.
    :param until: until when; of an extension, the due time.
    :raises NoOpenTime: if the calendar has not that much open time within its horizon.
    """
    clock = clock.at(at)
    if clock.within is None or clock.state_at(at) == BREACHED:
        return None, None
    if kind == EXTENSION:
        return until, calendar.warn(clock.started_at, until, Duration.parse(clock.within))
    stands = replace(clock, paused_at=clock.paused_at or at, due_before=clock.due_before or clock.due_at)
    return _resumed(calendar, stands, until)


def resumed_early(calendar: WorkingCalendar, clock: DossierClock, at: datetime) -> DossierClock:
    """A clock set going at an instant, if leave has it stand still then: due later by what the pause covered so far."""
    clock = clock.at(at)
    if clock.due_before is None:
        return clock
    due_at, warn_at = _resumed(calendar, clock, at)
    return replace(clock, state=RUNNING, paused_at=None, due_before=None, due_at=due_at, warn_at=warn_at)


def latest(
    calendar: WorkingCalendar,
    clock: DossierClock,
    events: Sequence[DossierEvent],
    *,
    kind: LeaveType,
    most: Duration,
    at: datetime,
) -> datetime:
    """Until when leave may be given at most: all that was given for the same clock before counts.

    :param events: the dossier's history.
    :param most: of the SOP, for that kind.
    :raises NoOpenTime: if the calendar has not that much open time within its horizon.
    """
    clock = clock.at(at)
    if kind == EXTENSION:
        start, used = max(clock.due_at, at), _put_off(calendar, clock, events, most)
    else:
        start = clock.paused_at if clock.state == PAUSED and clock.paused_at else at
        ended = (pause for pause in pauses_by_leave(clock.id, events) if pause.starts < start)
        used = sum(calendar.elapsed(pause.starts, pause.ends or start, most) for pause in ended)
    whole = calendar.due(start, most)
    if not used:
        return whole
    left = calendar.elapsed(start, whole, most) - used
    if left <= 0:
        return start
    return calendar.add(start, left) if most.time == "working" else start + timedelta(seconds=left)


def pauses_by_leave(clock: str, events: Iterable[DossierEvent]) -> list[Pause]:
    """The stretches for which leave had a clock stand still, in order; an end may still be to come."""
    pauses: list[Pause] = []
    for event in events:
        last = pauses[-1] if pauses else None
        going_on = last is not None and last.ends is not None and event.occurred_at < last.ends
        if (
            isinstance(event, LeaveGranted)
            and event.kind == PAUSE
            and event.clock == clock
            and event.due_at is not None
        ):
            if last is not None and going_on:
                pauses[-1] = replace(last, ends=event.until_at, reason=event.why)
            else:
                pauses.append(Pause(event.occurred_at, event.until_at, event.why))
        elif last is not None and going_on and _ends(clock, event):
            pauses[-1] = replace(last, ends=event.occurred_at)
    return pauses


def open_request(events: Iterable[DossierEvent]) -> LeaveAsked | None:
    """The request for leave that waits to be decided: whoever has let go of the dossier waits for none."""
    found: LeaveAsked | None = None
    for event in events:
        if isinstance(event, LeaveAsked):
            found = event
        elif event.promise is not None or isinstance(event, LeaveGranted | LeaveRefused):
            found = None
    return found


def _resumed(calendar: WorkingCalendar, clock: DossierClock, at: datetime) -> tuple[datetime, datetime]:
    if clock.within is None or clock.paused_at is None or clock.due_before is None:
        raise ValueError(f"clock {clock.id} does not stand still by leave")
    duration = Duration.parse(clock.within)
    due_at = calendar.resume(clock.due_before, clock.paused_at, at, duration)
    return due_at, calendar.warn(clock.started_at, due_at, duration)


def _put_off(calendar: WorkingCalendar, clock: DossierClock, events: Iterable[DossierEvent], most: Duration) -> int:
    """By how many seconds of its kind the extensions so far have put off a clock's due time."""
    used = 0
    clocks: tuple[DossierClock, ...] = ()
    for event in events:
        if isinstance(event, LeaveGranted) and event.kind == EXTENSION and event.clock == clock.id and event.due_at:
            before = next(each for each in clocks if each.id == clock.id)
            used += calendar.elapsed(before.due_at, event.due_at, most)
        clocks = fold_clocks(clocks, event)
    return used


def _ends(clock: str, event: DossierEvent) -> bool:
    return event.promise is not None or (isinstance(event, Resumed) and event.clock == clock)
