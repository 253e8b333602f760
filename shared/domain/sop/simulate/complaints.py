"""The month's complaints: drawn once, so that two SOPs can be given the very same."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from shared.domain.sop.simulate.plan import Handling, Plan

_HOURS = (1, 1, 1, 1, 1, 2, 4, 7, 10, 11, 11, 9, 7, 9, 9, 8, 6, 5, 5, 5, 5, 4, 3, 2)
"""How the complaints of a day spread over its hours: most by day, some at night. An assumption."""


@dataclass(frozen=True)
class Complaint:
    """One complaint, with everything about it that chance decides before any desk sees it.

    :param number: its number in the month.
    :param filed_at: when it came in.
    :param agency: which agency it is for in the end.
    :param difficulty: by how much it takes longer than the median, at every desk.
    :param seed: for the draws that depend on how often a desk sees it.
    """

    number: int
    filed_at: datetime
    agency: int
    difficulty: float
    incomplete: bool
    silent: bool
    wrong_agency: bool
    out_of_authority: bool
    simple: bool
    seed: int

    def minutes(self, handling: Handling, key: str, median: float) -> float:
        """How long something takes with this complaint; the same for the same key, whatever happened before."""
        if handling.sigma == 0 or median == 0:
            return median
        noise = Random(f"{self.seed}:{key}").gauss(0, handling.sigma / 2)
        return median * math.exp(noise + math.log(self.difficulty) * handling.sigma / 2)

    def happens(self, share: float, key: str) -> bool:
        """Whether something that happens so often does; the same for the same key."""
        return Random(f"{self.seed}:{key}").random() < share


def complaints(plan: Plan, run: int, zone: ZoneInfo) -> Iterator[Complaint]:
    """The complaints of one run, in the order in which they come in.

    :param run: which playing of the month; each has its own complaints.
    :param zone: in which hours of the day are meant.
    """
    chance = Random(f"{plan.seed}:{run}")
    weights = [1 / (place + 1) for place in range(plan.agencies)]
    first_day = plan.start.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    filed: list[datetime] = []
    for day in range(plan.days):
        for _ in range(_poisson(chance, plan.per_day)):
            [hour] = chance.choices(range(24), _HOURS)
            filed.append(first_day + timedelta(days=day, hours=hour, seconds=chance.randrange(3600)))
    for number, at in enumerate(sorted(filed), start=1):
        yield Complaint(
            number=number,
            filed_at=at,
            agency=chance.choices(range(plan.agencies), weights)[0],
            difficulty=math.exp(chance.gauss(0, 1)),
            incomplete=chance.random() < plan.odds.incomplete,
            silent=chance.random() < plan.odds.silent,
            wrong_agency=chance.random() < plan.odds.wrong_agency,
            out_of_authority=chance.random() < plan.odds.out_of_authority,
            simple=chance.random() < plan.odds.simple,
            seed=chance.getrandbits(48),
        )


def _poisson(chance: Random, mean: float) -> int:
    count, left = 0, chance.expovariate(1)
    while left < mean:
        count += 1
        left += chance.expovariate(1)
    return count
