"""A month under an SOP, played with chance."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from shared.domain.sop.simulate.complaints import Complaint, complaints
from shared.domain.sop.simulate.plan import Handling, Odds, Plan, load_plan
from shared.domain.sop.simulate.report import report
from shared.domain.sop.simulate.result import simulate
from shared.domain.sop.simulate.world import ANSWERED, LAPSED, Playing, standard_kept
from shared.domain.tenants import Tenant
from shared.wording.yaml_lines import FileError
from tests.sop.walker import SIXTH, TENANTS

NEVER = Odds(incomplete=0, silent=0, wrong_agency=0, out_of_authority=0, rework=0, simple=0)
MONDAY = datetime(2026, 10, 5, 1, 0, tzinfo=UTC)
SHORT = Plan(days=5, per_day=4, runs=2)
ALL = [*TENANTS.all(), *SIXTH.all()]


def one(**kind: bool) -> Complaint:
    """A complaint on Monday at 08:00 in Jakarta, of median difficulty."""
    usual = dict.fromkeys(("incomplete", "silent", "wrong_agency", "out_of_authority", "simple"), False)
    return Complaint(number=1, filed_at=MONDAY, agency=0, difficulty=1.0, seed=7, **{**usual, **kind})


def exactly(tenant: str, minutes: float, **changes: float) -> Plan:
    """A plan without chance, in which every desk takes so long."""
    steps = TENANTS.get(tenant).sop.steps
    handling = {step.id: Handling(minutes, sigma=0) for step in steps}
    return Plan(handling=handling, odds=replace(NEVER, **changes), reply_days=1)


def play(tenant: str, plan: Plan, *cases: Complaint) -> Playing:
    """One playing with given complaints."""
    home = TENANTS.get(tenant)
    return Playing(home.sop, home.calendar, plan).play(cases)


def test_without_chance_it_is_a_sum() -> None:
    """Six desks of ten minutes each answer a complaint after an hour, and that is within 135 minutes."""
    world = play("cilacap", exactly("cilacap", 10), one())
    [case] = world.cases

    assert (ANSWERED, MONDAY + timedelta(minutes=60)) == (case.outcome, case.ended)
    assert standard_kept(world.sop, world.calendar, case)


@pytest.mark.parametrize(("minutes", "kept"), [(22.5, True), (22.6, False)])
def test_standard_is_kept_to_the_minute(minutes: float, kept: bool) -> None:
    """135 minutes are within the standard, a little more is not."""
    world = play("cilacap", exactly("cilacap", minutes), one())

    assert kept == standard_kept(world.sop, world.calendar, world.cases[0])


def test_time_with_the_reporter_does_not_count() -> None:
    """A complaint that its reporter completes after a day is answered in time all the same."""
    world = play("cilacap", exactly("cilacap", 10), one(incomplete=True))
    [case] = world.cases

    assert ANSWERED == case.outcome
    assert case.ended is not None
    assert case.ended > MONDAY + timedelta(days=1)
    assert standard_kept(world.sop, world.calendar, case)


def test_silent_reporter() -> None:
    """An incomplete complaint whose reporter stays silent lapses."""
    world = play("cilacap", exactly("cilacap", 10), one(incomplete=True, silent=True))

    assert LAPSED == world.cases[0].outcome


def test_queue() -> None:
    """Three complaints at once before one person wait for one another; three people take them at once."""
    alone = play("cilacap", exactly("cilacap", 10), one(), one(), one())
    plan = replace(exactly("cilacap", 10), desks={"coordinator": 3})
    together = play("cilacap", plan, one(), one(), one())

    assert (2, 600 + 1200) == (alone.desks["coordinator"].longest, alone.desks["coordinator"].waited)
    assert (0, 0) == (together.desks["coordinator"].longest, together.desks["coordinator"].waited)


def test_wrong_agency_goes_through_two_agencies() -> None:
    """A wrongly disposed complaint is seen by another agency's operator first, and by the coordinator twice."""
    world = play("cilacap", exactly("cilacap", 10), one(wrong_agency=True))

    assert 2 == world.desks["coordinator"].visits
    assert (1, 2) == (world.desks["operator@2"].visits, world.desks["operator@1"].visits)


