"""Both brokers: what is promised holds on either, so most tests here run twice."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from shared.messaging.wire import memory
from shared.messaging.wire.configuration import RUNTIME
from shared.platform.database.pool import APPLICATION_ROLE, Database
from tests.messaging.following import NAMES, Seen, Start, Sums, make_tables
from tests.messaging.helping import Serve, config_for, declare, serving


@pytest.fixture(params=["memory", pytest.param("rabbitmq", marks=pytest.mark.rabbitmq)])
def broker(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty broker: once in memory, once RabbitMQ. All events come into the services' queues."""
    if request.param == "rabbitmq":
        url = request.getfixturevalue("broker_url")
        declare(url)
        yield url
    else:
        url = f"memory:///{uuid4().hex}"
        declare(url)
        yield url
        memory.reset()


@pytest.fixture
def memory_url() -> Iterator[str]:
    """The URL of an empty broker in memory. All events come into the services' queues."""
    url = f"memory:///{uuid4().hex}"
    declare(url)
    yield url
    memory.reset()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database as a service sees it."""
    restricted = Database(database_url, role=APPLICATION_ROLE)
    yield restricted
    restricted.close()


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Runs services on the broker, and kills them after the test."""
    with serving() as function:
        yield function


@pytest.fixture
def log(database_url: str) -> Iterator[Database]:
    """A database with the tables of both services of ``following``."""
    owner = Database(database_url)
    make_tables(owner)
    restricted = Database(database_url, role=APPLICATION_ROLE)
    yield restricted
    Sums.bad.clear()
    restricted.close()
    owner.close()


@pytest.fixture
def seen() -> Seen:
    """What the services' methods have seen."""
    return Seen()


@pytest.fixture(params=["together", "apart"])
def start(request: pytest.FixtureRequest, log: Database, seen: Seen, serve: Serve) -> Iterator[Start]:
    """Starts services: in one process, or as if each had a process of its own. Gives their containers by name."""
    made: list[Database] = []

    def begin_all(url: str, *names: str) -> dict[str, Any]:
        containers = {}
        shared_config: dict[str, Any] | None = None
        for name in names or NAMES:
            if shared_config is None or request.param == "apart":
                mark = "&" if "?" in log.url else "?"
                own = Database(f"{log.url}{mark}application_name={uuid4().hex}", role=APPLICATION_ROLE)
                made.append(own)
                shared_config = config_for(url, own, batch=20)
            service = seen.service(name)
            service.database = shared_config[RUNTIME].database  # type: ignore[attr-defined]
            containers[name] = serve(service, shared_config)
        return containers

    yield begin_all
    for each in made:
        each.close()
