"""Who may ask for which recap, and which month a complaint belongs to."""

import random
from collections.abc import Sequence
from typing import Any

import eventlet
import pytest

from services.reporting.listed import Listed
from services.reporting.projection import RecapProjection
from services.reporting.queries import recap
from shared.application.dossiers.codec import decode
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.errors import Forbidden, Invalid, NotFound
from shared.store.projection.runner import apply_batch, apply_events
from tests.fixtures.log import somebody_waits
from tests.fixtures.waiting import eventually
from tests.reporting.stories import TimedStory, record, started

ADMIN = Caller("*", "admin", admin=True)
COORDINATOR = Caller("cilacap", "coordinator")


def _told(runtime: Runtime, *stories: TimedStory) -> None:
    streams: Sequence[Any] = [story.events for story in stories]
    apply_batch(runtime.database, RecapProjection(), decode, record(runtime.database, streams, random.Random(1)))


def test_a_month_is_the_government_s_own(runtime: Runtime) -> None:
    """The last second of October and the first of November are told apart by the clock on the office's wall."""
    last = started("cilacap", "2026-10-31T23:59:59+07:00", 1)
    first = started("cilacap", "2026-11-01T00:00:00+07:00", 2)
    _told(runtime, last, first)

    assert [1, 1, 0] == [
        recap(runtime, ADMIN, "cilacap", month)["filed"] for month in ("2026-10", "2026-11", "2026-12")
    ]


@pytest.mark.parametrize("month", ["2026-13", "2026", "10-2026", "2026-1", "0000-01", "9999-12", ""])
def test_what_is_no_month_is_refused(runtime: Runtime, month: str) -> None:
    """The answer names the field."""
    with pytest.raises(Invalid) as refused:
        recap(runtime, ADMIN, "cilacap", month)

    assert {"month": ["not_a_month"]} == refused.value.fields


@pytest.mark.parametrize(
    "caller",
    [
        Caller("bantul", "coordinator"),
        Caller("cilacap", "reporter"),
        Caller("cilacap", "system"),
        Caller("cilacap", "nobody"),
        Caller("cilacap", "operator"),
    ],
)
def test_a_recap_is_for_the_government_s_own_officers(runtime: Runtime, caller: Caller) -> None:
    """Another government's officer, a reporter, and an agency's actor without an agency are refused."""
    with pytest.raises(Forbidden):
        recap(runtime, caller, "cilacap", "2026-10")


def test_an_unknown_government_is_not_found(runtime: Runtime) -> None:
    """There is no recap of nobody."""
    with pytest.raises(NotFound):
        recap(runtime, ADMIN, "atlantis", "2026-10")


def test_an_empty_month_has_no_shares_and_no_means(runtime: Runtime) -> None:
    """Nothing is divided by nothing."""
    told = recap(runtime, COORDINATOR, "cilacap", "2026-10")

    assert (0, None, None, []) == (
        told["filed"],
        told["within_standard"]["share"],
        told["time_to_answer"]["first"]["mean_seconds"],
        told["holders"],
    )


def test_an_agency_gets_its_own_part(runtime: Runtime) -> None:
    """Its complaints, and the time in its hands; of others nothing, not even their names."""
    mine = started("cilacap", "2026-10-05T08:00:00+07:00", 1)
    mine.act("dispose", to_agency="dinkes")
    other = started("cilacap", "2026-10-05T08:00:00+07:00", 2)
    other.act("dispose", to_agency="dpupr")
    _told(runtime, mine, other)

    told = recap(runtime, Caller("cilacap", "head", agency="dinkes"), "cilacap", "2026-10")

    assert ("dinkes", 1) == (told["agency"], told["filed"])
    assert ["dinkes"] == [row["id"] for row in told["by_agency"]]
    assert [("operator", "dinkes")] == [(row["actor"], row["agency"]) for row in told["holders"]]
    assert "dpupr" not in repr(told)


def test_ids_come_with_the_names_that_people_read(runtime: Runtime) -> None:
    """Agencies, channels, roles and steps are named as the government's files name them."""
    story = started("cilacap", "2026-10-05T08:00:00+07:00")
    story.act("dispose", to_agency="dinkes")
    _told(runtime, story)

    told = recap(runtime, COORDINATOR, "cilacap", "2026-10")

    assert "Dinas Kesehatan" == told["by_agency"][0]["name"]
    assert ["2", "3"] == [row["printed"] for row in told["steps"]]
    assert [("Admin OPD", "Dinas Kesehatan")] == [
        (row["title"], row["agency_name"]) for row in told["holders"] if row["agency"]
    ]


def test_the_views_for_dashboards_count_the_same(runtime: Runtime) -> None:
    """They show days and desks, and no ticket."""
    story = started("cilacap", "2026-10-05T08:00:00+07:00")
    story.act("dispose", to_agency="dinkes")
    _told(runtime, story)

    with runtime.database.autocommit() as cursor:
        cursor.execute("SELECT tenant, agency, filed, answered FROM reporting.daily")
        days = cursor.fetchall()
        cursor.execute("SELECT actor, held, holding FROM reporting.desks ORDER BY step")
        desks = cursor.fetchall()

    assert [("cilacap", "dinkes", 1, 0)] == days
    assert [("coordinator", 1, 0), ("operator", 1, 1)] == desks


def test_the_views_for_dashboards_name_only_what_the_lists_hold(runtime: Runtime) -> None:
    """Earlier events hold anybody's words: they are told as other, also before any list was written down."""
    shown = []
    stories = [
        started("cilacap", "2026-10-05T08:00:00+07:00", number, category=category)
        for number, category in enumerate(("Bu Siti Rahayu", "kesehatan", None), 1)
    ]
    _told(runtime, *stories)
    for write in (lambda: None, lambda: Listed().tick(runtime)):
        write()
        with runtime.database.autocommit() as cursor:
            cursor.execute("SELECT category, sum(filed)::int FROM reporting.daily GROUP BY 1 ORDER BY 1")
            shown.append(cursor.fetchall())

    assert [[("(other)", 2), (None, 1)], [("(other)", 1), ("KESEHATAN", 1), (None, 1)]] == shown


def test_a_recap_that_waits_for_an_exchange_tells_what_came_with_it(runtime: Runtime) -> None:
    """It looks when it has the tables in hand, not when it began to wait for them."""
    events = record(runtime.database, [started("cilacap", "2026-10-05T08:00:00+07:00").events], random.Random(1))
    with runtime.database.transaction() as cursor:
        cursor.execute("LOCK TABLE reporting.month_cases IN ACCESS EXCLUSIVE MODE")
        asked = eventlet.spawn(recap, runtime, ADMIN, "cilacap", "2026-10")
        eventually(lambda: asked.dead or somebody_waits(cursor), what="that the recap waits")
        apply_events(cursor, RecapProjection(), decode, events, schema="reporting")

    assert 1 == asked.wait()["filed"]
