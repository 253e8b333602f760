import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.messaging.wire.envelope import Malformed, from_message, to_message
from shared.store.eventstore.reading import RecordedEvent
from tests.messaging.helping import RECORDED, drain, event, publish

TEXT = st.text(st.characters(codec="utf-8"), max_size=50)
RECORDED_EVENTS = st.builds(
    RecordedEvent,
    position=st.integers(1, 2**62),
    dossier=st.uuids(),
    version=st.integers(1, 2**31 - 1),
    type=st.from_regex(r"[A-Z][A-Za-z]{0,30}", fullmatch=True),
    state=st.dictionaries(TEXT, TEXT).map(lambda data: json.dumps(data, ensure_ascii=False).encode()),
)


@given(RECORDED_EVENTS)
def test_an_event_comes_out_as_it_went_in(recorded: RecordedEvent) -> None:
    """Reading the message gives the event, byte for byte."""
    message = to_message(recorded)

    assert recorded == from_message(message.headers, message.body)


def test_the_attributes_are_those_of_cloudevents() -> None:
    """Whoever reads the headers knows what happened to what, where and when, without the body."""
    message = to_message(event(3, type_="Returned", traceparent="00-aa-bb-01"))

    assert {
        "id": "00000000-0000-0000-0000-000000000003:1",
        "source": "/aduan/cilacap",
        "specversion": "1.0",
        "type": "Returned",
        "subject": "00000000-0000-0000-0000-000000000003",
        "time": RECORDED,
        "tenant": "cilacap",
        "sequence": 1,
        "position": 3,
        "traceparent": "00-aa-bb-01",
    } == message.headers
    assert "application/json" == message.content_type
    assert {"message_id": message.headers["id"], "delivery_mode": 2} == message.properties
    assert ("aduan.events", "Returned") == (message.exchange, message.routing_key)


def test_the_attributes_arrive(broker: str) -> None:
    """Headers, message id, content type, persistence and the very bytes come through the broker."""
    recorded = event(5)
    publish(broker, recorded)
    (message,) = drain(broker, "aduan.sla")

    assert to_message(recorded).headers.items() <= message.headers.items()
    assert f"{recorded.dossier}:1" == message.properties["message_id"]
    assert "application/json" == message.content_type
    assert 2 == message.properties["delivery_mode"]
    assert recorded.state == (message.body if isinstance(message.body, bytes) else message.body.encode())


@pytest.mark.parametrize("name", ["position", "subject", "sequence", "type"])
def test_a_missing_attribute_is_told(name: str) -> None:
    """A message that lacks what makes it an event is malformed, and says what it lacks."""
    headers = {key: value for key, value in to_message(event(1)).headers.items() if key != name}

    with pytest.raises(Malformed, match=f"the header {name} is missing"):
        from_message(headers, b"{}")


@pytest.mark.parametrize(
    "changed", [{"position": "x"}, {"subject": "Budi"}, {"sequence": None}, {"subject": None}], ids=str
)
def test_a_senseless_attribute_is_malformed(changed: dict[str, Any]) -> None:
    """Attributes that cannot be read are malformed; what they said is not repeated."""
    with pytest.raises(Malformed) as raised:
        from_message({**to_message(event(1)).headers, **changed}, b"{}")

    assert "Budi" not in str(raised.value)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"\xff", b"{", b"[" * 100_000], ids=lambda body: repr(body[:5]))
def test_a_body_that_is_no_object_is_malformed(body: bytes) -> None:
    """Bytes that are no JSON object are malformed, however strange they are."""
    with pytest.raises(Malformed):
        from_message(to_message(event(1)).headers, body)


def test_an_event_without_tenant_still_travels() -> None:
    """Even an odd event of the log is published: a relay that stops at it would stop everybody."""
    message = to_message(RecordedEvent(1, UUID(int=1), 1, "Odd", b"{}"))

    assert "/aduan/" == message.headers["source"]
