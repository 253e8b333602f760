"""What the public may do over HTTP."""

from io import BytesIO
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from portal.shapes import ReceiptShape, TrackingAfterShape, TrackingShape
from shared.base.errors import Conflict, Invalid, Unavailable
from tests.portal.conftest import Bearer
from tests.portal.memory_gateway import CODE, MemoryGateway

_FILE = "/api/v1/cilacap/complaints"


def test_filing(client: FlaskClient, gateway: MemoryGateway) -> None:
    """A complaint is answered with 201, its receipt, and the address at which to follow it, without the code."""
    response = client.post(_FILE, json={"message": " Jalan rusak "})

    assert 201 == response.status_code
    assert response.json is not None
    assert {} == ReceiptShape().validate(response.json)
    assert "/api/v1/cilacap/complaints/CLP-2026-000001" == response.headers["Location"]
    assert {"message": "Jalan rusak", "privacy": "open", "channel": "web"} == gateway.last("file")["complaint"]


def test_filing_again(client: FlaskClient) -> None:
    """The same channel and external id are answered with 200 and the first receipt."""
    complaint = {"message": "Jalan rusak", "channel": "whatsapp", "external_id": "wamid.1"}
    first = client.post(_FILE, json=complaint)
    client.post(_FILE, json={"message": "Banjir"})

    again = client.post(_FILE, json=complaint)

    assert 200 == again.status_code
    assert first.json == again.json


def test_what_is_wrong_is_told_by_field(client: FlaskClient, gateway: MemoryGateway) -> None:
    """A body that cannot be a complaint is 422, naming each field, and reaches no service."""
    response = client.post(
        _FILE,
        json={"reporter": {"nama": "Siti", "phone": 812}, "privacy": "public"},
        headers={"Accept-Language": "en"},
    )

    assert 422 == response.status_code
    assert response.json is not None
    assert {
        "message": ["This is required."],
        "privacy": ["Choose one of: open, anonymous, secret."],
        "reporter.nama": ["There is no such field."],
        "reporter.phone": ["Must be a text."],
    } == response.json["errors"]
    assert [] == gateway.asked


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ({"reporter": {"email": "-"}}, {"as_written": {"reporter.email": "-"}}),
        ({"title": "Jalan\nrusak"}, {"title": "Jalan rusak"}),
        ({"message": "Jalan\u000brusak"}, {"message": "Jalan rusak"}),
        ({"location": {"lat": 91, "lon": 109}}, {"location": {"lon": 109.0}, "as_written": {"location.lat": "91"}}),
        ({"occurred_at": "kemarin"}, {"as_written": {"occurred_at": "kemarin"}}),
        ({"classification": "keluhan"}, {"as_written": {"classification": "keluhan"}}),
        ({"reporter": {"name": "x" * 5000}}, {"reporter": {"name": "x" * 5000}}),
    ],
)
def test_a_side_field_costs_nobody_their_complaint(
    client: FlaskClient, gateway: MemoryGateway, body: dict[str, object], kept: dict[str, object]
) -> None:
    """What cannot be used is kept as it was written, and the complaint is filed."""
    response = client.post(_FILE, json={"message": "Jalan rusak", **body})

    assert 201 == response.status_code
    assert {"message": "Jalan rusak", "privacy": "open", "channel": "web", **kept} == gateway.last("file")["complaint"]


@pytest.mark.parametrize("blank", [None, "", " ", "\u200b", "\ue000", "\u0301"])
@pytest.mark.parametrize(
    "field",
    ["title", "category", "channel", "privacy", "external_id", "occurred_at", "classification", "reporter.name"],
)
def test_null_and_blank_are_as_good_as_absent(
    client: FlaskClient, gateway: MemoryGateway, field: str, blank: str | None
) -> None:
    """Whichever field it is, defaults included."""
    part, _, name = field.partition(".")
    response = client.post(_FILE, json={"message": "Jalan rusak", part: {name: blank} if name else blank})

    assert 201 == response.status_code
    assert {"message": "Jalan rusak", "privacy": "open", "channel": "web"} == gateway.last("file")["complaint"]


