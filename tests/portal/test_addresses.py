"""Whatever address of the API is asked for, and however it is written, a refusal is a problem with a code."""

import http.client
import itertools
import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import eventlet
import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.problems import PROBLEM_JSON, unread
from shared.application.runtime import Runtime
from shared.platform.web.connections import Connections
from shared.platform.web.serving import serve
from tests.portal.conftest import Bearer

_ODD = (
    *("CLP%2F1", "%2F", "%2f%2F", "CLP%252F1", "X%2Freply", "..", "%2e%2e", "%2E%2E%2Fx", ".", "%00", "%0a", "%ff"),
    *("%C0%AF", "a;b", "%3F", "%23", "a%5Cb", "%20", "%E2%80%AE", "%7F", "%F0%9F%98%80", "+", "{}", "%25", "%"),
    *("", "a//b", "x" * 3000),
)
_PLACES = (
    "/api/v1/cilacap/complaints/{}?code=x",
    "/api/v1/cilacap/complaints/{}/reply?code=x",
    "/api/v1/{}/complaints",
    "/api/v1/cilacap/dossiers/{}",
    "/api/v1/cilacap/dossiers/{}/actions",
    "/api/v1/sops/{}",
    "/api/v1/cilacap/{}",
    "/api/v1/{}",
    "/api/v1{}",
    "/api/{}",
    "/hooks/v1/cilacap/{}",
)


@pytest.mark.parametrize("place", _PLACES)
def test_odd_addresses_are_refused_with_a_code(client: FlaskClient, bearer: Bearer, place: str) -> None:
    """By every method, also for a browser: never a page, never a way to another address."""
    ways = itertools.product(_ODD, ("GET", "POST", "DELETE", "PATCH"), ("*/*", "text/html,*/*;q=0.8"))
    wrong = []
    for odd, method, accepted in ways:
        address = place.format(odd)
        answer = client.open(address, method=method, headers={"Accept": accepted, **bearer()})
        told = answer.status_code in (200, 201) or (
            400 <= answer.status_code < 500 and answer.content_type == PROBLEM_JSON and json.loads(answer.data)["code"]
        )
        if not told:
            wrong.append((address, method, accepted, answer.status_code, answer.content_type))

    assert [] == wrong


@pytest.mark.parametrize("ticket", ["CLP%2F2026%2F1", "CLP%2f1", "%2F", "CLP-2026-000001%2Freply", "..%2F..%2Fsops"])
def test_a_slash_in_a_ticket_is_a_ticket_that_nobody_has(client: FlaskClient, ticket: str) -> None:
    """Answered as any other unknown ticket is, and led to no other address."""
    answers = [
        client.get(f"/api/v1/cilacap/complaints/{ticket}?code=x"),
        client.post(f"/api/v1/cilacap/complaints/{ticket}/reply?code=x", json={"text": "y"}),
    ]

    assert [(404, "unknown_ticket")] * 2 == [(each.status_code, (each.json or {})["code"]) for each in answers]


@pytest.fixture
def served(app: Flask, runtime: Runtime) -> Iterator[http.client.HTTPConnection]:
    """A connection to the portal's web server on a real socket."""
    socket = eventlet.listen(("127.0.0.1", 0))
    server = eventlet.spawn(serve, socket, app, Connections(10), lambda status: unread(status, runtime.randomness))
    port = socket.getsockname()[1]
    made = http.client.HTTPConnection(urlsplit(f"//127.0.0.1:{port}").hostname or "", port, timeout=10)
    yield made
    made.close()
    server.kill()
    socket.close()


@pytest.mark.parametrize(
    ("address", "headers", "status", "code"),
    [
        ("/api/v1/cilacap/complaints/CLP%2F1?code=x", [], 404, "unknown_ticket"),
        ("/api/v1/cilacap//inbox", [], 404, "no_such_page"),
        (f"/api/v1/cilacap/complaints/{'x' * 9000}", [], 414, "address_too_long"),
        (f"/api/v1/cilacap/inbox?after={'x' * 9000}", [], 414, "address_too_long"),
        ("/api/v1/sops", [("X-Long", "x" * 70_000)], 431, "header_too_large"),
        ("/api/v1/sops", [(f"X-{each}", "x" * 8000) for each in range(20)], 431, "header_too_large"),
        ("/api/v1/sops", [(f"X-{each}", "x") for each in range(200)], 431, "header_too_large"),
        ("/api/v1/sops", [("Content-Length", "-1")], 400, "bad_request"),
        ("/api/v1/sops", [("Content-Length", "+1")], 400, "bad_request"),
        ("/api/v1/sops", [("Content-Length", "1"), ("Content-Length", "2")], 400, "bad_request"),
        ("/api/v1/sops", [("Content-Length", "1"), ("Transfer-Encoding", "chunked")], 400, "bad_request"),
        ("/api/v1/sops", [("Transfer-Encoding", "gzip, chunked")], 400, "bad_request"),
        ("/api/v1/sops", [("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")], 400, "bad_request"),
    ],
)
def test_what_never_reaches_the_application_is_refused_with_a_code(
    served: http.client.HTTPConnection, address: str, headers: list[tuple[str, str]], status: int, code: str
) -> None:
    """The line and the header of a request too: a problem, as everywhere, which quotes nothing of them."""
    served.putrequest("GET", address)
    for name, value in headers:
        served.putheader(name, value)
    served.endheaders()

    answer = served.getresponse()
    body = json.loads(answer.read())

    assert (status, PROBLEM_JSON, status, code) == (
        answer.status,
        answer.headers["Content-Type"],
        body["status"],
        body["code"],
    )
    assert f"urn:uuid:{answer.headers['X-Request-ID']}" == body["instance"]


@pytest.mark.parametrize(
    "line", [b"GET", b"GET /api/v1/sops HTTP/9.9", b"GET /api/v1/sops HTP/1.1", b"\xff\xfe /x y z"]
)
def test_an_unreadable_line_is_refused_with_a_code(served: http.client.HTTPConnection, line: bytes) -> None:
    """What is no request at all gets the same answer as any other fault."""
    served.connect()
    served.sock.sendall(line + b"\r\n\r\n")

    answer = http.client.HTTPResponse(served.sock)
    answer.begin()

    assert (400, 505)[line.endswith(b"9.9")] == answer.status
    assert "bad_request" == json.loads(answer.read())["code"]
