"""A whole installation on a real broker, and everything that somebody could look into afterwards."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg2
from kombu import Connection, Queue

from shared.messaging.wire.topology import EVENTS
from shared.platform.secret import new_secret
from shared.platform.settings import PROJECT, Settings
from tests.fixtures.rabbitmq import dying_with_us
from tests.fixtures.waiting import patience
from tests.journey.installation import START, Api
from tests.tracing.receiver import Receiver, receiving

TAP = "somebody-who-listens"


@dataclass
class Installation:
    """An installation.

    :param log: all that its process has said, down to the last detail.
    :param server_log: what its PostgreSQL has said.
    :param traces: what it has told of its work to whoever collects traces.
    """

    api: Api
    database_url: str
    broker_url: str
    environment: dict[str, str] = field(repr=False)
    log: Path
    server_log: Path
    traces: Receiver

    def aduan(self, *arguments: str) -> str:
        """Run a command as an operator does; all it says."""
        done = subprocess.run(
            [sys.executable, "-m", "cli.main", *arguments],
            env=self.environment,
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=patience(60),
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Any question to the database, as its owner."""
        with closing(psycopg2.connect(self.database_url)) as session, session.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall())

    def tables(self) -> dict[str, bytes]:
        """Everything that lies in the database, by table."""
        names = self.query(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        return {
            f"{schema}.{table}": b"\n".join(
                _bytes(value) for row in self.query(f"SELECT * FROM {schema}.{table}") for value in row
            )
            for schema, table in names
        }

    def files(self) -> dict[str, bytes]:
        """What lies in the data directory, but for letters, which are there to be read, and for the log."""
        return {
            str(path.relative_to(self.place)): path.read_bytes()
            for path in self.place.rglob("*")
            if path.is_file() and path != self.log and "outbox" not in path.parts
        }

    @property
    def place(self) -> Path:
        """The data directory."""
        return self.log.parent

    def heard(self) -> list[bytes]:
        """Every message that was published about the log: body, headers, properties, routing key."""
        return [
            b"\n".join(_bytes(part) for part in (message.body, message.headers, message.properties, key))
            for message, key in _taken(self.broker_url, TAP)
        ]

    def taken(self, queue: str) -> list[tuple[bytes, dict[str, Any]]]:
        """The messages of a queue, bodies and headers, which are taken out of it."""
        return [(_bytes(message.body), message.headers) for message, _ in _taken(self.broker_url, queue)]


@contextmanager
def installed(database_url: str, broker_url: str, place: Path) -> Iterator[Installation]:
    """``aduan up`` on a given database and broker, with the most talkative log there is."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ADUAN_")},
        "ADUAN_DATABASE_URL": database_url,
        "ADUAN_BROKER_URL": broker_url,
        "ADUAN_MASTER_KEY": new_secret(),
        "ADUAN_DATA_DIR": str(place),
        "ADUAN_FILES_URL": f"file://{place / 'files'}",
        "ADUAN_LOG_LEVEL": "DEBUG",
        "ADUAN_TICK_MS": "20",
        "ADUAN_CONSUMER_LINGER_MS": "2",
        "OTEL_BSP_SCHEDULE_DELAY": "100",  # milliseconds
    }
    with Connection(broker_url) as connection, connection.channel() as channel:
        Queue(TAP, exchange=EVENTS, routing_key="#", durable=True)(channel).declare()
    log = place / "log"
    command = [sys.executable, "-m", "cli.main", "up", "--port", "0", "--simulated-clock", START]
    with receiving() as traces:
        with log.open("wb") as said:
            process = subprocess.Popen(
                dying_with_us(command),
                env={**environment, "ADUAN_TRACES_URL": traces.address},
                cwd=PROJECT,
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
            )
        try:
            assert process.stdout is not None
            ready = process.stdout.readline()
            assert ready.startswith("ready "), log.read_text()[-3000:]
            settings = Settings.from_environment(environment)
            api = Api(ready.split()[1], settings.token_key, data=place)
            [directory] = parse_qs(urlsplit(database_url).query)["host"]
            yield Installation(api, database_url, broker_url, environment, log, Path(directory) / "server.log", traces)
        finally:
            process.terminate()
            try:
                process.communicate(timeout=patience(30))
            finally:
                process.kill()


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    return str(value).encode()


def _taken(broker_url: str, queue: str) -> Iterator[tuple[Any, str]]:
    with Connection(broker_url) as connection, connection.channel() as channel:
        while (raw := channel.basic_get(queue=queue, no_ack=True)) is not None:
            yield channel.message_to_python(raw), raw.delivery_info["routing_key"]
