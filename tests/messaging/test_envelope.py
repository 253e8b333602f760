import json
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.messaging.wire.envelope import Malformed, place_of, to_message
from shared.store.eventstore.reading import Place, RecordedEvent
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
    """The message holds the event byte for byte, and says where in the log it stands."""
    message = to_message(recorded)

    assert recorded.state == message.body
    assert Place(recorded.dossier, recorded.version) == place_of(message.headers)


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


@pytest.mark.parametrize("position", [5, 2**31, 5_000_000_000, 2**62])
def test_the_attributes_arrive(broker: str, position: int) -> None:
    """Headers, message id, content type, persistence and the very bytes come through the broker, of any log."""
    recorded = replace(event(5), position=position)
    publish(broker, recorded)
    (message,) = drain(broker, "aduan.sla")

    assert to_message(recorded).headers.items() <= message.headers.items()
    assert f"{recorded.dossier}:1" == message.properties["message_id"]
    assert "application/json" == message.content_type
    assert 2 == message.properties["delivery_mode"]
    assert recorded.state == (message.body if isinstance(message.body, bytes) else message.body.encode())


@pytest.mark.parametrize("name", ["subject", "sequence"])
@pytest.mark.parametrize("value", [None, "", "Budi", "1", 0, -1, 2**31, 1.0, True, [], {}, b"x", "\ud800"], ids=repr)
def test_a_place_that_makes_no_sense_is_malformed(name: str, value: object) -> None:
    """Whatever stands in the headers that say where to look; what they said is not repeated."""
    headers = {**to_message(event(1)).headers, name: value}

    with pytest.raises(Malformed) as raised:
        place_of(headers)
    assert "Budi" not in str(raised.value)
    with pytest.raises(Malformed):
        place_of({key: given for key, given in headers.items() if key != name})


@pytest.mark.parametrize("name", ["id", "source", "type", "time", "tenant", "position", "specversion"])
def test_nothing_else_of_a_message_is_needed(name: str) -> None:
    """All that a message may lie about is not looked at."""
    headers = {**to_message(event(1)).headers, name: ["anything"]}

    assert Place(event(1).dossier, 1) == place_of(headers)


def test_an_event_without_tenant_still_travels() -> None:
    """Even an odd event of the log is published: a relay that stops at it would stop everybody."""
    message = to_message(RecordedEvent(1, UUID(int=1), 1, "Odd", b"{}"))

    assert "/aduan/" == message.headers["source"]
