"""How far a projection is."""

import time
from datetime import UTC, datetime
from typing import Any, cast

import eventlet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.platform.database.pool import Database
from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.lag import all_applied, caught_up, has_applied, low_water, wait_until
from shared.store.projection.rebuild import rebuild
from tests.fixtures.waiting import eventually
from tests.projection.toy import Log, Noted, Toy, apply, decode, empty, record, record_unsettled


def mark(database: Database) -> int:
    """The low-water mark."""
    with database.transaction() as cursor:
        return low_water(cursor, "toy")


def noted(database: Database) -> int:
    """The mark that was written down."""
    with database.autocommit() as cursor:
        cursor.execute("SELECT position FROM toy.low_water")
        return cursor.fetchall()[0][0]


def done(database: Database, event: RecordedEvent) -> bool:
    """Whether that event is applied."""
    with database.autocommit() as cursor:
        return has_applied(cursor, "toy", event.position)


def test_the_low_water_mark_stops_below_the_first_event_not_applied(database: Database) -> None:
    """Later events that are applied already do not raise it."""
    assert 0 == mark(database)

    events = record(database, (1, Noted("a")), (2, Noted("b")), (3, Noted("c")))
    apply(database, [events[0], events[2]])

    assert events[1].position - 1 == mark(database)

    apply(database, [events[1]])

    assert events[2].position == mark(database)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.sets(st.integers(0, 199), max_size=20))
def test_the_mark_is_exact(database: Database, log: Log, chosen: set[int]) -> None:
    """Whichever events were delivered, the mark is the one found by asking for each event."""
    empty(database)
    apply(database, [log.events[number] for number in chosen])

    missing = [event.position for event in log.events if not done(database, event)]

    assert (missing[0] - 1 if missing else log.events[-1].position) == mark(database)


