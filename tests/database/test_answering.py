"""A server whose packets are lost on the way, over a proxy that loses them."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import psycopg2
import pytest

from shared.base.errors import Unavailable
from shared.messaging.wire.failures import is_transient
from shared.platform.database import answering
from shared.platform.database.pool import Database
from tests.fixtures.postgres import execute
from tests.fixtures.proxy import Proxy
from tests.fixtures.waiting import eventually, patience


@pytest.fixture
def proxy(empty_database_url: str) -> Iterator[Proxy]:
    """Between the pool and the server."""
    with Proxy(empty_database_url) as between:
        yield between


@pytest.fixture
def database(proxy: Proxy, empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A database behind the proxy, whose silence is looked into after a quarter of a second."""
    monkeypatch.setattr(answering, "SILENCE_SECONDS", 0.25)
    monkeypatch.setattr("shared.platform.database.connecting._CONNECT_SECONDS", 1)
    behind = Database(proxy.url(empty_database_url), pool_size=4, wait_seconds=1)
    yield behind
    proxy.heal()
    behind.close()


def ask(database: Database, statement: str = "SELECT 1") -> int:
    """What a statement answers."""
    with database.autocommit() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
        assert row is not None
        return int(row[0])


def test_a_slow_answer_is_waited_for(database: Database) -> None:
    """A statement on which the server works for long, or which waits for a lock, is not given up."""
    with database.transaction() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(1), pg_sleep(0.9)")
        with ThreadPoolExecutor(1) as threads:
            waiting = threads.submit(ask, database, "SELECT 1 FROM pg_advisory_lock(1), pg_advisory_unlock(1)")
            time.sleep(0.9)
            cursor.connection.commit()

            assert 1 == waiting.result(timeout=60)


def test_a_slow_link_is_waited_for(database: Database, proxy: Proxy) -> None:
    """Packets that come late, or one by one, come."""
    ask(database)
    proxy.delay(0.4)

    assert 7 == ask(database, "SELECT 7")
    proxy.trickle(2000)
    assert 1000 == ask(database, "SELECT length(repeat('x', 1000))")


@pytest.mark.parametrize("fault", ["swallow", "stall"])
def test_a_lost_answer_is_not_waited_for(database: Database, proxy: Proxy, fault: str) -> None:
    """When packets are swallowed the statement fails soon as one of a server that is away, and nobody hangs."""
    ask(database)
    getattr(proxy, fault)()
    began = time.monotonic()
    with pytest.raises((psycopg2.OperationalError, Unavailable)):
        ask(database)
    with pytest.raises((psycopg2.OperationalError, Unavailable)):
        ask(database)
    assert time.monotonic() - began < patience(6)

    proxy.heal()
    assert 1 == ask(database)


def test_an_answer_lost_while_the_server_is_well_is_found_out(database: Database, proxy: Proxy) -> None:
    """The link loses one answer and is well again at once: the server says that it has long been done."""
    with database.autocommit() as cursor:
        cursor.execute("SELECT 1")
        proxy.swallow()
        with ThreadPoolExecutor(1) as threads:
            waiting = threads.submit(cursor.execute, "SELECT 2")
            eventually(lambda: proxy.swallowed)
            proxy.heal()
            began = time.monotonic()
            with pytest.raises(psycopg2.OperationalError, match="does not answer"):
                waiting.result(timeout=60)
    assert time.monotonic() - began < patience(5)
    assert cursor.connection.closed
    assert 1 == ask(database)


def test_an_answer_cut_in_the_middle_is_trouble_of_the_database(database: Database, proxy: Proxy) -> None:
    """Wherever an answer breaks off, it is the server that is away, never the statement that is wrong."""
    for count in (1, 5, 6, 40, 1000, 20000):
        ask(database)
        proxy.cut_after(count)
        with pytest.raises((psycopg2.Error, Unavailable)) as raised, database.autocommit() as cursor:
            cursor.execute("SELECT repeat('x', 1000) FROM generate_series(1, 1000)")
        assert is_transient(raised.value), (count, raised.value)
        proxy.heal()
        assert 1 == ask(database)


def test_a_session_opened_in_a_read_only_time_is_not_kept(database: Database, empty_database_url: str) -> None:
    """Sessions keep what the database was when they began: one that may not write is not handed out again."""
    name = urlsplit(empty_database_url).path.lstrip("/")
    execute(empty_database_url, "CREATE TABLE notes (note text)")
    execute(empty_database_url, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    for way in (database.autocommit, database.transaction):
        with pytest.raises(psycopg2.errors.ReadOnlySqlTransaction), way() as cursor:
            cursor.execute("INSERT INTO notes VALUES ('x')")
    ask(database)
    execute(empty_database_url.replace(name, "postgres"), f"ALTER DATABASE {name} RESET default_transaction_read_only")

    def write() -> bool:
        with database.autocommit() as cursor:
            cursor.execute("INSERT INTO notes VALUES ('y')")
        return True

    with pytest.raises(psycopg2.errors.ReadOnlySqlTransaction):
        write()  # over the session that began in between
    assert write()
