"""What holds for every request: problems, headers, logs, documents, operators' pages."""

import io
import json
import logging
import re
from collections.abc import Iterator, Sequence
from functools import partial

import psycopg2
import psycopg2.errors as pg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.app import create_app
from portal.freshness import Freshness
from portal.shapes import ProblemShape
from portal.sop_shapes import SopShape, SopsShape
from shared.application.runtime import Runtime
from shared.base.freshness import present_written, set_written
from shared.platform.health import Checks
from shared.platform.logging import configure
from tests.portal.conftest import Bearer
from tests.portal.memory_gateway import CODE, MemoryGateway

_FILE = "/api/v1/cilacap/complaints"


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What is logged meanwhile, as it would be in production."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    stream = io.StringIO()
    configure("INFO", "json", stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("GET", "/nothing", 404, "no_such_page"),
        ("GET", "/api/v1/cilacap/nothing", 404, "no_such_page"),
        ("DELETE", _FILE, 405, "method_not_allowed"),
        ("GET", f"{_FILE}/X?code=Y", 404, "unknown_ticket"),
        ("GET", "/api/v1/cilacap/inbox", 401, "token_needed"),
    ],
)
def test_every_error_is_a_problem(client: FlaskClient, method: str, address: str, status: int, code: str) -> None:
    """Whoever refuses, the answer is RFC 9457, and names the request."""
    response = client.open(address, method=method)

    assert "application/problem+json" == response.content_type
    assert response.json is not None
    assert {} == ProblemShape().validate(response.json)
    assert (status, status, code, f"urn:aduan:problem:{code}", f"urn:uuid:{response.headers['X-Request-ID']}") == (
        response.status_code,
        response.json["status"],
        response.json["code"],
        response.json["type"],
        response.json["instance"],
    )


@pytest.mark.parametrize(
    ("accepted", "spoken"),
    [
        ("", "id"),
        ("id-ID,id;q=0.9,en;q=0.8", "id"),
        ("en-GB,en;q=0.9", "en"),
        ("fr", "id"),
        ("*", "id"),
        ("\x00", "id"),
    ],
)
def test_problems_speak_the_readers_language(client: FlaskClient, accepted: str, spoken: str) -> None:
    """Indonesian, unless English is preferred."""
    response = client.get(f"{_FILE}/X?code=Y", headers={"Accept-Language": accepted} if accepted else {})

    assert spoken == response.headers["Content-Language"]
    assert "Accept-Language" in response.headers["Vary"]
    assert {"id": "Tidak ditemukan", "en": "Not found"}[spoken] == (response.json or {})["title"]


def test_what_went_wrong_inside_stays_inside(client: FlaskClient, gateway: MemoryGateway, logged: io.StringIO) -> None:
    """An unexpected exception is 500 without a word of it; the log has it under the request's id, without its text."""
    gateway.refusal = ValueError("Siti Aminah, 0812-3456-7890")

    response = client.post(_FILE, json={"message": "x"})

    assert 500 == response.status_code
    assert "Siti" not in response.text
    assert "ValueError" not in response.text
    assert "Siti" not in logged.getvalue()
    [line] = [each for each in map(json.loads, logged.getvalue().splitlines()) if each["level"] == "ERROR"]
    assert (response.headers["X-Request-ID"], "builtins.ValueError") == (
        line["correlation_id"],
        line["exception"]["type"],
    )
    assert response.headers["X-Request-ID"] in (response.json or {})["detail"]


@pytest.mark.parametrize(
    ("error", "status", "told", "level"),
    [
        (psycopg2.OperationalError("no answer any more"), 503, "Basis data tidak menjawab", "WARNING"),
        (psycopg2.InterfaceError("connection already closed"), 503, "Basis data tidak menjawab", "WARNING"),
        (psycopg2.DatabaseError("server closed the connection"), 503, "Basis data tidak menjawab", "WARNING"),
        (pg.AdminShutdown("terminating connection"), 503, "Basis data tidak menjawab", "WARNING"),
        (pg.UndefinedColumn("misspelt"), 503, "Basis data perlu diperbaiki", "ERROR"),
        (pg.InsufficientPrivilege("not granted"), 503, "Basis data perlu diperbaiki", "ERROR"),
        (pg.StatementTooComplex("too deep"), 500, "Terjadi kesalahan pada sistem", "ERROR"),
        (pg.NotNullViolation("Siti"), 500, "Terjadi kesalahan pada sistem", "ERROR"),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Exception) else "",
)
def test_a_database_that_breaks_off_in_the_midst_is_asked_again(
    client: FlaskClient,
    gateway: MemoryGateway,
    logged: io.StringIO,
    error: psycopg2.Error,
    status: int,
    told: str,
    level: str,
) -> None:
    """As one that is away from the beginning: programs and people are told when to come again, by 503 and no 500. What
    somebody must mend is told and logged as such, with its request.
    """
    answers = []
    for ask in (partial(client.post, _FILE, json={"message": "x"}), partial(client.get, "/cilacap/umum")):
        gateway.refusal = error
        answers.append(ask())
    lines = [each for each in map(json.loads, logged.getvalue().splitlines()) if "exception" in each]

    assert [status, status] == [each.status_code for each in answers]
    assert [status == 503] * 2 == ["Retry-After" in each.headers for each in answers]
    assert [True, True] == [told in each.get_data(as_text=True) for each in answers]
    assert [(level, each.headers["X-Request-ID"]) for each in answers] == [
        (line["level"], line["correlation_id"]) for line in lines
    ]
    assert level == "WARNING" or answers[1].headers["X-Request-ID"] in answers[1].get_data(as_text=True)


