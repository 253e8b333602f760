"""The health pages are seen however many clients hold connections to them."""

from collections.abc import Iterator

import pytest
import requests
from nameko.containers import ServiceContainer

from shared.messaging.wire.health_server import HealthServer
from shared.platform.health import ADDRESS
from tests.fixtures.slow_client import HALF_HEADER, slow_clients
from tests.fixtures.waiting import free_ports


class Service:
    """One with pages."""

    name = "service"
    health = HealthServer()


@pytest.fixture
def port() -> Iterator[int]:
    """Where its pages are."""
    [free] = free_ports(1)
    container = ServiceContainer(Service, {ADDRESS: ("127.0.0.1", free)})
    container.start()
    yield free
    container.stop()


def test_who_watches_a_service_is_not_kept_out(port: int) -> None:
    """Half-open connections make room for whoever asks in earnest."""
    with slow_clients("127.0.0.1", port) as slow:
        slow.open(300, HALF_HEADER)

        assert 200 == requests.get(f"http://127.0.0.1:{port}/healthz", timeout=5).status_code
        assert slow.ended() > 200
