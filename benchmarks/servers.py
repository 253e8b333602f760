"""The servers that a benchmark runs on: a PostgreSQL and a RabbitMQ of its own, on the disk and as durable as in use.

Both sides of a ratio stand on the same servers, in a database and a virtual host each.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg2

from shared.platform.database.embedded_postgres import EmbeddedPostgres
from shared.platform.migrations import migrate
from tests.fixtures.rabbitmq import RabbitMQ

_TEMPLATE = "aduan_bench_template"


class Broker(Protocol):
    """A running RabbitMQ."""

    @property
    def pid(self) -> int:
        """Its process."""

    def new_vhost(self) -> str:
        """Make an empty virtual host; its name."""

    def url_of(self, vhost: str) -> str:
        """The AMQP URL of a virtual host."""


@dataclass(frozen=True)
class Postgres:
    """A running server.

    :param url: the superuser's, on the database ``postgres``.
    """

    url: str

    def database(self, name: str) -> str:
        """The URL of a new database with every room's tables.

        :param name: what its own begins with.
        """
        name = f"{name}_{uuid4().hex[:8]}"
        if not self._has(_TEMPLATE):
            self._run(f"CREATE DATABASE {_TEMPLATE}")
            migrate(self._of(_TEMPLATE))
        self._run(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        return self._of(name)

    def _of(self, name: str) -> str:
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def _has(self, name: str) -> bool:
        with closing(psycopg2.connect(self.url)) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT FROM pg_database WHERE datname = %s)", (name,))
            return cursor.fetchone() == (True,)

    def _run(self, statement: str) -> None:
        with closing(psycopg2.connect(self.url)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)


@contextmanager
def place() -> Iterator[Path]:
    """A directory on the disk, removed afterwards."""
    directory = Path(tempfile.mkdtemp(prefix="aduan-bench-"))
    directory.chmod(0o755)  # the database server may run as a user of its own
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def postgres(directory: Path) -> Iterator[Postgres]:
    """A PostgreSQL that waits for the disk at every commit, as the embedded one always does."""
    with EmbeddedPostgres(directory / "postgres") as server:
        yield Postgres(server.start())


@dataclass(frozen=True)
class Servers:
    """All that processes of both sides need.

    :param directory: for their logs and files.
    :param broker: a running RabbitMQ.
    """

    directory: Path
    postgres: Postgres
    broker: Broker

    def virtual_host(self) -> str:
        """The URL of a new virtual host."""
        return self.broker.url_of(self.broker.new_vhost())


@contextmanager
def servers() -> Iterator[Servers]:
    """A PostgreSQL and a RabbitMQ with their files on the disk, gone afterwards."""
    with place() as directory, postgres(directory) as database:
        files = directory / "rabbitmq"
        files.mkdir()
        with RabbitMQ(files) as broker:
            yield Servers(directory, database, broker)