class Counted:
    """A cursor that counts what it is asked."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self.connection = cursor.connection
        self.count = 0

    def execute(self, *asked: Any) -> None:
        """Ask."""
        self.count += 1
        self._cursor.execute(*asked)

    def fetchone(self) -> Any:
        """The next row."""
        return self._cursor.fetchone()

    def fetchall(self) -> Any:
        """The rows that are left."""
        return self._cursor.fetchall()


def test_positions_that_are_nobodys_are_passed_in_one_step(database: Database) -> None:
    """Where a government has moved in there are billions of them: how long a look takes depends on the events."""
    events = record(database, (1, Noted("a")))
    apply(database, events)
    with database.autocommit() as cursor:
        cursor.execute("SELECT setval('eventstore.position', 5000000000)")
    events += record(database, (2, Noted("b")), (3, Noted("c")))
    marks = []
    for applied in ([], events[1:2], events[2:]):
        if applied:
            apply(database, applied)
        with database.autocommit() as cursor:
            counted = Counted(cursor)
            marks.append(low_water(cast("Any", counted), "toy", note=False))
            assert counted.count < 10

    assert [5_000_000_000, 5_000_000_001, 5_000_000_002] == marks


def test_what_is_not_settled_is_not_counted(database: Database) -> None:
    """A position that a slow writer may still fill is never below the mark, though a later one is visible."""
    events = record(database, (1, Noted("a")))
    apply(database, events)

    with database.transaction() as slow:
        slow.execute("SELECT pg_current_xact_id()")
        with database.autocommit() as cursor:
            cursor.execute("SELECT pg_current_xact_id()")

        assert events[0].position == mark(database)


def test_the_mark_is_written_down_now_and_then(database: Database) -> None:
    """Looking again starts where it is worth it; a mark that somebody else is just moving is left to him."""
    events = record(database, *[(number % 50, Noted("x")) for number in range(400)])
    apply(database, events[:200])

    assert events[199].position == mark(database)
    assert 0 == noted(database)

    apply(database, events[200:])
    with database.transaction() as other:
        other.execute("SELECT * FROM toy.low_water FOR UPDATE")

        assert events[-1].position == mark(database)

    assert 0 == noted(database)
    assert events[-1].position == mark(database)
    assert events[-1].position == noted(database)


def test_the_mark_is_only_read_where_nothing_may_be_written(database: Database) -> None:
    """In a read-only transaction, or when told so, the mark stays where it is."""
    events = record(database, *[(number % 50, Noted("x")) for number in range(400)])
    apply(database, events)
    with database.transaction() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")

        assert events[-1].position == low_water(cursor, "toy")
    with database.transaction() as cursor:
        assert events[-1].position == low_water(cursor, "toy", note=False)

    assert 0 == noted(database)


def test_a_rebuild_notes_the_mark(database: Database) -> None:
    """After a rebuild everything up to the switch is applied, and known to be."""
    events = record(database, (1, Noted("a")), (2, Noted("b")))

    rebuild(database, Toy(), decode)

    assert events[-1].position == mark(database) == noted(database)


def test_one_event_is_asked_for_exactly(database: Database) -> None:
    """Whether an event is applied does not depend on others; where there is none, all before it must be."""
    first, second, third = record(database, (1, Noted("a")), (2, Noted("b")), (2, Noted("c")))
    apply(database, [second])

    assert [False, True, False] == [done(database, event) for event in (first, second, third)]
    with database.autocommit() as cursor:
        assert has_applied(cursor, "toy", 0)
        assert not has_applied(cursor, "toy", third.position + 1)


def test_waiting_ends_when_the_event_is_applied(database: Database) -> None:
    """Somebody who has changed something can wait for his own change, and does not wait longer."""
    events = record(database, (1, Noted("a")))
    started = time.monotonic()
    eventlet.spawn_after(0.1, apply, database, events)

    assert wait_until(database, ["toy", "toy"], events[0].position, timeout_seconds=60)
    assert 0.1 < time.monotonic() - started < 30


def test_waiting_is_bounded(database: Database) -> None:
    """If it is not applied in time, the answer says so; what is applied already is seen without any time."""
    first, second = record(database, (1, Noted("a")), (2, Noted("b")))
    apply(database, [first])

    assert not wait_until(database, ["toy"], second.position, timeout_seconds=0.05)
    assert wait_until(database, ["toy"], first.position, timeout_seconds=0)
    assert wait_until(database, [], second.position, timeout_seconds=0)


def test_caught_up(database: Database) -> None:
    """A projection has caught up when every settled event is applied."""

    def asked() -> bool:
        with database.transaction() as cursor:
            return caught_up(cursor, ["toy"])

    assert asked()

    events = record(database, (1, Noted("a")), (2, Noted("b")))
    apply(database, events[1:])

    assert not asked()

    apply(database, events[:1])

    assert asked()


def test_caught_up_to_where_one_says(database: Database) -> None:
    """What has come behind a position is not waited for."""
    first, _ = record(database, (1, Noted("a")), (2, Noted("b")))
    apply(database, [first])

    with database.transaction() as cursor:
        assert not caught_up(cursor, ["toy"])
        assert caught_up(cursor, ["toy"], first.position)


def test_one_look_tells_of_all_projections_whether_anything_is_missing(database: Database) -> None:
    """From where everything was found applied before, as far as the last event."""

    def looked(above: int) -> tuple[int, bool]:
        with database.autocommit() as cursor:
            counted = Counted(cursor)
            found = all_applied(cast("Any", counted), ["toy", "toy"], above)
            assert 1 == counted.count
            return found.latest, found.applied

    assert (0, True) == looked(0)

    first, second, third = record(database, (1, Noted("a")), (2, Noted("b")), (2, Noted("c")))
    apply(database, [second, third])

    assert (third.position, False) == looked(0)
    assert (third.position, True) == looked(first.position)

    apply(database, [first])

    assert (third.position, True) == looked(0)


def test_the_same_look_tells_what_else_is_asked(database: Database) -> None:
    """Whatever it is, each is answered as of the same moment."""
    with database.autocommit() as cursor:
        counted = Counted(cursor)
        now = datetime(2026, 10, 1, tzinfo=UTC)
        asked = ("%(now)s > '2026-09-30'", "NULL", "EXISTS (SELECT FROM eventstore.events)")
        found = all_applied(cast("Any", counted), ["toy"], 0, asked, now)

    assert 1 == counted.count
    assert (True, False, False) == found.besides


def test_one_look_misses_what_is_not_settled(database: Database) -> None:
    """What is applied already may have something below it that is yet to be committed."""
    [event] = record(database, (1, Noted("a")))
    apply(database, [event])

    def looked() -> tuple[int, bool]:
        with database.autocommit() as cursor:
            found = all_applied(cursor, ["toy"], event.position)
            return found.latest, found.applied

    with database.transaction() as slow:
        slow.execute("SELECT pg_current_xact_id()")
        [later] = record_unsettled(database, (2, Noted("b")))
        apply(database, [later])

        assert (later.position, False) == looked()

    eventually(lambda: looked() == (later.position, True), what="that nothing is in flight any more")
