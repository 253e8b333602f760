"""The web server on a real socket, with calls over a real (in-memory) broker."""

import http.client
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import urlsplit
from uuid import uuid4

import eventlet
import pytest
import requests
from nameko.containers import ServiceContainer

from portal.server import WebServer
from portal.service import PortalService
from shared.application.runtime import Runtime
from shared.base.errors import Conflict
from shared.messaging.calling.rpc import rpc
from shared.messaging.wire.configuration import nameko_config
from shared.platform.health import checks_of
from shared.platform.settings import SettingsError
from tests.portal.memory_gateway import CODE, MemoryGateway


class Intake:
    """A service that answers like intake, when it is let."""

    name = "intake"
    files: ClassVar[MemoryGateway] = MemoryGateway()
    entered: ClassVar[Any] = None
    released: ClassVar[Any] = None

    @rpc
    def file(
        self, tenant: str, complaint: dict[str, Any], caller: Any, correlation_id: str, key: str
    ) -> dict[str, Any]:
        """File; slowly if asked to."""
        if complaint["message"] == "slow":
            Intake.entered.send(None)
            with eventlet.Timeout(30):
                Intake.released.wait()
        if complaint["message"] == "broken":
            raise ValueError("Siti Aminah, 0812")
        return Intake.files.file(tenant, complaint, caller, correlation_id, key=key)

    @rpc
    def reporter_act(self, **_: Any) -> dict[str, Any]:
        """Refuse."""
        raise Conflict("not_allowed_here", {"action": "rate", "allowed": "reply"})


@pytest.fixture
def config(runtime: Runtime) -> dict[str, Any]:
    """The configuration of a process with a portal on a free port."""
    settings = replace(runtime.settings, portal_port=0, rpc_timeout_s=30)
    made = nameko_config(settings, replace(runtime, settings=settings))
    made["AMQP_URI"] = f"memory:///{uuid4().hex}"
    Intake.entered, Intake.released = eventlet.event.Event(), eventlet.event.Event()
    return made


@pytest.fixture
def portal(config: dict[str, Any]) -> Iterator[ServiceContainer]:
    """The portal's service, running."""
    container = ServiceContainer(PortalService, config)
    container.start()
    yield container
    container.stop()


@pytest.fixture
def intake(config: dict[str, Any]) -> Iterator[ServiceContainer]:
    """A service beside it."""
    container = ServiceContainer(Intake, config)
    container.start()
    yield container
    container.stop()


def _web(container: ServiceContainer) -> WebServer:
    return next(each for each in container.extensions if isinstance(each, WebServer))


@pytest.fixture
def address(portal: ServiceContainer) -> str:
    """Where the portal listens."""
    return _web(portal).address


def test_a_complaint_crosses_the_broker(address: str, intake: ServiceContainer) -> None:
    """A complaint posted to the socket is answered by the service behind the broker."""
    response = requests.post(f"{address}/api/v1/cilacap/complaints", json={"message": "Jalan rusak"}, timeout=60)

    assert (201, CODE) == (response.status_code, response.json()["tracking_code"])


def test_a_refusal_crosses_the_broker(address: str, intake: ServiceContainer) -> None:
    """A service's refusal arrives with its code and values."""
    response = requests.post(
        f"{address}/api/v1/cilacap/complaints/CLP-2026-000001/rate?code={CODE}",
        json={"score": 3},
        headers={"Accept-Language": "en"},
        timeout=10,
    )

    assert (409, "not_allowed_here") == (response.status_code, response.json()["code"])
    assert "You may do: reply." in response.json()["detail"]


def test_what_broke_in_a_service_is_not_told(address: str, intake: ServiceContainer) -> None:
    """A service's own mistake is 500, without what its exception said."""
    response = requests.post(f"{address}/api/v1/cilacap/complaints", json={"message": "broken"}, timeout=60)

    assert (500, "internal_error") == (response.status_code, response.json()["code"])
    assert "Siti" not in response.text


def test_a_service_that_is_away(address: str) -> None:
    """Without a service its pages are 503 and say which part is missing; the others work."""
    response = requests.post(f"{address}/api/v1/cilacap/complaints", json={"message": "x"}, timeout=60)

    assert (503, "service_unavailable", "1") == (
        response.status_code,
        response.json()["code"],
        response.headers["Retry-After"],
    )
    assert 200 == requests.get(f"{address}/api/v1/sops/cilacap", timeout=60).status_code


