import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import eventlet
import psycopg2
import pytest

from shared.base.errors import Unavailable
from shared.platform.database import pool as module
from shared.platform.database.pool import Database
from tests.fixtures.waiting import eventually, patience


@pytest.fixture
def database(empty_database_url: str) -> Iterator[Database]:
    """A database with one table and a pool of two connections."""
    pool = Database(empty_database_url, pool_size=2, wait_seconds=0.2)
    with pool.transaction() as cursor:
        cursor.execute("CREATE TABLE notes (note text)")
    yield pool
    pool.close()


def notes(database: Database) -> list[str]:
    """What was committed."""
    with database.autocommit() as cursor:
        cursor.execute("SELECT note FROM notes ORDER BY note")
        return [row[0] for row in cursor.fetchall()]


def session_of(database: Database) -> int:
    """The server's process behind the connection that is handed out next."""
    with database.autocommit() as cursor:
        return cursor.connection.info.backend_pid


def test_a_transaction_is_kept_whole_or_not_at_all(database: Database) -> None:
    """What is written in a transaction is committed at its end, and undone if anything is raised."""
    with database.transaction() as cursor:
        cursor.execute("INSERT INTO notes VALUES ('kept')")
    with pytest.raises(psycopg2.errors.DivisionByZero), database.transaction() as cursor:
        cursor.execute("INSERT INTO notes VALUES ('lost'); SELECT 1/0")

    assert ["kept"] == notes(database)


def test_connections_are_used_again(database: Database) -> None:
    """A connection that ended in a known state serves the next caller, after an error of a statement too."""
    first = session_of(database)
    with pytest.raises(psycopg2.errors.UndefinedTable), database.transaction() as cursor:
        cursor.execute("SELECT * FROM nowhere")

    assert first == session_of(database)


def test_no_more_connections_than_allowed(database: Database) -> None:
    """Who finds all connections in use waits for one, for a bounded time."""
    with (
        database.autocommit(),
        database.transaction(),
        pytest.raises(Unavailable, match="database_busy"),
        database.autocommit(),
    ):
        pytest.fail("a third connection was handed out")

    assert [] == notes(database)


def test_queries_of_one_process_overlap(empty_database_url: str) -> None:
    """While one greenlet waits for the database, the others go on: all can wait at the same time."""
    database = Database(empty_database_url, pool_size=9)
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = ("
    waiting += "SELECT oid FROM pg_database WHERE datname = current_database())"

    def wait(_: int) -> None:
        with database.autocommit() as cursor:
            cursor.execute("SELECT pg_advisory_lock_shared(1), pg_advisory_unlock_shared(1)")

    def waiters(cursor: Any) -> int:
        cursor.execute(waiting)
        return int(cursor.fetchone()[0])

    with ThreadPoolExecutor(8) as threads, database.autocommit() as cursor:
        cursor.execute("SELECT pg_advisory_lock(1)")
        done = threads.map(wait, range(8))
        eventually(lambda: waiters(cursor) == 8, what="eight queries wait")
        cursor.execute("SELECT pg_advisory_unlock(1)")
        assert [None] * 8 == list(done)
    database.close()


def test_a_connection_interrupted_in_a_query_is_not_used_again(database: Database) -> None:
    """A greenlet's timeout leaves nobody knowing what the server is doing: that connection is closed."""
    with pytest.raises(eventlet.Timeout), database.transaction() as cursor, eventlet.Timeout(0.1):
        cursor.execute("INSERT INTO notes VALUES ('lost'); SELECT pg_sleep(60)")

    assert cursor.connection.closed
    assert [] == notes(database)


def test_an_interruption_outside_a_query_rolls_back(database: Database) -> None:
    """A timeout between two statements undoes the transaction."""

    def stay(cursor: Any) -> None:
        cursor.execute("INSERT INTO notes VALUES ('lost')")
        with eventlet.Timeout(0.1):
            time.sleep(60)

    with pytest.raises(eventlet.Timeout), database.transaction() as cursor:
        stay(cursor)

    assert [] == notes(database)


def test_after_a_restart_only_one_caller_fails(database: Database, postgres_url: str) -> None:
    """Whoever meets the first dead connection fails; the others that idled with it are thrown away."""
    with database.autocommit(), database.autocommit():
        pass
    _end_sessions(postgres_url, database)

    with pytest.raises(psycopg2.OperationalError):
        notes(database)

    assert [] == notes(database)


def test_connections_that_idled_are_asked_first(
    database: Database, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that has not been used for a while is handed out only if it answers."""
    monkeypatch.setattr(module, "_TRUST_SECONDS", 0)
    session_of(database)
    _end_sessions(postgres_url, database)

    assert [] == notes(database)


def test_an_open_transaction_does_not_come_back(database: Database) -> None:
    """A transaction that a caller opened by hand and left open is not handed to the next one."""
    with database.autocommit() as cursor:
        cursor.execute("BEGIN; INSERT INTO notes VALUES ('forgotten')")

    assert [] == notes(database)


def test_sessions_are_set_up(empty_database_url: str) -> None:
    """Times are UTC, statements and idle transactions are bounded, and options of the URL stay."""
    database = Database(
        f"{empty_database_url}&options=-c%20work_mem%3D5MB", statement_seconds=0.5, idle_in_transaction_seconds=3
    )
    names = ("TimeZone", "statement_timeout", "idle_in_transaction_session_timeout", "work_mem")

    with database.autocommit() as cursor:
        cursor.execute("SELECT current_setting(name) FROM unnest(%s) AS name", (list(names),))
        assert ["UTC", "500ms", "3s", "5MB"] == [row[0] for row in cursor.fetchall()]
        with pytest.raises(psycopg2.errors.QueryCanceled):
            cursor.execute("SELECT pg_sleep(60)")
    database.close()


def test_who_does_not_answer_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes the connection and never answers is given up, though libpq's own timeout is not heeded."""
    monkeypatch.setattr("shared.platform.database.connecting._CONNECT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        database = Database(f"postgresql://nobody@127.0.0.1:{deaf.getsockname()[1]}/none")

        started = time.monotonic()
        with pytest.raises(Unavailable, match="database_unavailable"):
            database.connect()

    assert time.monotonic() - started < patience(10)


def test_who_is_not_there_is_unavailable() -> None:
    """A server that cannot be reached is told as such."""
    with pytest.raises(Unavailable, match="database_unavailable"):
        Database("postgresql://nobody@127.0.0.1:1/none").connect()


def test_a_closed_pool_gives_nothing(database: Database) -> None:
    """After close nothing can be had, and what was out is closed when it comes back."""
    with database.autocommit() as cursor:
        database.close()
    assert cursor.connection.closed

    with pytest.raises(Unavailable, match="database_closed"), database.autocommit():
        pytest.fail("a connection was handed out")


def _end_sessions(postgres_url: str, database: Database) -> None:
    name = database.url.rpartition("/")[2].partition("?")[0]
    other = Database(postgres_url)
    with other.autocommit() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (name,))
    other.close()
