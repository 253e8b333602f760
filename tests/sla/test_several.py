"""Several instances share the work: each due thing is recorded once, and what fell due first is recorded first."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from eventlet import GreenPool

from services.sla import timers
from shared.base.caller import REPORTER, Caller
from shared.base.randomness import SystemRandomness, new_uuid
from shared.domain.dossier.events import ClockEvent, DossierEvent
from tests.fixtures.log import settled_after
from tests.fixtures.office import CAUSE, START, Office

INSTANCES = 4


@pytest.fixture
def instances(database_url: str) -> Iterator[list[Office]]:
    """Several instances on one database, each with connections of its own."""
    opened = [Office(database_url) for _ in range(INSTANCES)]
    yield opened
    for office in opened:
        office.close()


def _file_many(office: Office, count: int, tenant: str = "cilacap", apart: timedelta = timedelta(0)) -> list[UUID]:
    """Many dossiers at once, one after the other by so much of the simulated clock."""
    filings: list[DossierEvent] = []
    for number in range(count):
        own = {"ticket": f"T-{number}", "channel": "web", "privacy": "open"}
        filings.append(office.runtime.desk(tenant).file(new_uuid(SystemRandomness()), _CALLER, CAUSE, own))
        office.time.move_to(office.time.now() + apart)
    office.runtime.dossiers("intake").append(filings)
    office.project()
    return [event.originator_id for event in filings]


_CALLER = Caller("cilacap", REPORTER, user=REPORTER)


def _all_tick(instances: Sequence[Office], times: int) -> None:
    """Every instance looks so many times, all at once."""
    pool = GreenPool(len(instances))
    for office in instances:
        pool.spawn(lambda runtime=office.runtime: [timers.tick(runtime, 20) for _ in range(times)])
    pool.waitall()


def _recorded(office: Office) -> list[ClockEvent]:
    """What the timers wrote, in the log's order."""
    with office.runtime.database.autocommit() as cursor:
        recorded = settled_after(cursor, 0)
    dossiers = {each.dossier for each in recorded}
    histories = office.runtime.dossiers("sla").open_all(sorted(dossiers))
    events = (histories[each.dossier][each.version - 1] for each in recorded)
    return [event for event in events if isinstance(event, ClockEvent)]


@pytest.mark.parametrize("lease_seconds", [timers.LEASE_SECONDS, 0])
def test_nothing_fires_twice(instances: list[Office], monkeypatch: pytest.MonkeyPatch, lease_seconds: int) -> None:
    """Each warning and each breach once, though all look at once, and even though leases run out at once."""
    monkeypatch.setattr(timers, "LEASE_SECONDS", lease_seconds)
    dossiers = _file_many(instances[0], 150)
    for office in instances:
        office.time.move_to(START + timedelta(days=2))

    _all_tick(instances, times=12)

    counts = Counter((event.originator_id, event.type, event.clock) for event in _recorded(instances[0]))
    expected = {
        (dossier, what, f"{target}:1")
        for dossier in dossiers
        for what in ("ClockWarned", "ClockBreached")
        for target in ("step", "case")
    }
    assert expected == set(counts)
    assert {1} == set(counts.values())


def test_each_dossier_is_one_instances(instances: list[Office]) -> None:
    """A dossier with several clocks due is claimed as a whole: no instance decides what another has decided."""
    _file_many(instances[0], 60)
    for office in instances:
        office.time.move_to(START + timedelta(days=2))

    looked_at = sum(GreenPool(INSTANCES).imap(lambda office: timers.tick(office.runtime, 30), instances))

    assert 60 == looked_at
    assert 0 == timers.tick(instances[0].runtime)


def test_a_backlog_drains_in_due_order(office: Office) -> None:
    """2,000 dossiers that fell due one after the other while the scheduler slept: the longest due come first."""
    dossiers = _file_many(office, 2_000, apart=timedelta(seconds=3))
    office.later(minutes=12)

    assert 2_000 == office.tick()

    warned = [event for event in _recorded(office) if event.type == "ClockWarned" and event.target == "step"]
    assert dossiers == [event.originator_id for event in warned]
    assert sorted(event.occurred_at for event in warned) == [event.occurred_at for event in warned]


def test_what_one_batch_holds_is_written_in_the_order_of_time(office: Office) -> None:
    """Warnings and breaches of different dossiers, by when they took effect and not by dossier."""
    _file_many(office, 50, apart=timedelta(seconds=30))
    office.later(days=1)
    office.tick()

    times = [event.occurred_at for event in _recorded(office)]
    assert sorted(times) == times
