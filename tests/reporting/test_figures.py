"""The figures of a recap against the same counted by hand."""

import random
from calendar import monthrange
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from services.reporting.projection import RecapProjection
from services.reporting.queries import recap
from services.reporting.search import search
from services.reporting.tallies import STATE
from shared.application.dossiers.codec import decode
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.domain.tenants import Tenant
from shared.platform.database.pool import Database
from shared.store.projection.rebuild import rebuild
from shared.store.projection.runner import apply_batch
from tests.reporting import naive
from tests.reporting.stories import TENANTS, random_story, record

ADMIN = Caller("*", "admin", admin=True)
_EMPTY = f"TRUNCATE reporting.applied, {', '.join(map(str, (*RecapProjection.tables, *RecapProjection.tallies)))}"
MONTHS = ("2026-09", "2026-10", "2026-11")


def test_a_recap_tells_what_can_be_counted_by_hand(runtime: Runtime) -> None:
    """Whatever happened to any complaint of any tenant, every figure of every month is the one counted by hand."""

    # A smaller seed is no simpler month, so nothing is shrunk.
    @settings(max_examples=2, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
    @given(seed=st.integers(0, 2**32))
    def holds(seed: int) -> None:
        source = random.Random(seed)
        streams = [random_story(source, number) for number in range(15)]
        _empty(runtime.database)
        events = record(runtime.database, streams, source)

        _apply(runtime, events, source)

        for tenant in TENANTS.all():
            for month in MONTHS:
                expected = naive.recap(tenant, streams, month, runtime.clock.now())
                told = recap(runtime, ADMIN, tenant.id, month)

                assert _figures_with_lists(told) == _lists_of(runtime, tenant, month)
                assert expected == _alike(told)
                agency = source.choice(tenant.agencies[:3]).id
                officer = Caller(tenant.id, _of_agency(tenant), agency=agency)
                part = naive.recap(tenant, streams, month, runtime.clock.now(), agency)

                assert part == _alike(recap(runtime, officer, tenant.id, month))

    holds()


def test_a_rebuild_gives_the_same_tables(runtime: Runtime, database_url: str) -> None:
    """Thrown away and made anew from the log, the tables say what they said."""
    source = random.Random(7)
    events = record(runtime.database, [random_story(source, number) for number in range(20)], source)
    _apply(runtime, events, source)
    before = _tables(runtime.database)
    owner = Database(database_url)

    rebuild(owner, RecapProjection(), decode, batch=41)
    owner.close()

    assert before == _tables(runtime.database)


@pytest.mark.parametrize("batch", [1, 7, 1000])
def test_delivery_does_not_matter(runtime: Runtime, batch: int) -> None:
    """Twice, out of order, in batches of any size: the tables are those of one clean pass."""
    source = random.Random(batch)
    events = record(runtime.database, [random_story(source, number) for number in range(7)], source)
    apply_batch(runtime.database, RecapProjection(), decode, events)
    expected = _tables(runtime.database)
    with runtime.database.autocommit() as cursor:
        cursor.execute(_EMPTY)
    delivered = [*events, *source.sample(events, len(events) // 3)]
    source.shuffle(delivered)

    for start in range(0, len(delivered), batch):
        apply_batch(runtime.database, RecapProjection(), decode, delivered[start : start + batch])

    assert expected == _tables(runtime.database)


def _figures_with_lists(told: dict[str, Any]) -> dict[str, int]:
    """The figures that lead to a list of as many complaints."""
    within = told["within_standard"]
    return {
        "answered": told["answered"],
        "met": within["met"],
        "missed": within["missed"],
        "rated": told["ratings"]["count"],
        "reopened": told["reopened"],
    }


def _lists_of(runtime: Runtime, tenant: Tenant, month: str) -> dict[str, int]:
    """How many complaints stand in the list of each."""
    first, last = (f"{month}-{day:02}" for day in (1, monthrange(*map(int, month.split("-")))[1]))
    names = ("answered", "met", "missed", "rated", "reopened")
    wanted = {name: {"since": first, "until": last, "counted": name} for name in names}
    return {name: len(search(runtime, ADMIN, tenant.id, asked)["items"]) for name, asked in wanted.items()}


def _alike(told: dict[str, Any]) -> dict[str, Any]:
    """A recap in the shape of the one counted by hand."""
    first, total = told["time_to_answer"]["first"], told["time_to_answer"]["total"]

    def of_holders(name: str) -> dict[tuple[str, str | None], int]:
        return {(row["actor"], row["agency"]): row[name] for row in told["holders"] if row[name]}

    def groups(name: str) -> dict[str | None, int]:
        return {row["id"]: row["filed"] for row in told[f"by_{name}"]}

    def medians(name: str) -> dict[str | None, int]:
        return {row["id"]: row["median_seconds"] for row in told[f"by_{name}"] if row["median_seconds"] is not None}

    return {
        **{name: told[name] for name in STATE},
        **{name: told[name] for name in ("ever_answered", "not_reached")},
        "steps_missed": told["all_steps_in_time"]["missed"],
        "met": told["within_standard"]["met"],
        "missed": told["within_standard"]["missed"],
        "mean_first": first["mean_seconds"],
        "median_first": first["median_seconds"],
        "mean_total": total["mean_seconds"],
        "median_total": total["median_seconds"],
        "mean_working": first["mean_working_seconds"],
        **{name: told[name] for name in ("returned", "dispositions", "interim_answers", "delivered")},
        **{name: told[name] for name in ("delivery_failures", "reopened")},
        "ratings": told["ratings"]["count"],
        "scores": told["ratings"]["scores"],
        **{f"by_{name}": groups(name) for name in ("agency", "status", "kecamatan")},
        **{f"median_by_{name}": medians(name) for name in ("agency", "kecamatan")},
        **{name: of_holders(name) for name in ("held", "seconds", "working_seconds", "breached", "caused")},
        "own_late": of_holders("own_late_seconds"),
        "imposed_late": of_holders("imposed_late_seconds"),
    }


def _of_agency(tenant: Tenant) -> str:
    """An actor who belongs to an agency."""
    return next(actor.id for actor in tenant.sop.actors if actor.scope == "agency")


def _apply(runtime: Runtime, events: list[Any], source: random.Random) -> None:
    place = 0
    while place < len(events):
        size = source.randrange(1, 100)
        apply_batch(runtime.database, RecapProjection(), decode, events[place : place + size])
        place += size


def _tables(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    with database.autocommit() as cursor:
        found = {}
        for table in RecapProjection.tables:
            cursor.execute(f"SELECT {', '.join(table.columns)} FROM {table} ORDER BY {', '.join(table.key)}")
            found[table.name] = cursor.fetchall()
        for tally in RecapProjection.tallies:
            said = " OR ".join(f"{count} <> 0" for count in tally.counts)
            cursor.execute(f"SELECT * FROM {tally} WHERE {said} ORDER BY {', '.join(tally.key)}")
            found[tally.name] = cursor.fetchall()
        return found


def _empty(database: Database) -> None:
    owner = Database(database.url)
    with owner.autocommit() as cursor:
        cursor.execute(_EMPTY)
        cursor.execute("ALTER TABLE eventstore.events DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM eventstore.events")
        cursor.execute("ALTER TABLE eventstore.events ENABLE TRIGGER USER")
    owner.close()
