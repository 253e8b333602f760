"""Both brokers: what is promised holds on either, so most tests here run twice."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from shared.messaging.wire import memory
from shared.platform.database.pool import APPLICATION_ROLE, Database
from tests.messaging.helping import Serve, declare, serving


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