def test_no_ticket_and_no_code_in_the_log(client: FlaskClient, logged: io.StringIO) -> None:
    """A request is logged by the pattern of its address: who reads the log can follow nobody's complaint."""
    ticket = (client.post(_FILE, json={"message": "Jalan rusak", "reporter": {"name": "Siti"}}).json or {})["ticket"]
    client.get(f"{_FILE}/{ticket}?code={CODE}")
    client.get(f"/{CODE}")

    lines = [json.loads(line) for line in logged.getvalue().splitlines()]

    assert [
        ("/api/v1/<tenant>/complaints", "POST", 201),
        ("/api/v1/<tenant>/complaints/<ticket>", "GET", 200),
        ("unmatched", "GET", 404),
    ] == [(line["route"], line["method"], line["status"]) for line in lines]
    assert not any(secret in logged.getvalue() for secret in (ticket, CODE, "Siti", "Jalan"))


def test_headers_that_protect(client: FlaskClient) -> None:
    """Every answer tells browsers to guess, frame, cache and hand on nothing; other sites are offered nothing."""
    for address in ("/", "/api/v1/sops", f"{_FILE}/X?code=Y", "/nothing"):
        headers = client.get(address, headers={"Origin": "https://example.com"}).headers

        assert ("nosniff", "DENY", "no-referrer", "no-store") == (
            headers["X-Content-Type-Options"],
            headers["X-Frame-Options"],
            headers["Referrer-Policy"],
            headers["Cache-Control"],
        )
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert not any(name.startswith("Access-Control") for name, _ in headers)


def test_operators_pages_need_no_token(client: FlaskClient) -> None:
    """Health, readiness and metrics are open, and metrics count requests by pattern."""
    client.get(f"{_FILE}/CLP-2026-000001?code={CODE}")
    metrics = client.get("/metrics")

    assert [200, 200, 200] == [
        client.get("/healthz").status_code,
        client.get("/readyz").status_code,
        metrics.status_code,
    ]
    assert 'route="/api/v1/<tenant>/complaints/<ticket>"' in metrics.text
    assert "CLP-2026" not in metrics.text


def test_unready_is_said(gateway: MemoryGateway, runtime: Runtime) -> None:
    """A part that cannot work makes the portal unready, not unhealthy."""
    checks = Checks()
    checks.add_readiness("part", lambda: False)
    client = create_app(gateway, runtime, checks=checks).test_client()

    assert (200, 503) == (client.get("/healthz").status_code, client.get("/readyz").status_code)


def test_the_first_page(client: FlaskClient) -> None:
    """The root says what runs here and where its document is."""
    page = client.get("/").json or {}

    assert ("Aduan", "simulated") == (page["name"], page["clock"])
    assert "cilacap" in page["tenants"]
    assert 200 == client.get(page["openapi"]).status_code


def test_procedures_are_public(client: FlaskClient, runtime: Runtime) -> None:
    """Every tenant's SOP can be read, in the published shape."""
    one = client.get("/api/v1/sops/cilacap").json or {}
    every = client.get("/api/v1/sops").json or {}

    assert {} == SopShape().validate(one)
    assert {} == SopsShape().validate(every)
    assert one in every["items"]
    assert list(runtime.tenants.ids()) == [each["tenant"] for each in every["items"]]
    assert 404 == client.get("/api/v1/sops/atlantis").status_code


