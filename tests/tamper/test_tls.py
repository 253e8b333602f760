"""TLS to both servers: by an authority of one's own, for the very host that is meant, or not at all."""

import re
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from amqp import Message

from shared.base.errors import Unavailable
from shared.messaging.wire.connections import BROKER_ERRORS, channel_on, connected, open_connection
from shared.platform.database.pool import APPLICATION_ROLE, Database
from tests.fixtures.broker import OutsideBroker
from tests.fixtures.rabbitmq import RabbitMQ
from tests.fixtures.tls import Authority, TlsProxy

MEANT, ANOTHER = "localhost", "another.example"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """Whom we trust."""
    return Authority(tmp_path / "ours")


@pytest.fixture
def stranger(tmp_path: Path) -> Authority:
    """Whom we do not."""
    return Authority(tmp_path / "theirs")


def _database(url: str, port: int, authority: Authority) -> Database:
    name = urlsplit(url).path.lstrip("/")
    verified = f"sslmode=verify-full&sslrootcert={authority.file}"
    return Database(f"postgresql://postgres@{MEANT}:{port}/{name}?{verified}", role=APPLICATION_ROLE)


def _of_database(url: str) -> str:
    [folder] = parse_qs(urlsplit(url).query)["host"]
    return f"{folder}/.s.PGSQL.5432"


def test_a_database_is_reached_by_tls(database_url: str, authority: Authority) -> None:
    """With ``sslmode=verify-full`` and one's own authority, by the pool that all services use."""
    with TlsProxy(_of_database(database_url), authority.certificate(MEANT), postgres=True) as proxy:
        database = _database(database_url, proxy.port, authority)
        with closing(database), database.transaction() as cursor:
            cursor.execute("SELECT current_user, repeat('x', 200000)")
            [(who, much)] = cursor.fetchall()
            assert cursor.connection.info.ssl_in_use

    assert (APPLICATION_ROLE, 200_000) == (who, len(much))


@pytest.mark.parametrize("by", ["stranger", "another"])
def test_another_database_is_not_believed(
    database_url: str, authority: Authority, stranger: Authority, by: str
) -> None:
    """One whose certificate is of an unknown authority, or for another host: nothing is sent to it."""
    shown = stranger.certificate(MEANT) if by == "stranger" else authority.certificate(ANOTHER)
    with TlsProxy(_of_database(database_url), shown, postgres=True) as proxy:
        database = _database(database_url, proxy.port, authority)
        with closing(database), pytest.raises(Unavailable) as refused:
            database.connect()
    assert re.search("SSL error|certificate", str(refused.value.__cause__))


@pytest.fixture
def broker_at(rabbitmq: RabbitMQ | OutsideBroker) -> tuple[str, tuple[str, int]]:
    """Name and password for the broker, and where it is."""
    parts = urlsplit(rabbitmq.url if isinstance(rabbitmq, OutsideBroker) else rabbitmq.url_of("/"))
    return parts.netloc.rpartition("@")[0], (parts.hostname or "", parts.port or 5672)


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Ours, as OpenSSL is told of it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    return authority


def test_a_broker_is_reached_by_tls(broker_at: tuple[str, tuple[str, int]], trusted: Authority) -> None:
    """By ``amqps://``, as every service connects."""
    who, place = broker_at
    with (
        TlsProxy(place, trusted.certificate(MEANT)) as proxy,
        connected(f"amqps://{who}@{MEANT}:{proxy.port}//") as connection,
        channel_on(connection) as channel,
    ):
        queue = channel.queue_declare(exclusive=True).queue
        channel.basic_publish(Message(b"x" * 100_000), routing_key=queue)
        assert 100_000 == len(channel.basic_get(queue, no_ack=True).body)


@pytest.mark.parametrize("by", ["stranger", "another"])
def test_another_broker_is_not_believed(
    broker_at: tuple[str, tuple[str, int]], trusted: Authority, stranger: Authority, by: str
) -> None:
    """One whose certificate is of an unknown authority, or for another host, which the library would have taken."""
    who, place = broker_at
    shown = stranger.certificate(MEANT) if by == "stranger" else trusted.certificate(ANOTHER)
    with TlsProxy(place, shown) as proxy, pytest.raises(BROKER_ERRORS, match="certificate"):
        open_connection(f"amqps://{who}@{MEANT}:{proxy.port}//")
