"""Promises 3 and 4: a rebuild equals the live table, and needs no outage."""

import random
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.base.errors import UnknownEventType
from shared.platform.database.pool import Database
from shared.store.projection.errors import RebuildRunning
from shared.store.projection.rebuild import rebuild
from tests.projection.toy import (
    KNOWN,
    Log,
    Noted,
    Opened,
    Struck,
    Toy,
    apply,
    decode,
    random_events,
    record,
    tables,
)


def schemas(database: Database) -> list[str]:
    """What a rebuild may have left behind."""
    with database.autocommit() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'toy%' ORDER BY 1")
        return [row[0] for row in cursor.fetchall()]


def damage(database: Database) -> None:
    """Let the live tables be wrong in every way."""
    with database.autocommit() as cursor:
        cursor.execute("UPDATE toy.cases SET title = 'wrong', notes = 99")
        cursor.execute("DELETE FROM toy.notes WHERE number % 2 = 0")


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batch=st.integers(1, 150), again=st.integers(1, 150))
def test_a_rebuild_equals_a_clean_pass(database: Database, log: Log, batch: int, again: int) -> None:
    """Whatever the size of its batches, a rebuild from zero comes to the rows of a clean pass, and heals wrong ones."""
    rebuilt = rebuild(database, Toy(), decode, batch=batch)

    assert log.expected == tables(database)
    assert (len(log.events), log.events[-1].position) == (rebuilt.events, rebuilt.position)

    damage(database)
    rebuild(database, Toy(), decode, batch=again)

    assert log.expected == tables(database)


def test_a_rebuild_equals_what_was_applied_live(database: Database, log: Log) -> None:
    """The rows made live, in batches that came as they came, are the rows of the rebuild."""
    events = random.Random(1).sample(log.events, len(log.events))
    for start in range(0, len(events), 17):
        apply(database, events[start : start + 17])
    live = tables(database)

    rebuild(database, Toy(), decode, batch=33)

    assert live == tables(database)
    assert ["toy"] == schemas(database)


def test_a_rebuild_of_an_empty_log(database: Database) -> None:
    """Nothing recorded is no error."""
    assert 0 == rebuild(database, Toy(), decode).events


def test_a_second_rebuild_is_refused(database: Database) -> None:
    """Two rebuilds of one projection at once would overwrite each other: the second is told so, the first goes on."""
    record(database, *random_events(seed=1, count=20, dossiers=3))
    refused: list[Exception] = []

    def meanwhile(_position: int, _last: int) -> None:
        with pytest.raises(RebuildRunning) as caught:
            rebuild(database, Toy(), decode)
        refused.append(caught.value)

    rebuilt = rebuild(database, Toy(), decode, progress=meanwhile)

    assert 20 == rebuilt.events
    assert ["rebuild_running"] == [str(error) for error in refused]
    assert 20 == rebuild(database, Toy(), decode).events


def test_an_unknown_type_stops_a_rebuild(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A version that does not know a type must not replace rows of one that does; with one that does it works."""
    events = record(database, (1, Opened("a")), (1, "FromTheFuture"), (1, Noted("x")))
    apply(database, events)
    before = tables(database)

    with pytest.raises(UnknownEventType, match="FromTheFuture"):
        rebuild(database, Toy(), decode)

    assert before == tables(database)
    assert ["toy"] == schemas(database)
    monkeypatch.setitem(KNOWN, "FromTheFuture", Struck)
    rebuild(database, Toy(), decode)
    assert 3 == len(tables(database)["cases"][0][5])


def fail(_position: int, _last: int) -> None:
    """The process gives up."""
    raise KeyError("out of luck")


def test_a_failed_rebuild_changes_nothing(database: Database) -> None:
    """After an error the live tables are as before and nothing is left behind."""
    apply(database, record(database, (1, Opened("a")), (1, Noted("x"))))
    before = tables(database)

    with pytest.raises(KeyError):
        rebuild(database, Toy(), decode, progress=fail)

    assert before == tables(database)
    assert ["toy"] == schemas(database)


def test_a_rebuild_that_was_killed_can_be_begun_again(database: Database) -> None:
    """What a dead rebuild left behind is cleared by the next one, and its lock went with its connection."""
    apply(database, record(database, (1, Opened("a")), (1, Noted("x"))))
    before = tables(database)

    def die(_position: int, _last: int) -> None:
        with closing(database.connect()) as connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(l.pid, 5000) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
                " WHERE locktype = 'advisory' AND datname = current_database()"
            )
        raise KeyError("killed")

    with pytest.raises(Exception, match=r"killed|closed|terminat"):
        rebuild(database, Toy(), decode, progress=die)

    assert before == tables(database)
    rebuild(database, Toy(), decode)
    assert before == tables(database)
    assert ["toy"] == schemas(database)


def test_progress_is_told(database: Database) -> None:
    """After each batch: how far, and how far to go."""
    events = record(database, *random_events(seed=1, count=25, dossiers=3))
    told: list[tuple[int, int]] = []

    rebuild(database, Toy(), decode, batch=10, progress=lambda *each: told.append(each))

    last = events[-1].position
    assert [(events[9].position, last), (events[19].position, last), (last, last)] == told