@pytest.mark.parametrize("message", ["", " ", "\u200b", "\u3164\u2800", "\u00ad\n", "\ue000\uf8ff", "\u0301", "\u0378"])
def test_a_message_that_nobody_can_see(client: FlaskClient, message: str) -> None:
    """It is none."""
    response = client.post(_FILE, json={"message": message})

    assert (422, ["message"]) == (response.status_code, list((response.json or {})["errors"]))


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"{", "application/json", 400, "not_json"),
        (b"\xff", "application/json", 400, "not_json"),
        (b"[" * 100_000, "application/json", 400, "not_json"),
        (b'{"a":' * 50_000, "application/json", 400, "not_json"),
        (b'{"message": "x", "location": {"lat": ' + b"9" * 5000 + b"}}", "application/json", 400, "not_json"),
        (b'{"message": "x", "message": "y"}', "application/json", 422, "invalid_fields"),
        (b'{"message": "x"}', "text/plain", 415, "json_needed"),
        (b"[]", "application/json", 422, "invalid_fields"),
        (b"null", "application/json", 422, "invalid_fields"),
        (b"", "application/json", 422, "invalid_fields"),
        (b'{"message": "' + b"x" * 1024 * 1024 + b'"}', "application/json", 413, "too_large"),
    ],
)
def test_bodies_that_are_no_complaint(client: FlaskClient, body: bytes, kind: str, status: int, code: str) -> None:
    """Whatever is sent, the answer is a problem that says what is wrong."""
    response = client.post(_FILE, data=body, content_type=kind)

    assert (status, code) == (response.status_code, (response.json or {}).get("code"))


@pytest.mark.parametrize("packed", ["gzip", " BR ", "deflate, gzip", "rot13"])
def test_a_packed_body_is_refused_by_that_name(client: FlaskClient, packed: str) -> None:
    """Its sender is told to send it as it is, not that it is no JSON."""
    headers = {"Content-Encoding": packed}
    response = client.post(_FILE, data=b"\x1f\x8b\x08", content_type="application/json", headers=headers)
    file = client.post(
        f"{_FILE}/CLP-2026-000001/files?code=X", data={"file": (BytesIO(b"x"), "x.jpg")}, headers=headers
    )
    plain = client.post(_FILE, json={"message": "Jalan rusak"}, headers={"Content-Encoding": "identity"})

    assert [(415, "packed_body")] * 2 == [(each.status_code, (each.json or {})["code"]) for each in (response, file)]
    assert 201 == plain.status_code


def test_an_unknown_tenant(client: FlaskClient) -> None:
    """A government that is not here is 404, before anything is said about the body."""
    response = client.post("/api/v1/atlantis/complaints", json={})

    assert (404, "unknown_tenant") == (response.status_code, (response.json or {}).get("code"))


def test_an_officer_files_for_somebody(client: FlaskClient, gateway: MemoryGateway, bearer: Bearer) -> None:
    """A complaint filed with a token is filed by that officer; a bad token is refused, not passed over."""
    client.post(_FILE, json={"message": "Telepon"}, headers=bearer("coordinator"))
    refused = client.post(_FILE, json={"message": "Telepon"}, headers={"Authorization": "Bearer x"})
    foreign = client.post(_FILE, json={"message": "Telepon"}, headers=bearer("coordinator", tenant="bantul"))

    assert "coordinator" == gateway.last("file")["caller"].actor
    assert (401, 403) == (refused.status_code, foreign.status_code)


def test_following_a_complaint(client: FlaskClient) -> None:
    """Ticket and code show the public view."""
    ticket = (client.post(_FILE, json={"message": "Jalan rusak"}).json or {})["ticket"]

    response = client.get(f"{_FILE}/{ticket}?code={CODE}")

    assert 200 == response.status_code
    assert {} == TrackingShape().validate(response.json or {})


@pytest.mark.parametrize(
    "address",
    [
        "CLP-2026-000001?code=SALAH234",
        "CLP-2026-000001?code=",
        "CLP-2026-000001",
        f"CLP-2026-999999?code={CODE}",
        f"CLP-2026-000001%00?code={CODE}",
        f"{'9' * 2000}?code={CODE}",
    ],
)
def test_unknown_and_locked_tickets_answer_alike(client: FlaskClient, address: str) -> None:
    """A wrong code, no code and an unknown ticket get the same 404, so that tickets cannot be probed."""
    client.post(_FILE, json={"message": "Jalan rusak"})

    response = client.get(f"{_FILE}/{address}")

    assert 404 == response.status_code
    assert response.json is not None
    assert {"code", "detail", "instance", "status", "title", "type"} == set(response.json)
    assert "unknown_ticket" == response.json["code"]