def test_readiness_follows_the_server(portal: ServiceContainer, config: dict[str, Any]) -> None:
    """The portal is ready when it serves and its database answers, and no longer when it stops."""
    address = _web(portal).address
    ready = requests.get(f"{address}/readyz", timeout=60)
    portal.stop()

    assert (200, {"database": "ok", "portal:web": "ok"}) == (ready.status_code, ready.json()["checks"])
    assert "portal:web" not in checks_of(config).readiness().checks
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{address}/readyz", timeout=60)


def test_stopping_lets_a_request_finish(portal: ServiceContainer, intake: ServiceContainer) -> None:
    """A request that is under way when the portal is stopped is answered; a new one is not taken."""
    address = _web(portal).address
    answer = eventlet.spawn(requests.post, f"{address}/api/v1/cilacap/complaints", json={"message": "slow"}, timeout=60)
    Intake.entered.wait()
    stopping = eventlet.spawn(portal.stop)
    _until(lambda: _refuses(address))
    Intake.released.send(None)
    stopping.wait()

    assert 201 == answer.wait().status_code


def test_idle_connections_do_not_hold_up_the_stop(portal: ServiceContainer) -> None:
    """A browser that keeps its connection open for later costs the stop nothing."""
    with requests.Session() as session:
        session.get(f"{_web(portal).address}/healthz", timeout=60)
        with eventlet.Timeout(3):
            portal.stop()

        assert _web(portal)._thread is None


def test_a_taken_port_is_an_error(portal: ServiceContainer, config: dict[str, Any]) -> None:
    """A second portal on the same port does not start, instead of answering every other request."""
    taken = int(_web(portal).address.rsplit(":", 1)[1])
    runtime = config["aduan.runtime"]
    settings = replace(runtime.settings, portal_port=taken)
    second = ServiceContainer(PortalService, {**config, "aduan.runtime": replace(runtime, settings=settings)})

    with pytest.raises(SettingsError, match=r"ADUAN_PORTAL_PORT.*in use"):
        second.start()


def test_many_requests_at_once(address: str, intake: ServiceContainer) -> None:
    """Requests wait for the services side by side, not one after the other."""
    pool = eventlet.GreenPool(16)
    posts = [
        pool.spawn(requests.post, f"{address}/api/v1/cilacap/complaints", json={"message": f"{n}"}, timeout=60)
        for n in range(32)
    ]

    assert {201} == {each.wait().status_code for each in posts}


def test_bodies_without_a_length(address: str, intake: ServiceContainer) -> None:
    """A body sent in chunks is read, and bounded like any other."""

    def chunks(count: int) -> Iterator[bytes]:
        yield b'{"message": "'
        yield from (b"x" * 1024 for _ in range(count))
        yield b'"}'

    url = f"{address}/api/v1/cilacap/complaints"
    headers = {"Content-Type": "application/json"}

    assert [201, 413] == [
        requests.post(url, data=chunks(size), headers=headers, timeout=20).status_code for size in (2, 1100)
    ]


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /api/v1/cilacap/complaints/X?code=KODE2345 HTTP/9.9 x\r\n\r\n",
        b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\n\r\n",
        b"POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
    ],
)
def test_nonsense_is_answered_and_not_repeated(address: str, raw: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    """What is no HTTP gets a client error, and nothing of it is written anywhere."""
    parts = urlsplit(address)
    with eventlet.connect((parts.hostname, parts.port)) as connection:
        connection.sendall(raw)
        connection.settimeout(60)
        answered = b"".join(iter(lambda: connection.recv(4096), b""))

    assert re.search(rb"\b4\d\d\b", answered)
    assert "KODE2345" not in "".join(capfd.readouterr())


def test_a_connection_is_kept(address: str) -> None:
    """Several requests share a connection, an error between them included."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    statuses = []
    for path in ("/healthz", "/nothing", "/"):
        connection.request("GET", path)
        response = connection.getresponse()
        statuses.append(response.status)
        json.loads(response.read())
    connection.close()

    assert [200, 404, 200] == statuses


def _refuses(address: str) -> bool:
    try:
        requests.get(f"{address}/healthz", timeout=1)
    except requests.ConnectionError:
        return True
    return False


def _until(true: Callable[[], bool]) -> None:
    with eventlet.Timeout(30):
        while not true():
            eventlet.sleep(0.01)
