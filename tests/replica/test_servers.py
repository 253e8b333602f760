"""A URL that names several servers leads to the one that takes writes, whatever becomes of the others."""

import socket
import time

import psycopg2
import pytest
from psycopg2.extensions import connection, parse_dsn

from shared.base.errors import Unavailable
from shared.platform.database.pool import Database
from shared.platform.database.servers import DatabaseServers
from shared.platform.secret import new_secret
from shared.platform.settings import Settings
from tests.fixtures.waiting import eventually, free_ports
from tests.replica.postgres import Pair


def port_of(database: Database) -> int:
    """The port of the server that is used."""
    with database.autocommit() as cursor:
        cursor.execute("SELECT inet_server_port()")
        [(port,)] = cursor.fetchall()
    return int(port)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u@a/d", [("a", None, None)]),
        ("postgresql://u@a,b/d", [("a", None, "read-write"), ("b", None, "read-write")]),
        ("postgresql://u@a:1,b:2/d", [("a", "1", "read-write"), ("b", "2", "read-write")]),
        ("postgresql://u@/d?host=a,b&port=7", [("a", "7", "read-write"), ("b", "7", "read-write")]),
        ("postgresql://u@/d?host=/x,/y&port=1,2", [("/x", "1", "read-write"), ("/y", "2", "read-write")]),
        ("host=a,b,c dbname=d target_session_attrs=any", [("a", None, "any"), ("b", None, "any"), ("c", None, "any")]),
        ("postgresql://u@[::1]:1,b/d?target_session_attrs=primary", [("::1", "1", "primary"), ("b", None, "primary")]),
    ],
)
def test_each_server_of_a_url_is_asked_by_itself(url: str, expected: list[tuple[str, str | None, str | None]]) -> None:
    """Every way in which libpq lets several hosts be written is understood; nothing said means the one that writes."""
    asked: list[dict[str, str]] = []

    def refuse(dsn: str) -> connection:
        asked.append(parse_dsn(dsn))
        raise psycopg2.OperationalError("refused")

    with pytest.raises(psycopg2.OperationalError, match="refused"):
        DatabaseServers(url).connect(refuse)

    assert expected == [(each.get("host"), each.get("port"), each.get("target_session_attrs")) for each in asked]


def test_a_url_of_several_hosts_is_a_setting() -> None:
    """The settings take it."""
    url = "postgresql://aduan:x@db1:5432,db2:5433/aduan?target_session_attrs=read-write"
    given = {"ADUAN_DATABASE_URL": url, "ADUAN_BROKER_URL": "amqp://b//", "ADUAN_MASTER_KEY": new_secret()}

    assert url == Settings.from_environment(given).database_url


def test_why_no_server_can_be_had_is_told_of_each() -> None:
    """Places are named, passwords are not."""
    first, second = free_ports(2)
    database = Database(f"postgresql://u:hunter2@127.0.0.1:{first},127.0.0.1:{second}/d")

    with pytest.raises(Unavailable) as told:
        database.connect()

    cause = str(told.value.__cause__)
    assert (True, True, False) == (f"127.0.0.1:{first}:" in cause, f"127.0.0.1:{second}:" in cause, "hunter2" in cause)


def test_the_one_that_writes_is_found(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past a host that swallows everything, past a standby; after a failover past the former primary come back."""
    monkeypatch.setattr("shared.platform.database.connecting._CONNECT_SECONDS", 1)
    primary, standby = pair.primary, pair.standby
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        hosts = [deaf.getsockname()[1], standby.port, primary.port]
        url = f"postgresql://postgres@/postgres?host={','.join(['127.0.0.1'] * 3)}&port={','.join(map(str, hosts))}"
        database = Database(url, pool_size=2)
        first = port_of(database)
        began = time.monotonic()
        for _ in range(3):
            database.connect().close()
        remembered = time.monotonic() - began
        primary.kill()
        with pytest.raises((psycopg2.OperationalError, Unavailable)):
            port_of(database)
        pair.fail_over()
        second = eventually(lambda: port_of(database), within=30)
        primary.start()
        # Started as it was, it stands there as one that takes writes; its history has ended all the same.
        stale = Database(f"postgresql://postgres@127.0.0.1:{primary.port},127.0.0.1:{standby.port}/postgres")
        found = port_of(stale)
        standby.stop()
        with pytest.raises((psycopg2.OperationalError, Unavailable)):
            port_of(database)
        with pytest.raises(Unavailable) as told:
            database.connect()
        for each in (database, stale):
            each.close()

    assert (primary.port, standby.port, standby.port) == (first, second, found)
    assert remembered < 3  # seconds: so long all three would have waited for the first host
    assert "timeline" in str(told.value.__cause__)
