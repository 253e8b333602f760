"""Readiness tells the truth of parts that have ended without anybody's wish."""

from types import SimpleNamespace
from typing import Any

import pytest
from greenlet import GreenletExit

from shared.messaging.consuming.consumer import consume_log
from shared.messaging.publishing.relay import LogRelay
from shared.messaging.ticker import ticking
from shared.messaging.wire.configuration import RUNTIME
from shared.platform.database.pool import Database
from shared.platform.health import checks_of
from tests.fixtures.waiting import eventually
from tests.messaging.helping import Serve, config_for


class Everything:
    """A relay, a consumer and a timer."""

    name = "reporting"
    relay = LogRelay()

    @consume_log("reporting")
    def project(self, events: list[Any]) -> None:
        """Do nothing."""

    @ticking
    def tick(self) -> None:
        """Do nothing."""


@pytest.fixture
def config(database: Database, memory_url: str) -> dict[str, Any]:
    """Nameko's configuration."""
    made = config_for(memory_url, database)
    made[RUNTIME].settings = SimpleNamespace(tick_ms=20)
    return made


def unwell(config: dict[str, Any]) -> set[str]:
    """The parts that are not ready."""
    return {name for name, said in checks_of(config).readiness().checks.items() if said != "ok"}


@pytest.mark.parametrize("part", ["log", "relay", "tick"])
def test_a_part_whose_greenlet_is_gone_is_not_ready(config: dict[str, Any], serve: Serve, part: str) -> None:
    """However it was ended, also so that nobody was told: it does not come back by itself."""
    container = serve(Everything, config)
    eventually(lambda: not unwell(config), what="all ready")
    extensions = [*container.entrypoints, *container.dependencies]
    (ended,) = [each for each in extensions if getattr(each, "_check", "").endswith(f":{part}")]
    ended._thread._thread.kill(GreenletExit)
    eventually(lambda: unwell(config) == {f"reporting:{part}"})


def test_a_service_that_was_killed_is_not_ready(config: dict[str, Any], serve: Serve) -> None:
    """Its process may live on for others' sake, and says so."""
    container = serve(Everything, config)
    eventually(lambda: not unwell(config), what="all ready")
    container.kill()

    assert {"reporting:log", "reporting:relay", "reporting:tick"} == unwell(config)


def test_a_service_that_was_stopped_is_not_asked(config: dict[str, Any], serve: Serve) -> None:
    """Who leaves in good order leaves no complaint behind."""
    container = serve(Everything, config)
    eventually(lambda: not unwell(config), what="all ready")
    container.stop()

    assert set() == unwell(config)
