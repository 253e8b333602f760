"""Why a clock is due when it is: the sum behind a promise, and what today's calendar would make of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from shared.domain.calendar.duration import Duration
from shared.domain.calendar.explanation import Explanation
from shared.domain.calendar.pause import Pause
from shared.domain.calendar.working import WorkingCalendar
from shared.domain.dossier.clocks import DossierClock
from shared.domain.dossier.events import DossierEvent, LeaveGranted
from shared.domain.dossier.leave import EXTENSION
from shared.domain.dossier.leave_terms import pauses_by_leave
from shared.domain.dossier.promise import CASE
from shared.domain.tenants import Tenant


@dataclass(frozen=True)
class ExplainedClock:
    """A clock's due time, explained.

    :param promised: the sum by the calendar that the promise was made with; by today's, if those records are gone.
    :param shared: whether the time is what another holder left of it; none may be left, see :attr:`promised`.
    :param exact: whether the promise's own calendar was still to be had.
    :param known_now: the due time that the decrees known now would give; none while the clock is paused.
    :param extensions: by which its due time was put off, in order.
    """

    clock: DossierClock
    promised: Explanation
    shared: bool
    exact: bool
    known_now: datetime | None
    extensions: tuple[LeaveGranted, ...] = ()


def explain_clock(
    clock: DossierClock, events: Iterable[DossierEvent], calendar: WorkingCalendar, language: str = "id"
) -> ExplainedClock:
    """Explain a clock of a dossier.

    :param events: the dossier's whole history, for the pauses.
    :param calendar: the tenant's, with all decrees.
    :param language: ``id`` or ``en``.
    :raises ValueError: if the clock has no standard to explain.
    """
    if clock.within is None:
        raise ValueError(f"clock {clock.id} has no standard")
    duration = Duration.parse(clock.within)
    history = list(events)
    pauses = pauses_of(clock, history)
    then = calendar.of_version(clock.calendar_version)
    start = clock.runs_from or clock.started_at
    promised = (then or calendar).explain(start, duration, pauses, language)
    paused = any(pause.ends is None for pause in pauses)
    extensions = _extensions(clock, history)
    known_now = None if paused else max(_known(calendar, start, duration, pauses, extensions), clock.started_at)
    return ExplainedClock(clock, promised, clock.runs_from is not None, then is not None, known_now, extensions)


def counting_view(clock: DossierClock, events: Sequence[DossierEvent], tenant: Tenant) -> dict[str, Any]:
    """What a clock's due time is counted by besides its standard, in the API's shape.

    :param events: the dossier's whole history.
    """
    return {
        "counted_from": tenant.local(clock.runs_from or clock.started_at),
        "pauses": [
            {"starts": tenant.local(pause.starts), "ends": tenant.local(pause.ends)}
            for pause in pauses_of(clock, events)
        ],
        "extended": bool(_extensions(clock, events)),
    }


def pauses_of(clock: DossierClock, events: Sequence[DossierEvent]) -> list[Pause]:
    """The stretches in which a clock stood still: by leave, or a case's while the reporter held the dossier."""
    if clock.target != CASE:
        return [_cut(pause, clock.ended_at) for pause in pauses_by_leave(clock.id, events)]
    pauses: list[Pause] = []
    began: DossierEvent | None = None
    for event in events:
        if event.occurred_at < clock.started_at or event.promise is None:
            continue
        if clock.ended_at is not None and event.occurred_at > clock.ended_at:
            break
        if began is None and event.status == "returned" and event.occurred_at <= clock.due_at:
            began = event
        elif began is not None and event.status != "returned":
            pauses.append(Pause(began.occurred_at, event.occurred_at, began.type))
            began = None
    if began is not None:
        pauses.append(Pause(began.occurred_at, None, began.type))
    return pauses


def _cut(pause: Pause, ended_at: datetime | None) -> Pause:
    """As far as the clock lived to see it."""
    if ended_at is None or (pause.ends is not None and pause.ends <= ended_at):
        return pause
    return replace(pause, ends=ended_at)


def _extensions(clock: DossierClock, events: Iterable[DossierEvent]) -> tuple[LeaveGranted, ...]:
    return tuple(
        event
        for event in events
        if isinstance(event, LeaveGranted)
        and event.kind == EXTENSION
        and event.clock == clock.id
        and event.due_at is not None
    )


def _known(
    calendar: WorkingCalendar,
    start: datetime,
    duration: Duration,
    pauses: Sequence[Pause],
    extensions: Sequence[LeaveGranted],
) -> datetime:
    """The due time by a calendar: what was given as an instant stays that, and only later pauses move it."""
    if not extensions:
        return calendar.due(start, duration, pauses)
    due_at = extensions[-1].until_at
    for pause in pauses:
        if pause.starts >= extensions[-1].occurred_at and pause.ends is not None:
            due_at = calendar.resume(due_at, pause.starts, pause.ends, duration)
    return due_at
