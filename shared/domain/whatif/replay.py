"""A course replayed under a draft: it comes in as it did, each desk takes as long as it took, and lets it go as it did.

What the draft has and the history has not, a new desk say, takes what is usual there; what the draft has no more is
left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from shared.domain.calendar.pause import Pause
from shared.domain.calendar.working import WorkingCalendar
from shared.domain.sop import engine
from shared.domain.sop.model import Action, Sop, Step
from shared.domain.sop.simulate.plan import nominal_minutes
from shared.domain.sop.vocabulary import REPORTER, SAME, SYSTEM
from shared.domain.whatif.course import Course, StepVisit

_MOST_MOVES: Final = 80
_USUAL_SECONDS: Final = 600


@dataclass(frozen=True)
class Stay:
    """One stay under the draft.

    :param assumed: the history knows no such stay: how long it took is what is usual.
    """

    step: str
    actor: str
    agency: str | None
    late: bool
    assumed: bool


@dataclass
class Replayed:
    """What became of a course.

    :param answered_at: of the first final answer; none if it does not come to one.
    :param case_late: whether it broke the draft's bound on the whole case; none where that was not put to the test.
    :param left_out: steps that the history has and the draft has not, or that it did not come through.
    """

    stays: list[Stay] = field(default_factory=list)
    answered_at: datetime | None = None
    case_late: bool | None = None
    left_out: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class DraftOnTrial:
    """What is tried.

    :param present: by which what was worked is measured.
    :param calendar: under which it is worked now.
    :param usual: how long desks usually take, in working seconds, by actor: for steps without a history.
    """

    sop: Sop
    present: WorkingCalendar
    calendar: WorkingCalendar
    usual: Mapping[str, float]

    def replay(self, course: Course) -> Replayed:
        """Replay a course, as far as the history goes."""
        done = Replayed()
        at, left = course.filed_at, list(course.visits)
        step: Step | None = self.sop.step(self.sop.start)
        agency: str | None = None
        case_from: datetime | None = None
        pauses: list[Pause] = []
        dues: dict[str, datetime | None] = {}
        before: Step | None = None
        for _ in range(_MOST_MOVES):
            if step is None:
                break
            if self.sop.case is not None and self.sop.case.starts == step.id and case_from is None:
                case_from = at
            visit = _next(left, step.id, done)
            if visit is not None and visit.left is None:
                break  # so far it has come
            if visit is None and not left:
                break  # what comes then nobody knows
            agency = visit.agency if visit is not None and visit.agency else agency
            entered, at = at, self._leaves(step, visit, at)
            action = _action(self.sop, step, visit, left)
            if step.actor == REPORTER:
                pauses.append(Pause(entered, at, "reporter"))
            elif step.actor != SYSTEM:
                due = dues[step.id] = self._due(step, before, entered, dues)
                own = agency if self.sop.actor(step.actor).scope == "agency" else None
                done.stays.append(Stay(step.id, step.actor, own, due is not None and at > due, visit is None))
            before = step
            if action is None:
                break
            self._ends(done, action, case_from, at, pauses)
            step = engine.next_step(self.sop, step.id, action)
        done.left_out += [visit.step for visit in left if visit.left is not None]
        return done

    def _leaves(self, step: Step, visit: StepVisit | None, at: datetime) -> datetime:
        if visit is None:
            seconds = self.usual.get(step.actor, _usual(step)) if step.actor not in (SYSTEM, REPORTER) else 0.0
            return self.calendar.add(at, round(seconds)) if seconds else at
        assert visit.left is not None  # noqa: S101 - what goes on still is not replayed
        if step.actor in (SYSTEM, REPORTER):
            return at + (visit.left - visit.entered)
        worked = self.present.between(visit.entered, visit.left)
        by_the_wall = at + (visit.left - visit.entered)
        # Who let it go at night let it go later than their last working second: as long as it makes no difference.
        if self.calendar.between(at, by_the_wall) == worked:
            return by_the_wall
        return self.calendar.add(at, worked)

    def _due(
        self, step: Step, before: Step | None, entered: datetime, dues: Mapping[str, datetime | None]
    ) -> datetime | None:
        """When a step runs out; two that share one time are due together."""
        shared = before is not None and (before.id == step.shares or before.shares == step.id)
        due = dues.get(before.id) if before is not None and shared else None
        if due is not None:
            return max(due, entered)
        return self.calendar.due(entered, step.within) if step.within is not None else None

    def _ends(
        self, done: Replayed, action: Action, case_from: datetime | None, at: datetime, pauses: Sequence[Pause]
    ) -> None:
        if action.event == "Answered" and action.kind == "final" and done.answered_at is None:
            done.answered_at = at
        case = self.sop.case
        fulfils = case is not None and action.event == case.ends and action.kind in (None, "final")
        if case is not None and fulfils and case_from is not None and done.case_late is None:
            done.case_late = at > self.calendar.due(case_from, case.within, pauses)


def _next(left: list[StepVisit], step: str, done: Replayed) -> StepVisit | None:
    """The next stay of the history in a step; what was passed over is left out. None if there is no further one."""
    place = next((place for place, visit in enumerate(left) if visit.step == step), None)
    if place is None:
        return None
    done.left_out += [visit.step for visit in left[:place]]
    found = left[place]
    del left[: place + 1]
    return found


def _action(sop: Sop, step: Step, visit: StepVisit | None, left: Sequence[StepVisit]) -> Action | None:
    """How a step is left: as it was then, else towards where the history went on, else as is usual."""
    offered = [action for action in engine.candidates(sop, step.id) if action.to not in (SAME, step.id)]
    ahead = [each.step for each in left]
    if visit is not None:
        if (timeout := engine.timeout_action(step)) is not None and timeout.event == visit.event:
            return timeout
        same = [
            action
            for action in offered
            if action.event == visit.event and action.why == visit.why and (action.kind or visit.kind) == visit.kind
        ]
        if same:
            return next((action for action in same if action.to == visit.to), same[0])
        if visit.to is None:
            return None  # it ended in a way that the draft does not know
    own = [action for action in step.actions if action.to not in (SAME, step.id) and action.actor is None]
    onward = [action for action in own if action.event != "Returned"] or own
    return min(onward, key=lambda action: ahead.index(action.to) if action.to in ahead else len(ahead), default=None)


def _usual(step: Step) -> float:
    if step.within is None:
        return float(_USUAL_SECONDS)
    return min(nominal_minutes(step.within) * 30, 2700.0)
