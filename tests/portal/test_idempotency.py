"""Requests that write carry a key, and say it where nobody knows what became of them."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.base.errors import Unavailable
from tests.portal.conftest import Bearer
from tests.portal.memory_gateway import CODE, MemoryGateway

_FILE = "/api/v1/cilacap/complaints"


@pytest.fixture
def ticket(client: FlaskClient) -> dict[str, Any]:
    """A complaint that was filed."""
    told: dict[str, Any] = client.post(_FILE, json={"message": "Jalan rusak"}).get_json()
    return told


def _posts(ticket: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (_FILE, {"message": "Jalan rusak"}),
        (f"{_FILE}/{ticket['ticket']}/rate?code={CODE}", {"score": 5}),
        (f"/api/v1/cilacap/dossiers/{ticket['id']}/actions", {"action": "return", "reason": "x"}),
    ]


def test_every_request_that_writes_hands_on_its_key(
    client: FlaskClient, gateway: MemoryGateway, bearer: Bearer, ticket: dict[str, Any]
) -> None:
    """The sender's, or else the request's own id."""
    gateway.asked.clear()
    expected = []
    for address, body in _posts(ticket):
        client.post(address, json=body, headers={**bearer(), "Idempotency-Key": " kunci-1 "})
        without = client.post(address, json=body, headers=bearer())
        expected += ["kunci-1", without.headers["X-Request-ID"]]

    assert expected == [asked["key"] for _, asked in gateway.asked if "key" in asked]


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 201, "\x7f", "kunci\u00e9"])
def test_a_key_that_cannot_be_one_is_refused(
    client: FlaskClient, gateway: MemoryGateway, bearer: Bearer, ticket: dict[str, Any], key: str
) -> None:
    """Before anything is done; naming the header."""
    gateway.asked.clear()
    for address, body in _posts(ticket):
        refused = client.post(address, json=body, headers={**bearer(), "Idempotency-Key": key})

        assert (422, ["Idempotency-Key"]) == (refused.status_code, list(refused.get_json()["errors"]))
    assert [] == [name for name, _ in gateway.asked if name in ("file", "act", "reporter_act")]


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_is_not_known_is_said(client: FlaskClient, gateway: MemoryGateway, language: str) -> None:
    """With the key by which the same request repeats safely, and when to."""
    gateway.refusal = Unavailable("outcome_unknown", {"service": "intake", "key": "kunci-1"})
    told = client.post(_FILE, json={"message": "x"}, headers={"Accept-Language": language})

    assert (503, "outcome_unknown", "kunci-1") == (
        told.status_code,
        told.get_json()["code"],
        told.get_json()["idempotency_key"],
    )
    assert ("kunci-1", True) == (told.headers["Idempotency-Key"], int(told.headers["Retry-After"]) > 0)
    assert "kunci-1" in told.get_json()["detail"]
