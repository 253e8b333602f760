import json
from collections.abc import Iterator
from typing import Any

import eventlet
import pytest
import requests
from nameko.containers import ServiceContainer

from shared.messaging.wire.health_server import HealthServer
from shared.platform.database.pool import Database
from shared.platform.health import ADDRESS, Checks, checks_of, database_check, page
from tests.fixtures.waiting import answers, eventually, free_ports


class Service:
    """A service that only tells how it is."""

    name = "example"
    health = HealthServer()


@pytest.fixture
def config() -> dict[str, Any]:
    """A nameko configuration that names an address for the health pages."""
    return {ADDRESS: ("127.0.0.1", free_ports(1)[0])}


@pytest.fixture
def container(config: dict[str, Any]) -> Iterator[ServiceContainer]:
    """The service, running."""
    container = ServiceContainer(Service, config)
    container.start()
    yield container
    container.stop()


def _get(config: dict[str, Any], path: str) -> requests.Response:
    host, port = config[ADDRESS]
    return requests.get(f"http://{host}:{port}{path}", timeout=10)


def test_a_started_service_is_healthy_and_ready(container: ServiceContainer, config: dict[str, Any]) -> None:
    """Whoever starts services in order can ask each whether it may go on."""
    assert 200 == _get(config, "/healthz").status_code
    assert {"status": "ok", "checks": {"example:started": "ok"}} == _get(config, "/readyz").json()
    assert "aduan_relay_leads" in _get(config, "/metrics").text
    assert 404 == _get(config, "/else").status_code


def test_a_part_that_is_away_makes_unready_not_unhealthy(container: ServiceContainer, config: dict[str, Any]) -> None:
    """An outage of the database takes no process down with it."""
    checks_of(config).add_readiness("example:database", lambda: False)

    assert 200 == _get(config, "/healthz").status_code
    assert 503 == _get(config, "/readyz").status_code
    assert "not ok" == _get(config, "/readyz").json()["checks"]["example:database"]


def test_a_stopped_service_answers_no_more(config: dict[str, Any]) -> None:
    """The port is free again when the service has stopped, and its checks say that it is not ready."""
    container = ServiceContainer(Service, config)
    container.start()
    container.stop()

    eventually(lambda: not answers(*config[ADDRESS]))
    assert not checks_of(config).readiness().ok


def test_without_an_address_there_are_no_pages() -> None:
    """Services that share a process leave the pages to the portal, which asks the same checks."""
    config: dict[str, Any] = {}
    container = ServiceContainer(Service, config)
    container.start()

    assert checks_of(config).readiness().ok
    container.stop()
    assert not checks_of(config).readiness().ok


def test_a_check_that_hangs_is_an_answer_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part that does not answer in time is not ready; the page itself always answers."""
    monkeypatch.setattr("shared.platform.health.CHECK_SECONDS", 0.05)
    checks = Checks()
    checks.add_readiness("broker", lambda: bool(eventlet.sleep(60)))

    status, _, body = page(checks, "/readyz")
    assert ("503 Service Unavailable", "TimeoutError") == (status, json.loads(body)["checks"]["broker"])


def test_a_check_that_fails_tells_its_kind_only() -> None:
    """The page is open to anybody on the network: an error's text, with addresses and users, stays inside."""
    checks = Checks()
    checks.add_readiness("database", lambda: 1 / 0 > 0)

    _, _, body = page(checks, "/readyz")
    assert {"database": "ZeroDivisionError"} == json.loads(body)["checks"]


def test_a_part_that_has_stopped_is_named_and_leaves_the_process_ready_for_others() -> None:
    """Who shares a process with it goes on; a process that has nobody else is not ready."""
    checks = Checks()
    stops: list[str | None] = ["mend it"]
    checks.add_readiness("reporting:calls", lambda: True)
    checks.add_readiness("database", lambda: True)
    checks.add_stop("reporting:log", lambda: stops[-1])

    alone = page(checks, "/readyz")
    checks.add_readiness("routing:calls", lambda: True)
    shared = page(checks, "/readyz")
    stops.append(None)
    again = page(checks, "/readyz")

    assert ("503 Service Unavailable", "mend it") == (alone[0], json.loads(alone[2])["checks"]["reporting:log"])
    assert ("200 OK", "impaired") == (shared[0], json.loads(shared[2])["status"])
    assert {"reporting:log": "mend it"} == json.loads(shared[2])["stopped"]
    assert ("200 OK", "ok") == (again[0], json.loads(again[2])["status"])
    assert "stopped" not in json.loads(again[2])


def test_a_part_that_stopped_in_good_order_is_forgotten() -> None:
    """Whoever leaves in good order does not count as missing."""
    checks = Checks()
    checks.add_readiness("relay", lambda: False)
    checks.remove("relay")

    assert checks.readiness().ok


def test_the_database_check_asks_the_database(empty_database_url: str) -> None:
    """Ready means that the database answers now, not that it did once."""
    database = Database(empty_database_url)
    checks = Checks()
    checks.add_readiness("database", database_check(database))
    before = checks.readiness().ok
    database.close()

    assert (True, False) == (before, checks.readiness().ok)
