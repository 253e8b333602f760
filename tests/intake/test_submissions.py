"""What channel adapters send: filed, repeated, or refused with a reason; never a failure of ours."""

import json
from dataclasses import replace
from typing import Any

import pytest

from services.intake.submissions import MOST_BYTES, receive
from shared.base.errors import Unavailable
from shared.domain.all_tenants import Tenants
from shared.domain.procedures import Procedures
from shared.messaging.consuming.outcomes import Accepted, PutAside
from shared.messaging.wire.delivery import Delivery
from tests.fixtures.office import START, Office
from tests.intake.talking import T

Outcome = Accepted | PutAside


def _received(office: Office, *bodies: dict[str, Any] | bytes, channel: str = "whatsapp") -> list[Outcome]:
    whole = [body if isinstance(body, bytes) else json.dumps({"tenant": T, **body}).encode() for body in bodies]
    return receive(office.runtime, [Delivery(body, f"submission.{channel}") for body in whole])


@pytest.mark.parametrize("blank", [{}, {"channel": None}, {"channel": ""}, {"channel": " "}, {"channel": "\u200b"}])
def test_no_channel_is_the_routing_keys(office: Office, blank: dict[str, Any]) -> None:
    """Absent, null and blank are one thing: the channel by which it came, and filed once."""
    first, again = _received(
        office, {"message": "m", "external_id": "w1"}, {"message": "m", "external_id": "w1", **blank}
    )

    receipts = [outcome.reply for outcome in (first, again) if isinstance(outcome, Accepted) and outcome.reply]
    assert [("whatsapp", "whatsapp")] == [
        (event.data["channel"], event.data["user"]) for event in office.news() if event.type == "ComplaintFiled"
    ]
    assert [True, False] == [receipt["created"] for receipt in receipts]
    assert 1 == len({receipt["ticket"] for receipt in receipts})


@pytest.mark.parametrize(
    "field", ["title", "reporter", "location", "attachments", "privacy", "external_id", "category", "occurred_at"]
)
@pytest.mark.parametrize("blank", [None, "absent"])
def test_null_is_no_value_of_any_field(office: Office, field: str, blank: str | None) -> None:
    """As if it were not there."""
    [outcome] = _received(office, {"message": "m", **({field: None} if blank is None else {})})
    [event] = office.news()

    assert isinstance(outcome, Accepted)
    assert ("open", None, START) == (event.data["privacy"], event.data["category"], office.time.now())


@pytest.mark.parametrize(
    "side",
    [
        {"reporter": {"email": "-"}},
        {"reporter": {"name": "Siti\nAminah", "phone": "0" * 500}},
        {"title": "Jalan\u000brusak"},
        {"location": {"lat": 1000, "lon": 1000}},
        {"occurred_at": "kemarin sore"},
        {"classification": "keluhan"},
        {"category": "x" * 5000},
        {"attachments": ["x" * 5000] * 50},
        {"message": "Jalan\u000crusak" + "x" * 30_000},
    ],
)
def test_a_side_field_costs_nobody_their_complaint(office: Office, side: dict[str, Any]) -> None:
    """It is filed by this door as by the others."""
    [outcome] = _received(office, {"message": "Jalan rusak", **side})

    assert isinstance(outcome, Accepted)


def test_an_adapter_speaks_for_its_own_channel(office: Office) -> None:
    """What its messages say of another channel is a claim, which touches nothing of that channel's."""
    claim = {"message": "m", "external_id": "1", "channel": "sms"}
    [theirs] = _received(office, {"message": "m", "external_id": "1"}, channel="sms")
    claimed, again, other = _received(office, claim, claim, {**claim, "message": "lain"})
    [repeated] = _received(office, {"message": "lagi", "external_id": "1"}, channel="sms")
    replies = [each.reply for each in (theirs, claimed, again, other, repeated) if isinstance(each, Accepted)]
    tickets = [reply["ticket"] for reply in replies if reply]

    assert tickets[0] == tickets[4]
    assert tickets[1] == tickets[2]
    assert 3 == len(set(tickets))


def test_what_cannot_be_looked_up_puts_no_submission_aside(office: Office) -> None:
    """What a government has approved is in the database: while that is away, all are tried again."""

    def approved(_: str) -> Procedures:
        raise Unavailable("database_unavailable")

    tenants = office.runtime.tenants
    office.runtime = replace(office.runtime, tenants=Tenants(tenants.directory, tenants.only, procedures=approved))
    with pytest.raises(Unavailable):
        _received(office, {"message": "m"})


