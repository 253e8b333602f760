"""What becomes of one batch."""

import json

import pytest

from shared.platform.database.pool import Database
from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.errors import BadRows, MissingEvents
from shared.store.projection.projection import Rows
from shared.store.projection.runner import Applied, apply_batch
from tests.projection.toy import Noted, Opened, Struck, Toy, apply, clean_pass, decode, dossier, record, tables


def test_a_batch_becomes_rows(application: Database, database: Database) -> None:
    """Events of several dossiers end up in all tables, by the rights of a service."""
    events = record(database, (1, Opened("a")), (2, Opened("b")), (1, Noted("x")), (1, Noted("y")), (1, Struck()))

    applied = apply(application, events)

    assert Applied(applied=5) == applied
    rows = tables(database)
    assert [(dossier(1), 4, events[4].position), (dossier(2), 1, events[1].position)] == rows["applied"]
    assert [("a", 1, "y"), ("b", 0, None)] == [row[1:4] for row in rows["cases"]]
    assert [(dossier(1), 3, "y")] == rows["notes"]


def test_nothing_delivered_is_nothing_done(database: Database) -> None:
    """An empty batch is no error."""
    assert Applied() == apply(database, [])


def test_what_came_before_changes_nothing(database: Database) -> None:
    """An event applied in an earlier batch, or standing twice in the same, is a duplicate."""
    events = record(database, (1, Opened("a")), (1, Noted("x")), (1, Noted("y")))
    apply(database, events[:2])
    before = tables(database)

    assert Applied(duplicates=3) == apply(database, [events[1], events[0], events[1]])
    assert before == tables(database)
    assert Applied(applied=1, duplicates=2) == apply(database, [events[2], events[0], events[2]])


def test_a_gap_is_filled_from_the_store(database: Database) -> None:
    """An event that overtook others of its dossier brings them along; when they come, they are duplicates."""
    events = record(database, *[(1, Noted(str(number))) for number in range(6)])
    expected = clean_pass(database, events)

    assert Applied(applied=6, filled=4) == apply(database, [events[5], events[2]])
    assert expected == tables(database)
    assert Applied(duplicates=4) == apply(database, [events[0], events[1], events[3], events[4]])


def test_events_of_one_batch_may_come_in_any_order(database: Database) -> None:
    """Within a batch the version counts, not the order of arrival."""
    events = record(database, (1, Opened("a")), (1, Noted("x")), (2, Opened("b")), (1, Struck()))
    expected = clean_pass(database, events)

    assert Applied(applied=4) == apply(database, events[::-1])
    assert expected == tables(database)


def test_an_unknown_type_is_passed_over(database: Database) -> None:
    """A type of a newer version is counted, and neither stops its dossier nor comes again."""
    events = record(database, (1, Opened("a")), (1, "FromTheFuture"), (1, Noted("x")), (2, "FromTheFuture"))

    assert Applied(applied=2, unknown=2) == apply(database, events)
    assert Applied(duplicates=4) == apply(database, events)
    assert [(dossier(1), 3), (dossier(2), 1)] == [row[:2] for row in tables(database)["applied"]]
    assert [(dossier(1), "a", 1)] == [row[:3] for row in tables(database)["cases"]]


def test_an_event_without_its_predecessors_is_refused(database: Database) -> None:
    """A message of another installation, or a torn log, leaves no trace."""
    stranger = RecordedEvent(position=7, dossier=dossier(9), version=3, type="Noted", state=json.dumps({}).encode())

    with pytest.raises(MissingEvents, match="no version 1 of dossier"):
        apply(database, [stranger])

    assert [] == tables(database)["applied"]


def test_a_failing_projection_leaves_no_trace(database: Database) -> None:
    """If one event of a batch cannot be applied, none is."""

    class Broken(Toy):
        def evolve(self, rows: Rows, event: object, recorded: RecordedEvent) -> Rows:
            return {} if isinstance(event, Struck) else super().evolve(rows, event, recorded)

    events = record(database, (1, Opened("a")), (1, Struck()), (2, Opened("b")))

    with pytest.raises(BadRows):
        apply_batch(database, Broken(), decode, events)

    assert {"applied": [], "cases": [], "notes": []} == tables(database)


def test_only_changed_rows_are_written(database: Database) -> None:
    """Rows an event leaves as they are keep their version in the database, and with it what others noted in them."""
    apply(database, record(database, (1, Noted("x")), (2, Noted("y"))))
    with database.autocommit() as cursor:
        cursor.execute("UPDATE toy.cases SET claimed_by = 'somebody'")
        cursor.execute("SELECT dossier, number, xmin::text FROM toy.notes")
        before = set(cursor.fetchall())

    apply(database, record(database, (1, Noted("z"))))

    with database.autocommit() as cursor:
        cursor.execute("SELECT dossier, number, xmin::text FROM toy.notes")
        assert before < set(cursor.fetchall())
        cursor.execute("SELECT DISTINCT claimed_by FROM toy.cases")
        assert [("somebody",)] == cursor.fetchall()


def test_a_batch_of_duplicates_writes_nothing(database: Database) -> None:
    """Redelivery after a fault costs reading only."""
    events = record(database, (1, Noted("x")), (2, Noted("y")))
    apply(database, events)
    query = "SELECT xmin::text FROM toy.applied UNION ALL SELECT xmin::text FROM toy.cases"
    with database.autocommit() as cursor:
        cursor.execute(query)
        before = cursor.fetchall()

    apply(database, events)

    with database.autocommit() as cursor:
        cursor.execute(query)
        assert before == cursor.fetchall()


def test_a_list_is_stored_as_json_where_the_column_is(database: Database) -> None:
    """A list within a row is compared by value, even if the projection changes it in place."""

    class Careless(Toy):
        def evolve(self, rows: Rows, event: object, recorded: RecordedEvent) -> Rows:
            if not rows["cases"]:
                return super().evolve(rows, event, recorded)
            rows["cases"][0]["history"].append("changed in place")
            return rows

    first, second = record(database, (1, Opened("a")), (1, Noted("x")))
    apply_batch(database, Careless(), decode, [first])
    apply_batch(database, Careless(), decode, [second])

    assert [{"type": "Opened", "late": None}, "changed in place"] == tables(database)["cases"][0][5]


def test_rows_must_not_be_changed_in_place(database: Database) -> None:
    """A change of a stored row in place would be lost, so it is an error."""

    class Careless(Toy):
        def evolve(self, rows: Rows, event: object, recorded: RecordedEvent) -> Rows:
            if not rows["cases"]:
                return super().evolve(rows, event, recorded)
            rows["cases"][0]["title"] = "changed"  # type: ignore[index]
            return rows

    first, second = record(database, (1, Opened("a")), (1, Noted("x")))
    apply(database, [first])

    with pytest.raises(TypeError, match="item assignment"):
        apply_batch(database, Careless(), decode, [second])
