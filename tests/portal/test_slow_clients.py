"""One client that opens connections and sends little keeps nobody else out."""

import socket
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import eventlet
import pytest
import requests
from eventlet.patcher import original
from nameko.containers import ServiceContainer

import shared.platform.web.protocol
from portal.server import WebServer
from portal.service import PortalService
from shared.application.runtime import Runtime
from shared.messaging.wire.configuration import nameko_config
from tests.fixtures.slow_client import HALF_HEADER, KINDS, NO_BODY, SlowClients, slow_clients
from tests.fixtures.waiting import eventually, patience


@pytest.fixture
def web(runtime: Runtime) -> Iterator[WebServer]:
    """A portal that listens."""
    from dataclasses import replace

    settings = replace(runtime.settings, portal_port=0)
    config = nameko_config(settings, replace(runtime, settings=settings))
    config["AMQP_URI"] = f"memory:///{uuid4().hex}"
    container = ServiceContainer(PortalService, config)
    container.start()
    yield next(each for each in container.extensions if isinstance(each, WebServer))
    container.stop()


@pytest.fixture
def slow(web: WebServer) -> Iterator[SlowClients]:
    """Clients that are in no hurry, of the same address as everybody here."""
    parts = urlsplit(web.address)
    assert parts.hostname
    assert parts.port
    with slow_clients(parts.hostname, parts.port) as clients:
        yield clients


def _served(web: WebServer) -> float:
    began = time.monotonic()
    answer = requests.get(f"{web.address}/api/v1/sops", timeout=10)
    assert 200 == answer.status_code
    return time.monotonic() - began


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_thousand_half_open_connections_keep_nobody_out(web: WebServer, slow: SlowClients, kind: str) -> None:
    """While they are there, and while more of them come, others are served at once, even from the same address."""
    slow.open(1050, KINDS[kind])
    waited = []
    for _ in range(5):
        waited.append(_served(web))
        slow.open(20, KINDS[kind])

    assert max(waited) < patience(2)
    assert len(web.connections) < 200


def test_another_address_is_not_closed_for_them(web: WebServer, slow: SlowClients) -> None:
    """A connection that is kept between two requests stays, however many of another address come."""
    parts = urlsplit(web.address)
    with requests.Session() as session, slow_clients(parts.hostname or "", parts.port or 0, "127.0.0.2") as others:
        session.get(f"{web.address}/api/v1/sops", timeout=10)
        others.open(1050, HALF_HEADER)
        before = web.connections.closed
        answer = session.get(f"{web.address}/api/v1/sops", timeout=10)
        others.open(1)

        assert 200 == answer.status_code
        assert web.connections.closed - before <= 2
        assert 0 == slow.ended()


@pytest.mark.parametrize(
    ("limit", "begin", "piece"),
    [
        ("FIRST_SECONDS", b"", b""),
        ("HEADER_SECONDS", HALF_HEADER, b"X-A: b\r\n"),
        ("HEADER_SECONDS", b"GET /", b"x"),
        ("BODY_SECONDS", NO_BODY, b" "),
    ],
)
def test_a_request_has_so_much_time(
    web: WebServer, slow: SlowClients, monkeypatch: pytest.MonkeyPatch, limit: str, begin: bytes, piece: bytes
) -> None:
    """However steadily its pieces come, a request that is not complete in time is left."""
    monkeypatch.setattr(shared.platform.web.protocol, limit, 0.5)
    began = time.monotonic()
    slow.open(3, begin)
    while slow.ended() < 3:
        assert time.monotonic() - began < patience(5)
        if piece:
            slow.trickle(piece)
        eventlet.sleep(0.05)

    assert 0.5 <= time.monotonic() - began < patience(5)
    eventually(lambda: len(web.connections) == 0)


def test_a_body_that_comes_too_slowly_is_told(
    web: WebServer, slow: SlowClients, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With 408 and a sentence, for a person on a bad line."""
    monkeypatch.setattr(shared.platform.web.protocol, "BODY_SECONDS", 0.3)
    slow.open(1, NO_BODY)
    slow.held[0].settimeout(60)
    said = b"".join(iter(lambda: slow.held[0].recv(4096), b""))

    assert said.startswith(b"HTTP/1.1 408 ")
    assert b"too_slow" in said


def test_a_kept_connection_may_rest_longer_than_a_header_may_take(
    web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two requests nobody is hurried."""
    monkeypatch.setattr(shared.platform.web.protocol, "HEADER_SECONDS", 0.5)
    with requests.Session() as session:
        first = session.get(f"{web.address}/api/v1/sops", timeout=10)
        eventlet.sleep(1)
        second = session.get(f"{web.address}/api/v1/sops", timeout=10)

    assert (200, 200) == (first.status_code, second.status_code)
    assert 0 == web.connections.closed


_LINE = b"GET /api/v1/sops HTTP/1.1\r\n"
_REST = b"Host: x\r\nConnection: close\r\n\r\n"
_BODY_OF_TWO = b"POST /api/v1/login HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n" + _REST


@pytest.mark.parametrize(
    ("limit", "before", "meanwhile", "answer"),
    [
        ("FIRST_SECONDS", b"", _LINE + _REST, 200),
        ("HEADER_SECONDS", _LINE, _REST, 200),
        ("BODY_SECONDS", _BODY_OF_TWO + b"{", b"}", 422),
    ],
)
def test_what_came_while_the_process_stood_still_is_answered(
    web: WebServer, monkeypatch: pytest.MonkeyPatch, limit: str, before: bytes, meanwhile: bytes, answer: int
) -> None:
    """Its time is over when the process looks again, but it was there in time: the whole request, or the rest of it."""
    seconds = patience(0.5)
    monkeypatch.setattr(shared.platform.web.protocol, limit, seconds)
    parts = urlsplit(web.address)
    address = (parts.hostname or "", parts.port or 0)
    bell, door = socket.socketpair()
    with closing(bell), closing(door), closing(socket.create_connection(address, timeout=patience(20))) as client:
        client.sendall(before)
        eventually(lambda: len(web.connections) == 1, what="the connection is waited on", every=0)
        for _ in range(3):  # what was sent is read
            eventlet.sleep(0)
        eventlet.spawn(bell.send, b".")
        door.recv(1)  # who was woken by what came is followed by whoever's time is over
        client.sendall(meanwhile)
        original("time").sleep(seconds + 0.1)
        said = client.recv(4096)

    assert said.startswith(f"HTTP/1.1 {answer} ".encode())


def test_documents_that_nobody_means_cost_others_little(web: WebServer) -> None:
    """Four clients that post sixty thousand unknown fields get short refusals, and nobody waits for them."""
    body: dict[str, Any] = {f"nama{number}": 1 for number in range(60_000)}
    pool = eventlet.GreenPool(4)
    url = f"{web.address}/api/v1/cilacap/complaints"
    posting = [pool.spawn(requests.post, url, json=body, timeout=30) for _ in range(4)]
    eventlet.sleep(0)
    waited = _served(web)
    answers = [each.wait() for each in posting]

    assert waited < patience(5)
    assert [(422, "too_many_parts")] * 4 == [(each.status_code, each.json()["code"]) for each in answers]
    assert max(len(each.content) for each in answers) < 2000