@pytest.mark.parametrize(
    ("action", "body", "fields"),
    [
        ("supplement", {"reporter": {"address": "Jl. Mawar 1"}}, {"reporter": {"address": "Jl. Mawar 1"}}),
        ("reply", {"text": "Terima kasih"}, {"text": "Terima kasih"}),
        ("rate", {"score": 5, "comment": ""}, {"score": 5}),
        ("withdraw", {"reason": "Sudah beres"}, {"reason": "Sudah beres"}),
        ("reopen", {"reason": "Rusak lagi"}, {"reason": "Rusak lagi"}),
    ],
)
def test_what_a_reporter_may_do(
    client: FlaskClient, gateway: MemoryGateway, action: str, body: dict[str, object], fields: dict[str, object]
) -> None:
    """Each of the reporter's actions reaches the service with its fields and answers with the view after it."""
    ticket = (client.post(_FILE, json={"message": "Jalan rusak"}).json or {})["ticket"]

    response = client.post(f"{_FILE}/{ticket}/{action}?code={CODE}", json=body)

    assert 200 == response.status_code
    assert {} == TrackingAfterShape().validate(response.json or {})
    assert (action, fields) == (gateway.last("reporter_act")["action"], gateway.last("reporter_act")["fields"])


@pytest.mark.parametrize(
    ("action", "body", "fields"),
    [
        ("supplement", {"alamat": "x"}, ["alamat"]),
        ("supplement", {"title": "x", "channel": "web"}, ["channel"]),
        ("supplement", {"title": "x", "external_id": "1"}, ["external_id"]),
        ("supplement", {"reporter": {"email": "-"}}, ["reporter.email"]),
        ("reply", {"text": "\u200b"}, ["text"]),
        ("reply", {}, ["text"]),
        ("reply", {"text": " "}, ["text"]),
        ("rate", {"score": 6}, ["score"]),
        ("rate", {"score": "5"}, ["score"]),
        ("rate", {"score": True}, ["score"]),
        ("withdraw", {}, ["reason"]),
        ("reopen", {"reason": 1}, ["reason"]),
    ],
)
def test_a_reporters_mistakes(client: FlaskClient, action: str, body: dict[str, object], fields: list[str]) -> None:
    """A field that is missing or wrong is 422 by its name."""
    response = client.post(f"{_FILE}/CLP-2026-000001/{action}?code={CODE}", json=body)

    assert (422, fields) == (response.status_code, list((response.json or {}).get("errors", {})))


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Conflict("not_allowed_here", {"action": "rate", "allowed": ""}), 409),
        (Invalid("nothing_given", fields={"body": ["nothing_given"]}), 422),
        (Unavailable("service_unavailable", {"service": "intake"}), 503),
    ],
)
def test_a_services_refusal_is_passed_on(
    client: FlaskClient, gateway: MemoryGateway, refusal: Exception, status: int
) -> None:
    """What a service refuses keeps its code and status."""
    gateway.refusal = refusal

    response = client.post(f"{_FILE}/CLP-2026-000001/rate?code={CODE}", json={"score": 1})

    assert (status, getattr(refusal, "code", "")) == (response.status_code, (response.json or {})["code"])


def test_there_is_no_other_action(client: FlaskClient) -> None:
    """A reporter's address with an unknown action is 404."""
    assert 404 == client.post(f"{_FILE}/CLP-2026-000001/erase?code={CODE}", json={}).status_code


def test_the_request_is_known_by_one_id(client: FlaskClient, gateway: MemoryGateway) -> None:
    """The id that the client gives, if it is a UUID, goes to the service and comes back; otherwise one is made."""
    given = "6f1fbe1e-94ff-4b1c-ae0a-6a3c1a2f8d11"

    kept = client.post(_FILE, json={"message": "x"}, headers={"X-Request-ID": given})
    made = client.post(_FILE, json={"message": "x"}, headers={"X-Request-ID": "Siti 0812"})

    assert given == kept.headers["X-Request-ID"]
    assert made.headers["X-Request-ID"] == str(UUID(made.headers["X-Request-ID"]))
    assert [given, made.headers["X-Request-ID"]] == [call["correlation_id"] for _, call in gateway.asked]


@pytest.mark.parametrize(
    "query", ["", "?limit=", "?limit=%20", "?after=", "?min_position=", "?agency=&actor=", "?limit=%E2%80%8B"]
)
def test_a_blank_in_an_address_is_as_good_as_nothing(
    client: FlaskClient, gateway: MemoryGateway, bearer: Bearer, query: str
) -> None:
    """Every default holds, as for what is not there."""
    response = client.get(f"/api/v1/cilacap/inbox{query}", headers=bearer("coordinator"))
    asked = gateway.last("inbox")

    assert 200 == response.status_code
    assert (None, 50, None, None) == (asked["after"], asked["limit"], asked["min_position"], asked["agency"])


@pytest.mark.parametrize("query", ["", "?state=", "?state=%20", "?state=,"])
def test_no_state_is_no_state(client: FlaskClient, gateway: MemoryGateway, bearer: Bearer, query: str) -> None:
    """A blank in a list names nothing."""
    response = client.get(f"/api/v1/cilacap/clocks{query}", headers=bearer("coordinator"))

    assert 200 == response.status_code
    assert [] == list(gateway.last("clocks")["states"])
