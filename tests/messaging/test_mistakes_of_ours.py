"""What a service does when a part of it fails in a way that nobody has thought of."""

from types import SimpleNamespace
from typing import Any

import eventlet
import pytest

from shared.messaging.consuming.consumer import consume_log
from shared.messaging.publishing.relay import LogRelay
from shared.messaging.ticker import ticking
from shared.messaging.wire.configuration import RUNTIME
from shared.platform.database.pool import Database
from tests.messaging.helping import Serve, config_for


class Consuming:
    """Takes the log."""

    name = "reporting"

    @consume_log("reporting")
    def project(self, events: list[Any]) -> None:
        """Do nothing."""


class Relaying:
    """Publishes the log."""

    name = "relaying"
    relay = LogRelay()


class Timed:
    """Has a timer."""

    name = "timed"

    @ticking
    def tick(self) -> None:
        """Do nothing."""


@pytest.mark.parametrize(
    ("service", "part"),
    [
        (Consuming, "shared.messaging.consuming.batch_consumer.declare_all"),
        (Relaying, "shared.messaging.publishing.log_publisher.Relay.run"),
        (Timed, "shared.messaging.ticker.Ticker._run"),
    ],
)
def test_a_part_that_fails_ends_its_service(
    database: Database, memory_url: str, serve: Serve, monkeypatch: pytest.MonkeyPatch, service: type, part: str
) -> None:
    """The service dies of it and says so, instead of living on without the part."""

    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(part, fails)
    config = config_for(memory_url, database)
    config[RUNTIME].settings = SimpleNamespace(tick_ms=20)
    container = serve(service, config)
    with eventlet.Timeout(5), pytest.raises(ZeroDivisionError):
        container.wait()
