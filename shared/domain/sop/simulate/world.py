"""One playing of a month: desks with queues, people who work in office hours, complaints on their way."""

import heapq
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from shared.domain.calendar.pause import Pause
from shared.domain.calendar.working import WorkingCalendar
from shared.domain.sop import engine
from shared.domain.sop.model import Sop, Step
from shared.domain.sop.simulate.choosing import SimulatedCourse, choose
from shared.domain.sop.simulate.complaints import Complaint
from shared.domain.sop.simulate.plan import Plan
from shared.domain.sop.vocabulary import REPORTER, SYSTEM

Outcome = Literal["answered", "lapsed", "elsewhere", "open"]
ANSWERED: Final = "answered"
LAPSED: Final = "lapsed"
ELSEWHERE: Final = "elsewhere"
OPEN: Final = "open"
_LONGEST = timedelta(days=366)
_MOST_MOVES = 200


@dataclass
class PlayedDesk:
    """Those who hold one role in one agency.

    :param people: how many work there.
    :param busy: how many of them work now.
    :param worked: how long they have worked, in working seconds.
    :param waited: how long complaints have lain before somebody took them up, in working seconds.
    """

    people: int
    busy: int = 0
    queue: deque["PlayedCase"] = field(default_factory=deque)
    visits: int = 0
    late: int = 0
    longest: int = 0
    worked: int = 0
    waited: int = 0


@dataclass
class PlayedCase:
    """One complaint on its way.

    :param pauses: when the reporter held it: the bound on the whole case stands still then.
    """

    complaint: Complaint
    step: str
    entered: datetime
    course: SimulatedCourse = field(default_factory=SimulatedCourse)
    late_steps: int = 0
    pauses: list[Pause] = field(default_factory=list)
    visit: int = 0
    outcome: Outcome = OPEN
    ended: datetime | None = None


@dataclass
class Playing:
    """The playing itself.

    :param calendar: by which people work and standards run.
    """

    sop: Sop
    calendar: WorkingCalendar
    plan: Plan
    desks: dict[str, PlayedDesk] = field(default_factory=dict)
    cases: list[PlayedCase] = field(default_factory=list)
    _agenda: list[tuple[datetime, int, str, PlayedCase]] = field(default_factory=list)
    _count: int = 0

    def play(self, complaints: Iterable[Complaint]) -> "Playing":
        """Play until every complaint is answered, gone, or older than a year."""
        for complaint in complaints:
            case = PlayedCase(complaint, self.sop.start, complaint.filed_at)
            self.cases.append(case)
            self._at(complaint.filed_at, "enter", case)
        until = max((case.entered for case in self.cases), default=self.plan.start) + _LONGEST
        while self._agenda and self._agenda[0][0] <= until:
            at, _, what, case = heapq.heappop(self._agenda)
            if what == "enter":
                self._enter(case, at)
            elif what == "free":
                self._free(case, at)
            else:
                self._leave(case, at)
        return self

    def _at(self, at: datetime, what: str, case: PlayedCase) -> None:
        self._count += 1
        heapq.heappush(self._agenda, (at, self._count, what, case))

    def _enter(self, case: PlayedCase, at: datetime) -> None:
        step = self.sop.step(case.step)
        case.entered = at
        case.visit = case.course.visit(step.id)
        if sum(case.course.visits.values()) > _MOST_MOVES:
            return
        if step.actor == SYSTEM:
            self._leave(case, at)
        elif step.actor == REPORTER:
            self._reporter(case, step, at)
        elif step.timeout is not None:
            case.outcome, case.ended = ELSEWHERE, at
        else:
            desk = self._desk(case, step)
            desk.visits += 1
            desk.queue.append(case)
            self._take_up(desk, at)
            desk.longest = max(desk.longest, len(desk.queue))

    def _reporter(self, case: PlayedCase, step: Step, at: datetime) -> None:
        """The reporter completes it after a while, or lets it lapse."""
        if case.complaint.silent:
            case.outcome, case.ended = LAPSED, at
            return
        wait = timedelta(days=self.plan.reply_days) * case.complaint.difficulty
        if step.timeout is not None and at + wait > self.calendar.due(at, step.timeout.after):
            case.outcome, case.ended = LAPSED, at
            return
        case.pauses.append(Pause(at, at + wait, "reporter"))
        self._at(at + wait, "leave", case)

    def _take_up(self, desk: PlayedDesk, at: datetime) -> None:
        while desk.queue and desk.busy < desk.people:
            case = desk.queue.popleft()
            step = self.sop.step(case.step)
            handling = self.plan.handling_of(self.sop, step)
            key = f"{step.id}:{case.visit}"
            seconds = round(60 * case.complaint.minutes(handling, f"hands:{key}", handling.minutes))
            delay = round(60 * case.complaint.minutes(handling, f"delay:{key}", handling.delay))
            done = self.calendar.add(at, seconds)
            desk.busy += 1
            desk.worked += seconds
            desk.waited += self.calendar.between(case.entered, at)
            self._at(done, "free", case)
            self._at(self.calendar.add(done, delay) if delay else done, "leave", case)

    def _free(self, case: PlayedCase, at: datetime) -> None:
        desk = self._desk(case, self.sop.step(case.step))
        desk.busy -= 1
        self._take_up(desk, at)

    def _leave(self, case: PlayedCase, at: datetime) -> None:
        step = self.sop.step(case.step)
        if step.within is not None and step.actor not in (SYSTEM, REPORTER):
            late = at > self.calendar.due(case.entered, step.within)
            self._desk(case, step).late += late
            case.late_steps += late
        # After the lateness: a return changes which agency's desk it is.
        action = engine.automatic_action(step) or choose(step, case.complaint, case.course, self.plan.odds)
        if action is None:
            return
        if action.event == "Answered" and action.kind == "final":
            case.outcome, case.ended = ANSWERED, at
            return
        target = engine.next_step(self.sop, step.id, action)
        if target is None:
            case.outcome, case.ended = LAPSED, at
            return
        case.step = target.id
        self._at(at, "enter", case)

    def _desk(self, case: PlayedCase, step: Step) -> PlayedDesk:
        name = desk_name(self.sop, step, self._agency(case))
        return self.desks.setdefault(name, PlayedDesk(self.plan.desks.get(step.actor, 1)))

    def _agency(self, case: PlayedCase) -> int:
        """The right agency, or its neighbour while the complaint is wrongly disposed."""
        wrong = case.complaint.wrong_agency and "wrong_agency" not in case.course.done and _can_return(self.sop)
        return (case.complaint.agency + wrong) % self.plan.agencies


def desk_name(sop: Sop, step: Step, agency: int) -> str:
    """A desk's name: the role, and the agency's number where the role belongs to one."""
    return f"{step.actor}@{agency + 1}" if sop.actor(step.actor).scope == "agency" else step.actor


def standard_kept(sop: Sop, calendar: WorkingCalendar, case: PlayedCase) -> bool:
    """Whether an answered case kept the SOP's bound on the whole case; where it has none, each step's own."""
    if case.ended is None or case.outcome != ANSWERED:
        return False
    if sop.case is None:
        return case.late_steps == 0
    return case.ended <= calendar.due(case.complaint.filed_at, sop.case.within, case.pauses)


def _can_return(sop: Sop) -> bool:
    whys = (action.why for step in sop.steps if sop.actor(step.actor).scope == "agency" for action in step.actions)
    return "wrong_agency" in whys
