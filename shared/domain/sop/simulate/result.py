"""What came of the playings, and how two SOPs compare on the same complaints."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, median, quantiles

from shared.domain.calendar.working import WorkingCalendar
from shared.domain.sop.model import Sop
from shared.domain.sop.simulate.complaints import complaints
from shared.domain.sop.simulate.plan import Plan
from shared.domain.sop.simulate.world import ANSWERED, ELSEWHERE, LAPSED, Outcome, Playing, standard_kept


@dataclass(frozen=True)
class Spread:
    """A figure over all playings.

    :param mean: its mean.
    :param low: a twentieth of the playings lie below.
    :param high: a twentieth of the playings lie above.
    """

    mean: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """The spread of some values; all zero if there are none."""
        if len(values) < 2:
            only = values[0] if values else 0.0
            return cls(only, only, only)
        cuts = quantiles(values, n=20, method="inclusive")
        return cls(fmean(values), cuts[0], cuts[-1])


@dataclass(frozen=True)
class DeskResult:
    """One role, its agencies taken together.

    :param actor: the role.
    :param busy: the share of the working time in which the busiest desk of the role works.
    :param queue: how many complaints lie there waiting on average, over all agencies.
    :param longest: the longest queue at any desk.
    :param wait_minutes: how long a complaint waits before it is taken up, on average, in working minutes.
    :param late: the share of visits that exceeded the step's standard.
    """

    actor: str
    visits: Spread
    busy: Spread
    queue: Spread
    longest: Spread
    wait_minutes: Spread
    late: Spread


@dataclass(frozen=True)
class Result:
    """A month under an SOP.

    :param within: the share of the filed complaints that were answered within the standard.
    :param hours: the median working time from filing to the answer, in hours.
    :param bottleneck: the role before which complaints lie longest, all together; none if nothing ever waits.
    """

    tenant: str
    runs: int
    filed: Spread
    answered: Spread
    lapsed: Spread
    elsewhere: Spread
    within: Spread
    hours: Spread
    desks: tuple[DeskResult, ...]
    bottleneck: str | None


def simulate(sop: Sop, calendar: WorkingCalendar, plan: Plan) -> Result:
    """Play a month under an SOP as often as the plan says.

    :raises NoOpenTime: if the calendar has no working time.
    """
    worlds = [Playing(sop, calendar, plan).play(complaints(plan, run, calendar.zone)) for run in range(plan.runs)]
    desks = tuple(_desks(sop, calendar, plan, worlds))
    waiting = {desk.actor: desk.queue.mean for desk in desks}
    longest = max(waiting, key=lambda actor: waiting[actor], default=None)
    return Result(
        tenant=sop.tenant,
        runs=plan.runs,
        filed=Spread.of([float(len(world.cases)) for world in worlds]),
        answered=Spread.of([_share(world, ANSWERED) for world in worlds]),
        lapsed=Spread.of([_share(world, LAPSED) for world in worlds]),
        elsewhere=Spread.of([_share(world, ELSEWHERE) for world in worlds]),
        within=Spread.of([_within(world) for world in worlds]),
        hours=Spread.of([hours for world in worlds for hours in _hours(world)]),
        desks=desks,
        bottleneck=longest if longest is not None and waiting[longest] > 0 else None,
    )


def _share(world: Playing, outcome: Outcome) -> float:
    return sum(case.outcome == outcome for case in world.cases) / max(len(world.cases), 1)


def _within(world: Playing) -> float:
    kept = sum(standard_kept(world.sop, world.calendar, case) for case in world.cases)
    return kept / max(len(world.cases), 1)


def _hours(world: Playing) -> Iterator[float]:
    spans = [
        world.calendar.between(case.complaint.filed_at, case.ended) / 3600
        for case in world.cases
        if case.outcome == ANSWERED and case.ended is not None
    ]
    if spans:
        yield median(spans)


def _desks(sop: Sop, calendar: WorkingCalendar, plan: Plan, worlds: Sequence[Playing]) -> Iterator[DeskResult]:
    actors = dict.fromkeys(step.actor for step in sop.steps)
    for actor in actors:
        figures = [_figures(actor, calendar, plan, world) for world in worlds]
        if any(figure[0] for figure in figures):
            yield DeskResult(actor, *(Spread.of(list(column)) for column in zip(*figures, strict=True)))


def _figures(actor: str, calendar: WorkingCalendar, plan: Plan, world: Playing) -> tuple[float, ...]:
    desks = [desk for name, desk in world.desks.items() if name.partition("@")[0] == actor]
    ends = [case.ended for case in world.cases if case.ended is not None]
    span = max(calendar.between(plan.start, max(ends, default=plan.start)), 1)
    visits = sum(desk.visits for desk in desks)
    waited = sum(desk.waited for desk in desks)
    return (
        float(visits),
        max((desk.worked / (span * desk.people) for desk in desks), default=0.0),
        waited / span,
        float(max((desk.longest for desk in desks), default=0)),
        waited / 60 / max(visits, 1),
        sum(desk.late for desk in desks) / max(visits, 1),
    )
