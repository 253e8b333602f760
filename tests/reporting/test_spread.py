"""How a month spreads over days, times and steps, against the same counted one by one."""

import math
import random
from collections import Counter
from itertools import pairwise
from typing import Any

from services.reporting.projection import RecapProjection
from services.reporting.public import FEWEST
from services.reporting.queries import recap
from services.reporting.spread import BINS, public_spread, spread
from shared.application.dossiers.codec import decode
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.domain.dossier.events import ComplaintFiled
from shared.store.projection.runner import apply_batch
from tests.reporting.stories import TENANTS, random_story, record

ADMIN = Caller("*", "admin", admin=True)
_CASES = "SELECT first_working, extract(epoch FROM answered_at - filed_at)::float8 FROM reporting.cases"
_TOOK = "SELECT step, coalesce(working_seconds, 0) FROM reporting.holdings"


def _rows(runtime: Runtime, statement: str, tenant: str, month: str, ended: str) -> list[tuple[Any, ...]]:
    with runtime.database.autocommit() as cursor:
        cursor.execute(f"{statement} WHERE tenant = %s AND month = %s AND {ended} IS NOT NULL", (tenant, month))
        return list(cursor.fetchall())


def test_a_month_spreads_as_can_be_counted_one_by_one(runtime: Runtime) -> None:
    """Of every government, with and without a standard in working time; also when it is asked again after a change."""
    source = random.Random(11)
    streams = [random_story(source, number) for number in range(40)]
    events = record(runtime.database, streams, source)
    for upto in (len(events) // 2, len(events)):
        apply_batch(runtime.database, RecapProjection(), decode, events[:upto])
        for tenant in TENANTS.all():
            month = "2026-10"
            told = spread(runtime, ADMIN, tenant.id, month)
            counted = recap(runtime, ADMIN, tenant.id, month)
            bins, working = told["first_answer"]["bins"], told["first_answer"]["working"]
            width = bins[0]["most"]
            took = [
                first if working else wall for first, wall in _rows(runtime, _CASES, tenant.id, month, "answered_at")
            ]
            held: dict[str, list[int]] = {}
            for step, seconds in _rows(runtime, _TOOK, tenant.id, month, "until"):
                held.setdefault(step, []).append(seconds)

            assert counted["filed"] == sum(each["filed"] for each in told["days"])
            assert ["2026-10-01", "2026-10-31", 31] == [
                told["days"][0]["id"],
                told["days"][-1]["id"],
                len(told["days"]),
            ]
            assert counted["ever_answered"] == sum(each["filed"] for each in bins) == len(took)
            assert Counter(min(BINS, max(0, math.ceil(each / width) - 1)) for each in took) == Counter(
                {int(each["id"]): each["filed"] for each in bins if each["filed"]}
            )
            assert all(one["most"] == two["least"] for one, two in pairwise(bins))
            assert {step: (len(times), _at(times, 0.5), _at(times, 0.9)) for step, times in held.items()} == {
                each["step"]: (each["ended"], each["median"], each["ninth"]) for each in told["steps"]
            }
    filed = [event for stream in streams for event in stream if isinstance(event, ComplaintFiled)]
    zones = {tenant.id: tenant.zone for tenant in TENANTS.all()}
    by_day = Counter(
        (each.tenant, each.occurred_at.astimezone(zones[each.tenant]).date().isoformat()) for each in filed
    )
    assert all(
        by_day[tenant.id, each["id"]] == each["filed"]
        for tenant in TENANTS.all()
        for each in spread(runtime, ADMIN, tenant.id, "2026-10")["days"]
    )


def test_everybody_is_told_no_small_count_of_a_day_or_a_time(runtime: Runtime) -> None:
    """Nor when what was answered, nor how long a step took of which there were few."""
    source = random.Random(3)
    apply_batch(
        runtime.database,
        RecapProjection(),
        decode,
        record(runtime.database, [random_story(source, number) for number in range(40)], source),
    )
    for tenant in TENANTS.all():
        told = public_spread(runtime, tenant.id, "2026-10")
        counts = [each["filed"] for each in (*told["days"], *told["first_answer"]["bins"])]

        assert all(count is None or count == 0 or count >= FEWEST for count in counts)
        assert {None} == {each["answered"] for each in told["days"]}
        assert all(each["ended"] >= FEWEST for each in told["steps"])


def _at(times: list[int], share: float) -> int:
    return sorted(times)[math.ceil(share * len(times)) - 1]
