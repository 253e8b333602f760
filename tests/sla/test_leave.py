"""A pause ends when it was to end, and the log tells so, whether the scheduler ran or slept."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.routing import commands
from shared.base.caller import Caller
from shared.base.errors import AduanError
from shared.domain.dossier.events import Resumed
from tests.fixtures.office import CAUSE, START, Office
from tests.fixtures.postgres import execute, with_database
from tests.sla.lives import DossierLife, Nap

TENANTS = ("cilacap", "majalengka", "trenggalek")
TWO_DAYS = timedelta(days=2)
LONG_AFTER = timedelta(days=60)
Act = tuple[str, int, int]


@pytest.fixture
def offices(database_url: str, postgres_url: str, migrated_template: str) -> Iterator[tuple[Office, Office]]:
    """Two installations, each with a database of its own."""
    second = f"{database_url.rpartition('/')[2].partition('?')[0]}_second"
    execute(postgres_url, f"CREATE DATABASE {second} TEMPLATE {migrated_template} STRATEGY file_copy")
    opened = Office(database_url), Office(with_database(postgres_url, second))
    yield opened
    for office in opened:
        office.close()
    execute(postgres_url, f"DROP DATABASE {second} WITH (FORCE)")


def do(life: DossierLife, what: str, minutes: int) -> None:
    """The desk that holds the dossier takes leave, ends it, or lets go; what is refused is not done."""
    office, receipt = life.office, life.receipt
    dossier = office.load(receipt.id)
    holder = Caller(dossier.tenant, dossier.actor or "", dossier.held_by_agency, "holder")
    coordinator = Caller(dossier.tenant, "coordinator", user="coordinator")
    until = (office.time.now() + timedelta(minutes=minutes)).isoformat()
    try:
        if what in ("pause", "extension"):
            fields = {"kind": what, "why": "goods", "until": until, "reason": "x"}
            asked = commands.act(office.runtime, holder, dossier.tenant, receipt.id, "ask_leave", fields, CAUSE)
            own = {"asked": asked.dossier.version}
            commands.act(office.runtime, coordinator, dossier.tenant, receipt.id, "grant_leave", own, CAUSE)
        elif what == "resume":
            commands.act(office.runtime, holder, dossier.tenant, receipt.id, "resume", {}, CAUSE)
        else:
            life.act(0)
    except AduanError:
        return


def told(life: DossierLife) -> list[tuple[object, ...]]:
    """What the scheduler recorded, ends of pauses included."""
    ends = [event for event in life.office.history(life.receipt.id) if isinstance(event, Resumed)]
    return sorted(
        [*life.told(), *((event.occurred_at, event.type, event.due_at, event.warn_at) for event in ends)], key=str
    )


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    tenant=st.sampled_from(TENANTS),
    acts=st.lists(
        st.tuples(
            st.sampled_from(["pause", "extension", "resume", "go on"]),
            st.sampled_from([0, 1, 14, 16, 61, 700, 1_440, 2_000, 4_000]),
            st.sampled_from([2, 30, 200, 1_000, 3_000, 9_000]),
        ),
        max_size=6,
    ),
    asleep_after=st.sampled_from([0, 16, 700, 2_000]),
)
def test_two_days_asleep_change_nothing_of_leave(
    offices: tuple[Office, Office], tenant: str, acts: list[Act], asleep_after: int
) -> None:
    """The same ends of pauses, warnings and breaches, as of the same times, and the same fate of every clock."""
    nap_starts = START + timedelta(minutes=asleep_after)
    naps = (None, Nap(nap_starts, nap_starts + TWO_DAYS))
    through, slept = (DossierLife.begin(office, tenant, nap) for office, nap in zip(offices, naps, strict=True))
    for life in (through, slept):
        office = life.office
        if office.load(life.receipt.id).held_by_agency is None:
            life.act(0)
        now = START
        for what, gap, minutes in acts:
            now += timedelta(minutes=gap)
            life.until(now)
            do(life, what, minutes)
        life.until(max(now, nap_starts + TWO_DAYS) + LONG_AFTER)

    assert told(through) == told(slept)
    assert through.clocks() == slept.clocks()


def test_the_end_of_a_pause_is_recorded_as_of_its_time(office: Office) -> None:
    """However late the scheduler wakes up: resumed when it was to be, warned and breached after that."""
    receipt = office.file("cilacap")
    office.act(receipt, "coordinator", "dispose", agency="dpupr")
    holder = Caller("cilacap", "operator", "dpupr", "holder")
    until = START + timedelta(days=1)
    fields = {"kind": "pause", "why": "goods", "until": until.isoformat(), "reason": "x"}
    asked = commands.act(office.runtime, holder, "cilacap", receipt.id, "ask_leave", fields, CAUSE).dossier.version
    coordinator = Caller("cilacap", "coordinator", user="c")
    commands.act(office.runtime, coordinator, "cilacap", receipt.id, "grant_leave", {"asked": asked}, CAUSE)
    office.later(days=3)
    office.tick()
    found = [(event.type, event.occurred_at) for event in office.history(receipt.id) if _of_the_step(event)]

    assert ["Resumed", "ClockWarned", "ClockBreached"] == [what for what, _ in found[:3]]
    assert [until, until + timedelta(minutes=15)] == [at for what, at in found[:3] if what != "ClockWarned"]


def _of_the_step(event: object) -> bool:
    return isinstance(event, Resumed) or getattr(event, "target", "") == "step"
