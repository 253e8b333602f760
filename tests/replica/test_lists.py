"""Lists and figures are read from a standby while it keeps up, and from the primary while it does not."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from cli.doors import OPERATOR, ask
from services.intake.projection import TicketProjection
from services.reporting.almanac import Almanac
from services.reporting.projection import RecapProjection
from services.routing.projection import InboxProjection
from services.sla.projection import ClockProjection
from shared.application.dossiers.codec import decode
from shared.application.runtime import Runtime
from shared.base.freshness import set_written
from shared.base.services import ServiceName
from shared.platform.database.pool import Database
from shared.platform.database.replica import Replica
from shared.platform.metrics import REGISTRY
from shared.platform.migrations import migrate
from shared.store.projection.runner import apply_batch
from tests.fixtures.office import Office
from tests.fixtures.waiting import eventually
from tests.replica.postgres import Pair

_PAGE: dict[str, Any] = {"after": None, "limit": 50, "min_position": None}
_MONTH = "2026-10"
LISTS: list[tuple[ServiceName, str, dict[str, Any]]] = [
    ("routing", "inbox", {"agency": None, "actor": None, **_PAGE, "caller": OPERATOR}),
    ("routing", "outline", {"agency": None, "actor": None, "min_position": None, "caller": OPERATOR}),
    ("routing", "board", {"caller": OPERATOR}),
    ("routing", "watched", {"kind": "late", "wanted": {}, "after": None, "limit": 50, "caller": OPERATOR}),
    ("reporting", "returned", {"kind": "returned", "after": None, "limit": 50, "caller": OPERATOR}),
    ("sla", "clocks", {"states": [], **_PAGE, "caller": OPERATOR}),
    ("reporting", "recap", {"month": _MONTH, "min_position": None, "caller": OPERATOR}),
    ("reporting", "public_recap", {"month": _MONTH}),
    ("reporting", "year", {"year": "2026", "caller": OPERATOR}),
    ("reporting", "public_year", {"year": "2026"}),
    ("reporting", "published", {"wanted": {}, "after": None, "limit": 20}),
    ("reporting", "followed", {"wanted": {}}),
    ("reporting", "search", {"wanted": {}, **_PAGE, "caller": OPERATOR}),
]


class Watched:
    """An installation with a standby that lists may be read from."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.office = Office(pair.primary.url)
        copied = Database(pair.standby.url, role="aduan_app", wait_seconds=2, writes=False)
        self.replica = Replica(copied, self.office.runtime.database)
        self.runtime: Runtime = replace(self.office.runtime, replica=self.replica)
        self.seen = 0

    def file(self) -> int:
        """File a complaint, and bring all tables up to date with it; its position."""
        self.office.file()
        events = self.office.news()
        tenants = self.runtime.tenants
        for each in (TicketProjection(), InboxProjection(), ClockProjection(), RecapProjection(Almanac(tenants))):
            apply_batch(self.runtime.database, each, decode, events)
        return events[-1].position

    def inbox(self, min_position: int | None = None) -> int:
        """How many tasks the inbox tells."""
        service, method, asked = LISTS[0]
        page = ask(self.runtime, service, method, tenant="cilacap", **{**asked, "min_position": min_position})
        return len(page["items"])

    def keeps_up(self) -> None:
        """Wait until lists are read from the standby."""
        eventually(lambda: not self.replica.why_not(), within=30, what="that the standby keeps up")

    def replayed(self) -> None:
        """Wait until the standby has all that there is."""
        [(place,)] = self.pair.primary.ask("SELECT pg_current_wal_insert_lsn()::text")
        eventually(
            lambda: [(True,)] == self.pair.standby.ask("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", place),
            within=30,
            what="all of it replayed",
        )


@pytest.fixture(scope="module")
def watched(module_pair: Pair) -> Iterator[Watched]:
    """With two complaints in it."""
    migrate(module_pair.primary.url)
    made = Watched(module_pair)
    made.file()
    made.file()
    made.replayed()
    yield made
    made.office.close()


@pytest.fixture(autouse=True)
def nothing_written() -> Iterator[None]:
    """Whoever asks knows of nothing in particular."""
    set_written(None)
    yield
    set_written(None)


def reads(source: str, why: str = "") -> float:
    """How many lists were read so far."""
    return REGISTRY.get_sample_value("aduan_list_reads_total", {"source": source, "why": why}) or 0.0


def counted(do: Callable[[], Any], source: str, why: str = "") -> tuple[Any, float]:
    """What was answered, and how many lists were read from there for it."""
    before = reads(source, why)
    answer = do()
    return answer, reads(source, why) - before


def _passed_over() -> float:
    """How many lists were read from the primary because the standby was not there."""
    return reads("primary", "failed") + reads("primary", "away")


