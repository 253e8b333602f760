from dataclasses import replace
from uuid import uuid4

import pytest
from eventsourcing.persistence import StoredEvent

from shared.platform.database.pool import Database
from shared.store.eventstore.appending import append
from shared.store.eventstore.reading import (
    RecordedEvent,
    head,
    last_event,
    read_after,
    read_after_some,
    read_dossier,
    read_dossiers,
    read_position,
)
from shared.store.eventstore.recorders import LogApplicationRecorder
from tests.eventstore.making import append_now, filled, made, seen, settled
from tests.fixtures.waiting import eventually


def test_nothing_younger_than_an_open_write_is_shown(database: Database) -> None:
    """While a transaction that drew earlier positions is open, readers see nothing behind them; then all at once."""
    before = append_now(database, made(uuid4()))
    eventually(lambda: seen(database) == before)
    recorder = LogApplicationRecorder(database)

    with database.transaction() as cursor:
        held = append(cursor, made(uuid4(), 1, 3))
        after = [append_now(database, made(uuid4()))[0] for _ in range(3)]

        assert before == seen(database)
        assert before[0] == settled(database) == recorder.max_notification_id()
        assert before == [n.id for n in recorder.select_notifications(start=None, limit=100)]
        with database.autocommit() as reading:
            assert before[0] == (last_event(reading) or pytest.fail("nothing settled")).position
    everything = eventually(lambda: (found := seen(database))[6:] and found)

    assert [*before, *held, *after] == everything
    assert after[-1] == settled(database) == recorder.max_notification_id()


def test_a_rolled_back_append_leaves_a_gap(database: Database) -> None:
    """Positions drawn by a transaction that was undone are never used again, and readers pass over them."""
    with database.transaction() as cursor:
        drawn = append(cursor, made(uuid4(), 1, 2))
        cursor.connection.rollback()
    kept = append_now(database, made(uuid4()))

    assert [1, 2] == drawn
    assert [3] == kept == eventually(lambda: seen(database))


def test_pages_join_without_a_seam(database: Database) -> None:
    """Reading page by page gives what reading at once gives."""
    filled(database, dossiers=7, events=5)
    pages: list[int] = []

    with database.autocommit() as cursor:
        while page := read_after(cursor, pages[-1] if pages else 0, 4):
            pages += [event.position for event in page]

    assert seen(database) == pages


def test_data_that_nobody_wants_are_not_read(database: Database) -> None:
    """Whoever names types gets every event, in order, and the data of these types only."""
    dossier = uuid4()
    append_now(database, [StoredEvent(dossier, 1, "Wanted", b'{"a":1}'), StoredEvent(dossier, 2, "Other", b'{"b":2}')])
    everything = eventually(lambda: _all(database))

    with database.autocommit() as cursor:
        some = read_after_some(cursor, 0, 10, {"Wanted"})
        assert [everything[0], replace(everything[1], state=b"")] == some
        assert [b"", b""] == [event.state for event in read_after_some(cursor, 0, 10, ())]
        assert everything[1:] == read_after_some(cursor, everything[0].position, 10, {"Other"})


def test_a_dossier_is_read_as_it_is(database: Database) -> None:
    """One dossier's events come by version, cut where asked, settled or not: its writers see their own writes."""
    dossier, other = filled(database, dossiers=2, events=5)

    with database.transaction() as cursor:
        append(cursor, made(dossier, 6))

        assert [1, 2, 3, 4, 5, 6] == [event.version for event in read_dossier(cursor, dossier)]
        assert [3, 4] == [event.version for event in read_dossier(cursor, dossier, after_version=2, upto=4)]
        assert [] == read_dossier(cursor, uuid4())
        both = {dossier: [1, 2, 3, 4, 5, 6], other: [1, 2, 3, 4, 5]}
        found = read_dossiers(cursor, [other, dossier, uuid4()])
        assert both == {each: [e.version for e in found if e.dossier == each] for each in both}
        assert [] == read_dossiers(cursor, [])


def test_a_row_is_found_by_its_position(database: Database) -> None:
    """A position names one event, or none."""
    dossier = uuid4()
    (position,) = append_now(database, made(dossier))

    with database.autocommit() as cursor:
        event = read_position(cursor, position)
        assert event is not None
        assert (dossier, 1, {"note": "number 1"}) == (event.dossier, event.version, event.data)
        assert read_position(cursor, position + 1) is None


def test_an_empty_log(database: Database) -> None:
    """Reading where nothing is gives nothing."""
    with database.autocommit() as cursor:
        assert 0 == head(cursor)
        assert last_event(cursor) is None
        assert [] == read_after(cursor, 0, 10)


def test_only_json_objects_are_data(database: Database) -> None:
    """Bytes that are no JSON object are kept as they are, and say so when they are decoded."""
    append_now(database, [StoredEvent(uuid4(), 1, "Odd", b"[1]"), StoredEvent(uuid4(), 1, "Odd", b"\xff")])

    for odd in eventually(lambda: _all(database)):
        with pytest.raises(ValueError):
            _ = odd.data


def _all(database: Database) -> list:
    with database.autocommit() as cursor:
        return read_after(cursor, 0, 10)


def test_what_was_read_again_is_made_into_something_once(database: Database, owner: Database) -> None:
    """Whoever reads a row that another has read finds what was made of it; a row of other words is another."""
    made_of: list[RecordedEvent] = []

    def make(event: RecordedEvent) -> int:
        made_of.append(event)
        return len(made_of)

    def told() -> list[int]:
        with database.autocommit() as cursor:
            return [event.once(make) for event in read_dossier(cursor, dossier)]

    [dossier] = filled(database, dossiers=1, events=2)
    before = [told(), told()]
    with owner.transaction() as cursor:  # as after a backup of another time was restored, where positions begin anew
        cursor.execute("ALTER TABLE eventstore.events DISABLE TRIGGER USER")
        cursor.execute("UPDATE eventstore.events SET state = %s WHERE version = 2", (b'{"note":"other"}',))
    after = told()

    assert [[1, 2], [1, 2], [1, 3]] == [*before, after]
    assert {"note": "other"} == made_of[-1].data
