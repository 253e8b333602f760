"""One question for all methods that are called again and again."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from channels import working
from services.notify import ledger, talking
from services.sla import timers
from shared.base.clock import SimulatedClock
from shared.base.errors import Unavailable
from shared.messaging.ticker import ticking
from shared.messaging.wire.configuration import RUNTIME
from shared.platform.database.bell import Bell
from shared.platform.database.pool import Database
from tests.fixtures.office import START
from tests.fixtures.waiting import eventually
from tests.messaging.helping import Serve

CALLS: list[str] = []
WRONG: list[Exception] = []
YEAR = START.year


class Watched:
    """A service with one method that has something to do, and one that has not before the year is over."""

    name = "watched"

    @ticking(due="%(now)s > '2000-01-01'")
    def always(self) -> None:
        """There always is something to do."""
        CALLS.append("always")
        if WRONG:
            raise WRONG[0]

    @ticking(due=f"%(now)s >= '{YEAR + 1}-01-01'")
    def next_year(self) -> None:
        """There is something to do next year."""
        CALLS.append("next_year")


@pytest.fixture(autouse=True)
def _afresh() -> None:
    CALLS.clear()
    WRONG.clear()


@pytest.fixture
def database(empty_database_url: str) -> Iterator["Counted"]:
    """A database that counts what it is asked."""
    opened = Counted(empty_database_url)
    yield opened
    opened.close()


class Counted(Database):
    """Counts how often somebody asks."""

    asked = 0
    away = False

    @contextmanager
    def autocommit(self) -> Iterator[Any]:
        """As ever, if it is there."""
        self.asked += 1
        if self.away:
            raise Unavailable("database_unavailable")
        with super().autocommit() as cursor:
            yield cursor


def _config(database: Database, clock: SimulatedClock) -> dict[str, Any]:
    database.bell = Bell()
    runtime = SimpleNamespace(settings=SimpleNamespace(tick_ms=10), database=database, clock=clock)
    return {"AMQP_URI": "memory://lookout/", RUNTIME: runtime}


def test_who_has_something_to_do_is_called_and_who_has_not_is_let_be(serve: Serve, database: Counted) -> None:
    """One question for both, a hundred times a second; who has nothing to do is called once a second."""
    began = time.monotonic()
    serve(Watched, _config(database, SimulatedClock(START)))
    eventually(lambda: CALLS.count("always") >= 20)
    seconds = time.monotonic() - began

    assert CALLS.count("next_year") <= 2 + seconds
    assert database.asked <= 2 + seconds / 0.01


def test_what_falls_due_by_the_clock_is_done_with_the_next_look(serve: Serve, database: Counted) -> None:
    """A clock that is moved is seen at once."""
    clock = SimulatedClock(START)
    serve(Watched, _config(database, clock))
    eventually(lambda: "next_year" in CALLS)
    before = CALLS.count("next_year")
    clock.move_to(START.replace(year=YEAR + 1))
    eventually(lambda: CALLS.count("next_year") >= before + 10)


def test_while_the_database_is_away_all_are_called(serve: Serve, database: Counted) -> None:
    """Each finds out by itself, and tells of it; afterwards all goes on."""
    database.away = True
    serve(Watched, _config(database, SimulatedClock(START)))
    eventually(lambda: CALLS.count("next_year") >= 2)
    database.away = False
    before = CALLS.count("always")
    eventually(lambda: CALLS.count("always") >= before + 20)


def test_who_has_failed_waits_although_there_is_something_to_do(serve: Serve, database: Counted) -> None:
    """What was away is asked for gently, as ever: not a hundred times a second."""
    WRONG.append(Unavailable("database_unavailable"))
    began = time.monotonic()
    serve(Watched, _config(database, SimulatedClock(START)))
    eventually(lambda: database.asked >= 20)

    assert CALLS.count("always") <= 2 + (time.monotonic() - began) / 0.2


def test_who_has_stopped_is_not_looked_out_for(serve: Serve, database: Counted) -> None:
    """Nobody asks for nobody."""
    container = serve(Watched, _config(database, SimulatedClock(START)))
    eventually(lambda: database.asked >= 5)
    container.stop()
    time.sleep(0.05)
    asked = database.asked
    time.sleep(0.1)

    assert asked == database.asked


@pytest.mark.parametrize("due", [timers.DUE, ledger.DUE, talking.DUE, working.DUE])
def test_what_is_asked_can_be_answered(database_url: str, due: str) -> None:
    """A question that the database does not understand would be no question: all would be called all the time."""
    database = Database(database_url)
    with database.autocommit() as cursor:
        cursor.execute(f"SELECT ({due})", {"now": START})

        assert [(False,)] == cursor.fetchall()
    database.close()
