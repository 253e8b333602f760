"""What can be read of a message, whatever its bytes are."""

import struct
from types import SimpleNamespace
from typing import Any

from amqp import spec
from hypothesis import given
from hypothesis import strategies as st

from shared.messaging.wire.frames import Content, readable, tolerant
from shared.messaging.wire.received import received
from tests.messaging.raw import name_of

DELIVER = struct.pack(">HH", *spec.Basic.Deliver)


def delivery(routing_key: bytes, exchange: bytes = b"aduan.intake") -> bytes:
    """A delivery's first frame."""
    return DELIVER + name_of(b"tag") + struct.pack(">QB", 7, 0) + name_of(exchange) + name_of(routing_key)


def take(*frames: tuple[int, bytes], most_bytes: int | None = None) -> list[Any]:
    """What comes of frames."""
    taken: list[Any] = []
    handle = tolerant(SimpleNamespace(bytes_recv=0), lambda *told: taken.append(told), most_bytes=most_bytes)
    for kind, frame in frames:
        handle((kind, 1, frame))
    return taken


def header(size: int, properties: bytes = b"\x00\x00") -> bytes:
    """A content's header frame."""
    return struct.pack(">HxxQ", 60, size) + properties


@given(st.binary(max_size=200), st.binary(min_size=1, max_size=50))
def test_any_properties_can_be_taken(properties: bytes, body: bytes) -> None:
    """Bytes that are no properties, or strange ones, cost the properties at most; the body is there."""
    [(_, _, _, content)] = take((1, delivery(b"x")), (2, header(len(body), properties)), (3, body))
    content.delivery_info = {"delivery_tag": 7, "routing_key": "x"}
    message = received(content, None)

    assert body == message.body
    assert isinstance(content, Content)
    assert (message.trouble is None) == (message.undecoded is None)
    assert message.undecoded in {None, properties}


@given(st.binary(max_size=255))
def test_any_routing_key_can_be_taken(key: bytes) -> None:
    """The library can decode what it gets; a key that was text stays as it was."""
    arguments = readable(spec.Basic.Deliver, delivery(key))
    at = len(delivery(b"")) - 1
    told = arguments[at + 1 : at + 1 + arguments[at]].decode()

    assert len(arguments) == at + 1 + arguments[at]
    try:
        assert key.decode() == told
    except UnicodeDecodeError:
        assert told.isascii()


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=6), st.integers(0, 120))
def test_of_a_body_no_more_is_kept_than_can_be_of_use(pieces: list[bytes], most: int) -> None:
    """However many pieces come, the beginning is kept, and whether that is all of it."""
    body = b"".join(pieces)
    [(_, _, _, content)] = take(
        (1, delivery(b"x")), (2, header(len(body))), *[(3, each) for each in pieces], most_bytes=most
    )

    assert body[:most] == content.body
    assert content.cut == (len(body) > most)


def test_frames_of_several_messages_stay_apart() -> None:
    """One message after the other, with and without a body, and signs of life in between."""
    taken = take(
        (1, delivery(b"a")), (8, b""), (2, header(0)), (1, delivery(b"b")), (2, header(2)), (3, b"x"), (3, b"y")
    )

    assert ["", b"xy"] == [content.body for *_, content in taken]