def test_half_a_character_is_a_blank(office: Office) -> None:
    """A cut emoji costs nobody their complaint, in whichever field it stands."""
    body = b'{"tenant": "cilacap", "message": "Jalan\\ud83d", "title": "\\ude00", "reporter": {"name": "Siti\\ud83d"}}'
    [outcome] = _received(office, body)

    assert isinstance(outcome, Accepted)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"[" * 100_000, "not_json"),
        (b'{"tenant": "cilacap", "message": ' + b"[" * 100_000, "not_json"),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "not_json"),
        (b'{"tenant": "cilacap", "message": "m", "location": {"lat": ' + b"9" * 5000 + b"}}", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b"", "not_json"),
        (b"null", "not_json"),
        (b'{"message": "m"}', "invalid_fields"),
        (b'{"tenant": " ", "message": "m"}', "invalid_fields"),
        (b'{"tenant": "atlantis", "message": "m"}', "unknown_tenant"),
        (b'{"tenant": "cilacap", "message": "m", "message": "n"}', "invalid_fields"),
        (b'{"tenant": "cilacap", "message": "m", "reporter": {"name": "a", "name": "b\\ud800"}}', "invalid_fields"),
        (b'{"tenant": "cilacap", "message": "\\u200b"}', "invalid_fields"),
        (b'{"tenant": "cilacap", "message": "m", "channel": "merpati"}', "invalid_fields"),
        (b'{"tenant": "cilacap", "message": "m", "channel": ["web"]}', "invalid_fields"),
        (b'{"tenant": "cilacap", "message": "' + b"x" * MOST_BYTES + b'"}', "too_large"),
    ],
)
def test_what_is_no_submission_is_refused(office: Office, body: bytes, code: str) -> None:
    """Alone, with the reason; what came with it is filed."""
    refused, good = _received(office, body, {"message": "m"})

    assert isinstance(refused, PutAside)
    assert code == refused.reason_code
    assert isinstance(good, Accepted)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"tenant": "cilacap", "message": "m", "message": "n"}', "message"),
        (b'{"tenant": "cilacap", "message": "m", "reporter": {"name": "a", "name": "b\\ud800"}}', "reporter.name"),
        (b'{"tenant": "cilacap", "tenant": "bantul", "message": "m"}', "tenant"),
        (b'{"message": "m", "x": {"a": 1}, "x": {"a": 1, "a": 2}}', "x"),
        (b'{"message": "m", "Siti Rahayu": 1, "Siti Rahayu": 2}', "body"),
        (b'{"message": "m", "attachments": [{"a": 1, "a": 2}]}', "body"),
    ],
)
def test_a_field_given_twice_is_named(office: Office, body: bytes, field: str) -> None:
    """None of the two is lost in silence."""
    [outcome] = _received(office, body)

    assert isinstance(outcome, PutAside)
    assert {field: ["given_twice"]} == outcome.fields


@pytest.mark.parametrize("tenant", ["Cilacap", " CILACAP ", "cilacap\u200b"])
def test_a_government_is_known_in_any_letters(office: Office, tenant: str) -> None:
    """As every other choice."""
    [outcome] = _received(office, {"tenant": tenant, "message": "m"})

    assert isinstance(outcome, Accepted)


def test_an_adapter_of_no_known_channel_is_told_so(office: Office) -> None:
    """The routing key is a name like any other."""
    [outcome] = _received(office, {"message": "m"}, channel="merpati")

    assert isinstance(outcome, PutAside)
    assert ["channel"] == list(outcome.fields or {})


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("0b2f1c9e-3f57-4c39-8e9c-0f1a2b3c4d5e", True),
        ("0B2F1C9E-3F57-4C39-8E9C-0F1A2B3C4D5E", True),
        ("081234567890", False),
        ("33011234567890013301123456789002", False),
        ("33011234-5678-9001-3301-123456789002", False),
        ("{0b2f1c9e-3f57-4c39-8e9c-0f1a2b3c4d5e}", False),
        ("urn:uuid:0b2f1c9e-3f57-4c39-8e9c-0f1a2b3c4d5e", False),
        ("0b2f1c9e-3f57-4c39-8e9c-0f1a2b3c4d5e\n", False),
        ("Siti Rahayu", False),
        ("\ud800", False),
        (None, False),
    ],
)
def test_only_a_uuid_of_a_senders_comes_into_the_log(office: Office, given: str | None, kept: bool) -> None:
    """Numbers of telephones and identity cards, one or two of them, names and whatever else get an id of ours."""
    body = json.dumps({"tenant": T, "message": "m"}).encode()
    receive(office.runtime, [Delivery(body, "submission.whatsapp", correlation_id=given)])
    [event] = office.news()

    assert kept == (event.data["correlation_id"] == str(given).lower())
    assert 36 == len(event.data["correlation_id"])


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"tenant":' * 100_000,
        b'{"tenant": ' + b"9" * 5000 + b"}",
        b"\xff\xfe",
        b"",
        b"7",
    ],
    ids=lambda body: repr(body[:12]),
)
def test_whatever_the_parser_says_is_a_refusal(office: Office, body: bytes) -> None:
    """Too deep, too long, no text at all: rejected with a code, and never a failure of ours."""
    [outcome] = _received(office, body)

    assert isinstance(outcome, PutAside)
    assert "not_json" == outcome.reason_code
