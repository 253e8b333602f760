"""Before and after: who was late as it was, and who would have been under a draft, desk by desk."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from shared.domain.calendar.working import WorkingCalendar
from shared.domain.sop.model import Sop
from shared.domain.sop.vocabulary import REPORTER, SYSTEM
from shared.domain.whatif.course import Course, StepVisit
from shared.domain.whatif.replay import DraftOnTrial

_HOUR = 3600

DeskName = tuple[str, str | None]


@dataclass
class Comparison:
    """The figures of both, as courses are counted.

    :param visits: stays in somebody's hands that have ended, by role and agency.
    :param assumed: steps of the draft that no history knows, with how often they were passed through.
    :param left_out: steps of the history that the draft did without.
    """

    draft: DraftOnTrial
    courses: int = 0
    visits: Counter[DeskName] = field(default_factory=Counter)
    late: Counter[DeskName] = field(default_factory=Counter)
    visits_after: Counter[DeskName] = field(default_factory=Counter)
    late_after: Counter[DeskName] = field(default_factory=Counter)
    cases: Counter[str] = field(default_factory=Counter)
    assumed: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    hours: list[float] = field(default_factory=list)
    hours_after: list[float] = field(default_factory=list)

    def count(self, course: Course) -> None:
        """Count one course, as it was and as it would have been."""
        self.courses += 1
        for visit in _in_hands(course):
            self.visits[visit.actor, visit.agency] += 1
            self.late[visit.actor, visit.agency] += visit.late
        if course.case_late is not None:
            self.cases["judged"] += 1
            self.cases["late"] += course.case_late
        replayed = self.draft.replay(course)
        for stay in replayed.stays:
            self.visits_after[stay.actor, stay.agency] += 1
            self.late_after[stay.actor, stay.agency] += stay.late
            self.assumed[stay.step] += stay.assumed
        if replayed.case_late is not None:
            self.cases["judged_after"] += 1
            self.cases["late_after"] += replayed.case_late
        self.left_out.update(replayed.left_out)
        if course.answered_at is not None:
            self.hours.append(self.draft.present.between(course.filed_at, course.answered_at) / _HOUR)
        if replayed.answered_at is not None:
            self.hours_after.append(self.draft.calendar.between(course.filed_at, replayed.answered_at) / _HOUR)

    def to_dict(self) -> dict[str, Any]:
        """As JSON; desks with the greatest change first."""
        return {
            "complaints": self.courses,
            "cases": {name: self.cases[name] for name in ("judged", "late", "judged_after", "late_after")},
            "median_hours": _median(self.hours),
            "median_hours_after": _median(self.hours_after),
            "desks": sorted(self._desks(), key=_by_change),
            "assumed": {step: count for step, count in sorted(self.assumed.items()) if count},
            "left_out": dict(sorted(self.left_out.items())),
        }

    def _desks(self) -> Iterator[dict[str, Any]]:
        for actor, agency in {**self.visits, **self.visits_after}:
            desk = (actor, agency)
            yield {
                "actor": actor,
                "agency": agency,
                "visits": self.visits[desk],
                "late": self.late[desk],
                "visits_after": self.visits_after[desk],
                "late_after": self.late_after[desk],
            }


def compared(sop: Sop, present: WorkingCalendar, calendar: WorkingCalendar, courses: Sequence[Course]) -> Comparison:
    """What a draft changes of some courses.

    :param sop: the draft, or the present one where only the calendar is tried.
    :param present: the calendar as it is.
    :param calendar: the draft's, or the same.
    :raises NoOpenTime: if the draft's calendar has no working time within its horizon.
    """
    comparison = Comparison(DraftOnTrial(sop, present, calendar, usual_seconds(present, courses)))
    for course in courses:
        comparison.count(course)
    return comparison


def usual_seconds(calendar: WorkingCalendar, courses: Iterable[Course]) -> dict[str, float]:
    """How long each role usually takes, in working seconds: the median of its stays."""
    taken: dict[str, list[int]] = defaultdict(list)
    for course in courses:
        for visit in _in_hands(course):
            if visit.left is not None:
                taken[visit.actor].append(calendar.between(visit.entered, visit.left))
    return {actor: median(spans) for actor, spans in taken.items()}


def _in_hands(course: Course) -> Iterator[StepVisit]:
    return (visit for visit in course.visits if visit.left is not None and visit.actor not in (SYSTEM, REPORTER))


def _by_change(row: dict[str, Any]) -> tuple[int, str, str]:
    return -abs(row["late_after"] - row["late"]), row["actor"], row["agency"] or ""


def _median(hours: Sequence[float]) -> float | None:
    return round(median(hours), 2) if hours else None