def test_simple_question_takes_the_fast_path() -> None:
    """Where an SOP lets the first desk answer, a simple question is seen by nobody else."""
    world = play("bantul", exactly("bantul", 10), one(simple=True))

    assert {"operator@1"} == set(world.desks)
    assert ANSWERED == world.cases[0].outcome


def test_rework_comes_back_to_the_unit() -> None:
    """A draft that is always sent back is redrafted a bounded number of times."""
    world = play("trenggalek", exactly("trenggalek", 10, rework=1.0), one())

    assert 6 == world.desks["unit@1"].visits
    assert ANSWERED == world.cases[0].outcome


@pytest.mark.parametrize("tenant", ALL, ids=[tenant.id for tenant in ALL])
def test_every_complaint_comes_to_something(tenant: Tenant) -> None:
    """Under every SOP, of the sixth kind too, shares add up to the whole and no desk is busier than always."""
    result = simulate(tenant.sop, tenant.calendar, SHORT)

    assert result.filed.mean > 0
    assert 1 == pytest.approx(result.answered.mean + result.lapsed.mean + result.elsewhere.mean)
    assert 0 <= result.within.mean <= result.answered.mean
    assert all(0 <= desk.busy.mean <= 1 for desk in result.desks)
    assert result.bottleneck in {None, *(desk.actor for desk in result.desks)}


def test_same_seed_same_month() -> None:
    """A simulation can be repeated to the last figure, and another seed is another month."""
    tenant = TENANTS.get("bantul")

    assert simulate(tenant.sop, tenant.calendar, SHORT) == simulate(tenant.sop, tenant.calendar, SHORT)
    assert simulate(tenant.sop, tenant.calendar, SHORT) != simulate(tenant.sop, tenant.calendar, replace(SHORT, seed=2))


def test_two_sops_get_the_same_complaints() -> None:
    """Comparison is on the very same complaints, whatever the SOP does with them; the report sets them side by side."""
    plan = Plan(days=3, per_day=5, runs=1)
    jakarta = ZoneInfo("Asia/Jakarta")
    tenants = [TENANTS.get(name) for name in ("cilacap", "cirebon")]
    results = [simulate(tenant.sop, tenant.calendar, plan) for tenant in tenants]

    assert list(complaints(plan, 0, jakarta)) == list(complaints(plan, 0, jakarta))
    assert results[0].filed == results[1].filed
    text = report(results)
    assert all(word in text for word in ("cilacap", "cirebon", "within the standard", "bottleneck", "pic", "liaison"))


def test_more_work_is_not_faster() -> None:
    """Ten times the complaints leave at most the share within the standard, and longer queues."""
    tenant = TENANTS.get("cilacap")
    few = simulate(tenant.sop, tenant.calendar, SHORT)
    many = simulate(tenant.sop, tenant.calendar, replace(SHORT, per_day=40))

    assert many.within.mean <= few.within.mean
    assert max(desk.longest.mean for desk in many.desks) > max(desk.longest.mean for desk in few.desks)


def test_plan_from_a_file(tmp_path: Path) -> None:
    """A plan says what differs from the default, and is checked."""
    path = tmp_path / "plan.yaml"
    path.write_text("per_day: 3.5\ndesks: {operator: 2}\nhandling: {check: {minutes: 5}}\nodds: {rework: 0.5}\n")
    plan = load_plan(path)

    assert (3.5, {"operator": 2}, Handling(5), 0.5) == (
        plan.per_day,
        plan.desks,
        plan.handling["check"],
        plan.odds.rework,
    )

    path.write_text("per_day: 3.5\nodds:\n  rework: 5\n")
    with pytest.raises(FileError, match="rework") as caught:
        load_plan(path)
    assert 3 == caught.value.line
    assert "0 to 1" in caught.value.remedy