@pytest.mark.parametrize(("service", "method", "asked"), LISTS, ids=[method for _, method, _ in LISTS])
def test_every_list_is_read_from_the_standby(
    watched: Watched, service: ServiceName, method: str, asked: dict[str, Any]
) -> None:
    """It answers what the primary would, and nothing in the way to it writes."""
    watched.keeps_up()
    expected = ask(watched.office.runtime, service, method, tenant="cilacap", **asked)
    answer, read = counted(lambda: ask(watched.runtime, service, method, tenant="cilacap", **asked), "replica")

    assert (1, expected) == (read, answer)


def test_who_looks_for_a_person_asks_the_primary(watched: Watched) -> None:
    """The index of people is brought up to date first, which is a write."""
    watched.keeps_up()
    failed = reads("primary", "failed")
    officer = {"tenant": "cilacap", "actor": "coordinator", "user": "x", "agency": None, "admin": False}
    wanted = {"wanted": {"name": "Siti"}, **_PAGE, "caller": officer}
    answer, read = counted(lambda: ask(watched.runtime, "reporting", "search", tenant="cilacap", **wanted), "replica")

    assert (0, True) == (read, len(answer["items"]) >= 2)
    assert failed == reads("primary", "failed")


def test_who_has_written_finds_it(watched: Watched) -> None:
    """A standby that has not replayed it yet is passed over for whoever names it, or wrote it; others see its state."""
    watched.keeps_up()
    before = watched.inbox()
    watched.pair.standby.ask("SELECT pg_wal_replay_pause()")
    try:
        eventually(lambda: [("paused",)] == watched.pair.standby.ask("SELECT pg_get_wal_replay_pause_state()"))
        position = watched.file()
        others = counted(watched.inbox, "replica")
        named = counted(lambda: watched.inbox(position), "primary", "behind")
        set_written(position)
        wrote = counted(watched.inbox, "primary", "behind")
    finally:
        watched.pair.standby.ask("SELECT pg_wal_replay_resume()")
    watched.replayed()
    watched.keeps_up()
    later = counted(watched.inbox, "replica")

    assert (before, 1) == others
    assert (before + 1, 1) == named
    assert (before + 1, 1) == wrote
    assert (before + 1, 1) == later


def test_one_that_lags_is_not_read_from(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its lag is known, is a metric, and is told on the health pages; above the limit the primary answers."""
    watched.keeps_up()
    before = watched.inbox()
    monkeypatch.setattr(watched.replica, "_most_lag_seconds", 0.6)
    watched.pair.standby.ask("SELECT pg_wal_replay_pause()")
    try:
        eventually(lambda: [("paused",)] == watched.pair.standby.ask("SELECT pg_get_wal_replay_pause_state()"))
        watched.file()
        eventually(lambda: watched.replica.why_not() == "behind", within=30, what="that the lag is seen")
        answered = counted(watched.inbox, "primary", "behind")
        lag = REGISTRY.get_sample_value("aduan_replica_lag_seconds")
        told = watched.replica.told()
    finally:
        watched.pair.standby.ask("SELECT pg_wal_replay_resume()")
    watched.keeps_up()

    assert (before + 1, 1) == answered
    assert lag is not None
    assert lag > 0.6
    assert told.startswith("not read from: behind, lag ")


def test_a_copy_that_lives_on_by_itself_is_not_read_from(watched: Watched, database_url: str) -> None:
    """Another database, or one that was restored from a backup, is no standby, however far its log has come."""
    other = Replica(Database(database_url, writes=False), watched.office.runtime.database)
    try:
        eventually(lambda: other.why_not() and other._said, within=30, what="that it was looked at")
        asked = replace(watched.office.runtime, replica=other)
        service, method, page = LISTS[0]
        answer, read = counted(lambda: ask(asked, service, method, tenant="cilacap", **page), "primary", "away")
        detail = other._detail()
    finally:
        other.database.close()

    assert (1, True) == (read, len(answer["items"]) >= 2)
    assert "it is no standby of the database" == detail


def test_one_that_goes_away_costs_nobody_an_answer(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    """Killed, it is passed over at once, which the log tells; started again, it is read from again."""
    watched.keeps_up()
    expected = watched.inbox()
    caplog.clear()  # where machines are slow it may have lagged for a moment before, which was told, too
    watched.pair.standby.kill()
    before = _passed_over()
    answers = [watched.inbox(), watched.inbox()]  # the first may find it out, or who looks after it
    passed_over = _passed_over() - before
    said = [each.message for each in caplog.records if getattr(each, "why", "") == "away"]
    watched.pair.standby.start()
    watched.keeps_up()
    back = counted(watched.inbox, "replica")

    assert [expected] * 2 == answers
    assert 2 == passed_over
    assert said == ["lists are read from the primary"]
    assert (expected, 1) == back
