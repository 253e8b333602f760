"""Making promises: due and warning times for a step, a wait and the whole case, by the SOP and the calendar."""

from dataclasses import replace
from datetime import datetime

from shared.domain.calendar.duration import Duration
from shared.domain.calendar.working import WorkingCalendar
from shared.domain.dossier.clocks import CANCELLED, DossierClock
from shared.domain.dossier.event_name import EventName
from shared.domain.dossier.promise import CASE, HELP, REPLY, STEP, Promise, Target
from shared.domain.sop.model import Help, Sop, Step


def step_promise(sop: Sop, calendar: WorkingCalendar, step: Step, agency: str | None, at: datetime) -> Promise:
    """What is promised on entering a step; without a due time where the SOP gives the step none.

    :param agency: the agency that will hold it, for actors that belong to one.
    :param at: when it enters.
    :raises NoOpenTime: if the calendar has no working time within its horizon.
    """
    return _promise(STEP, sop, calendar, step, agency, at, step.within)


def shared_promise(sop: Sop, step: Step, agency: str | None, at: datetime, clock: DossierClock) -> Promise:
    """What is left of the step before, where the SOP gives two holders one time: due when that one was.

    If the first of them has used up all of it, nothing is left; the second is late from receipt on, not from before.
    """
    due_at = max(clock.due_at, at)
    return Promise(
        target=STEP,
        step=step.id,
        actor=step.actor,
        agency=agency,
        started_at=at,
        due_at=due_at,
        warn_at=clock.warn_at if clock.warn_at is not None and clock.warn_at > at else None,
        within=clock.within,
        sop_version=sop.version,
        calendar_version=clock.calendar_version,
        runs_from=clock.runs_from or clock.started_at,
    )


def wait_promise(sop: Sop, calendar: WorkingCalendar, step: Step, agency: str | None, at: datetime) -> Promise | None:
    """The clock on the reporter's reply in a step that has a time-out; none where it has not."""
    if step.timeout is None:
        return None
    return _promise(REPLY, sop, calendar, step, agency, at, step.timeout.after, effect=step.timeout.event)


def case_promise(sop: Sop, calendar: WorkingCalendar, step: Step, at: datetime) -> Promise | None:
    """The clock of the whole case; none where the SOP states no overall bound or starts it elsewhere."""
    if sop.case is None or sop.case.starts != step.id:
        return None
    return _promise(CASE, sop, calendar, step, None, at, sop.case.within, ends=sop.case.ends)


def resumed_case(calendar: WorkingCalendar, clock: DossierClock, at: datetime) -> Promise:
    """The paused case clock set going again: due later by the time of its own kind that the pause covered."""
    if clock.paused_at is None or clock.within is None:
        raise ValueError(f"clock {clock.id} is not paused")
    duration = Duration.parse(clock.within)
    due_at = calendar.resume(clock.due_at, clock.paused_at, at, duration)
    return Promise(
        target=CASE,
        step=clock.step,
        actor=clock.actor,
        agency=clock.agency,
        started_at=clock.started_at,
        due_at=due_at,
        warn_at=calendar.warn(clock.started_at, due_at, duration),
        within=clock.within,
        ends=clock.ends,
        sop_version=clock.sop_version,
        calendar_version=calendar.version,
    )


def help_promise(sop: Sop, calendar: WorkingCalendar, step: Step, rule: Help, agency: str, at: datetime) -> Promise:
    """What is promised of another agency's part, beside the step in which it was asked for.

    :raises NoOpenTime: if the calendar has no working time within its horizon.
    """
    part = _promise(HELP, sop, calendar, step, agency, at, rule.within)
    return replace(part, actor=rule.given_by)


def revived_case(sop: Sop, calendar: WorkingCalendar, clock: DossierClock, at: datetime) -> Promise | None:
    """The clock of a case that had ended and is taken up again.

    What was in time goes on with what was left of it then, so that ending and reinstating a case wins nobody time; what
    was late already is on record, and starts anew.
    """
    if sop.case is None:
        return None
    if clock.state != CANCELLED or clock.ended_at is None or clock.within is None:
        return case_promise(sop, calendar, sop.step(sop.case.starts), at)
    return resumed_case(calendar, replace(clock, paused_at=clock.paused_at or clock.ended_at), at)


def late_seconds(calendar: WorkingCalendar, clock: DossierClock, at: datetime) -> int:
    """How late a clock is at an instant, in its standard's own kind of time; 0 while it is in time."""
    if clock.within is None or at <= clock.due_at:
        return 0
    return calendar.elapsed(clock.due_at, at, Duration.parse(clock.within))


def _promise(
    target: Target,
    sop: Sop,
    calendar: WorkingCalendar,
    step: Step,
    agency: str | None,
    at: datetime,
    within: Duration | None,
    *,
    ends: EventName | None = None,
    effect: EventName | None = None,
) -> Promise:
    due_at = calendar.due(at, within) if within is not None else None
    warn_at = None
    if due_at is not None and within is not None and effect is None:
        warn_at = calendar.warn(at, due_at, within)
    return Promise(
        target=target,
        step=step.id,
        actor=step.actor,
        agency=agency,
        started_at=at,
        due_at=due_at,
        warn_at=warn_at,
        within=str(within) if within is not None else None,
        ends=ends,
        effect=effect,
        sop_version=sop.version,
        calendar_version=calendar.version,
    )