def test_the_openapi_document(client: FlaskClient, app: Flask) -> None:
    """The document names every route of the API, its answers and errors with their schemas, and what needs a token."""
    document = client.get("/api/v1/openapi.json").json or {}
    routes = {
        (str(rule).replace("<", "{").replace(">", "}"), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if str(rule).startswith("/api/v1/") and not str(rule).endswith("openapi.json")
    }
    operations = {
        (path, method): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in ("get", "post", "put", "delete", "patch")
    }

    assert ("Aduan", "3.0.3") == (document["info"]["title"], document["openapi"])
    assert routes == set(operations)
    assert "bearer" == document["components"]["securitySchemes"]["bearer"]["scheme"]
    for place, operation in operations.items():
        assert operation["summary"], place
        for status, response in operation["responses"].items():
            [(kind, content)] = response["content"].items()
            file = place[0].endswith("{file}") and status == "200"
            good = "application/octet-stream" if file else "application/json"
            assert (good if status < "400" else "application/problem+json") == kind, place
            assert file or content["schema"]["$ref"].startswith("#/components/schemas/"), place
        if "/complaints/{ticket}" in place[0]:
            assert "code" in {each["name"] for each in operation["parameters"] if "name" in each}, place
        assert ("401" in operation["responses"] and "security" in operation) == ("security" in operation), place
    assert {"get", "post"} == set(document["paths"]["/api/v1/clock"]) - {"parameters"}
    assert document == client.get("/api/v1/openapi.json").json


def test_the_document_says_what_a_complaint_is(client: FlaskClient) -> None:
    """The schema of a complaint in the document is the one that validates it."""
    schemas = (client.get("/api/v1/openapi.json").json or {})["components"]["schemas"]

    assert ["message"] == schemas["Complaint"]["required"]
    assert ["open", "anonymous", "secret"] == schemas["Complaint"]["properties"]["privacy"]["enum"][:3]
    assert 20_000 == schemas["Reply"]["properties"]["text"]["maxLength"]


def test_reading_what_was_just_written(client: FlaskClient, bearer: Bearer, waited: list[tuple[str, int]]) -> None:
    """After a write through this portal its lists wait for that write, once, each in its own projection."""
    client.post(_FILE, json={"message": "x"})
    for _ in range(2):
        client.get("/api/v1/cilacap/inbox", headers=bearer())
    client.get("/api/v1/cilacap/clocks", headers=bearer())
    client.get("/api/v1/bantul/complaints/X?code=Y")

    assert [("routing", 1), ("sla", 1)] == waited


def test_another_portal_waits_for_what_its_reader_wrote_through_the_first(
    app: Flask, gateway: MemoryGateway, runtime: Runtime, bearer: Bearer, waited: list[tuple[str, int]]
) -> None:
    """The browser carries it there, sealed; once, however many pages it opens, and not for another government's."""
    there: list[tuple[str, int]] = []

    def wait(schemas: Sequence[str], position: int, _seconds: float) -> bool:
        there.extend((schema, position) for schema in schemas)
        return True

    one, other = app.test_client(), create_app(gateway, runtime, wait=wait).test_client()
    form = re.findall(r'name="(tanda|kiriman)" value="([^"]+)"', one.get("/cilacap/adukan").get_data(as_text=True))
    sent = {**dict(form), "message": "x", "reporter.name": "S", "reporter.address": "R", "tetap": "1"}
    filed = one.post("/cilacap/adukan", data=sent)
    carried = one.get_cookie("__Host-tulis")
    assert (303, True) == (filed.status_code, carried is not None)
    other.set_cookie("__Host-tulis", carried.value if carried else "")
    other.get("/bantul/adukan")
    other.get("/api/v1/cilacap/inbox", headers=bearer())
    before = list(there)
    for _ in range(2):
        other.get("/cilacap/adukan")
        other.get("/api/v1/cilacap/inbox", headers=bearer())

    assert ([], [("routing", 1)]) == (before, there)
    assert [] == waited


def test_what_was_written_elsewhere_before_asks_no_less_of_a_copy() -> None:
    """A browser may bring an older write from another portal: the list must hold the latest all the same."""
    freshness = Freshness(lambda *_: True, copied=True)
    asked: list[int | None] = []
    for hears, position in ((freshness.wrote, 100), (freshness.heard, 90), (freshness.heard, 101)):
        hears("cilacap", position)
        freshness.catch_up("cilacap", "routing")
        asked.append(present_written())
    set_written(None)

    assert [100, 100, 101] == asked


def test_waiting_is_bounded() -> None:
    """All writes of a tenant together cost a reader the bounded wait once, however many there were."""
    allowed: list[float] = []

    def wait(_schemas: Sequence[str], _position: int, seconds: float) -> bool:
        allowed.append(seconds)
        return False

    freshness = Freshness(wait)
    for position in range(100):
        freshness.wrote("cilacap", position)
    freshness.catch_up("cilacap", "routing")
    freshness.catch_up("cilacap", "routing")

    assert 64 == len(allowed)
    assert sorted(allowed, reverse=True) == allowed
    assert allowed[0] <= 2.0
