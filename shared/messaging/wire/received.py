"""A message as we took it from the broker, whatever the library makes of it: bytes, and what could be read of the rest.

Nothing here is decoded, unfolded or believed; and making one never fails, since it is made where a failure would take
the connection away from all other messages.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

DELIVERY_COUNT: Final = "x-delivery-count"
"""Header: how often a message was delivered before and came back. Quorum queues keep it; the in-memory broker too."""

UNDECODED: Final = "undecoded_properties"
TOO_LARGE: Final = "too_large"

_MOST_PROPERTIES_BYTES: Final = 112 * 1024  # so that they fit into one frame again, with ours beside them
_MOST_DEPTH: Final = 16


@dataclass(frozen=True)
class Received:
    """One delivery.

    :param body: the bytes that were sent, or the first of them (see :mod:`shared.messaging.wire.frames`).
    :param routing_key: with which it was published the last time.
    :param properties: AMQP properties by name, as the sender gave them.
    :param channel: over which it came and is acknowledged.
    :param trouble: why nothing can be done with it, as a stable code; None if nothing is known against it.
    :param undecoded: its properties as bytes, where they could not be decoded.
    """

    body: bytes
    routing_key: str
    delivery_tag: int
    channel: Any
    headers: Mapping[Any, Any] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    content_type: str | None = None
    content_encoding: str | None = None
    trouble: str | None = None
    undecoded: bytes | None = None

    @property
    def delivered_before(self) -> int:
        """How often it was delivered and came back without an end, as far as the broker knows."""
        count = self.headers.get(DELIVERY_COUNT, 0)
        return count if isinstance(count, int) else 0

    def ack(self) -> None:
        """Let the broker forget it."""
        self.channel.basic_ack(self.delivery_tag)


def received(raw: Any, channel: Any) -> Received:
    """The delivery that a library's message stands for: py-amqp's, or that of the in-memory broker.

    :param channel: over which it came.
    """
    told = raw.delivery_info or {}
    properties = dict(raw.properties or {})
    headers = properties.pop("application_headers", None) or getattr(raw, "headers", None) or {}
    undecoded = getattr(raw, "undecoded", None)
    return Received(
        body=body_of(raw),
        routing_key=str(told.get("routing_key", "")),
        delivery_tag=raw.delivery_tag,
        channel=channel,
        headers=headers,
        properties=properties,
        content_type=text_or_none(properties.get("content_type") or getattr(raw, "content_type", None)),
        content_encoding=text_or_none(properties.get("content_encoding") or getattr(raw, "content_encoding", None)),
        trouble=_trouble(raw, headers, undecoded),
        undecoded=undecoded,
    )


def _trouble(raw: Any, headers: object, undecoded: bytes | None) -> str | None:
    if undecoded is not None:
        return UNDECODED
    if getattr(raw, "properties_bytes", 0) > _MOST_PROPERTIES_BYTES or getattr(raw, "cut", False):
        return TOO_LARGE
    return None if shallow(headers) else UNDECODED


def shallow(value: object, levels: int = _MOST_DEPTH) -> bool:
    """Whether nothing in it lies deeper than so many levels: deeper ones can be read, and not be written again."""
    if not isinstance(value, (dict, list, tuple)):
        return True
    within = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(shallow(each, levels - 1) for each in within)


def body_of(raw: Any) -> bytes:
    """The body of a library's message as the bytes that were sent, whatever it says of their encoding."""
    body = raw.body
    if isinstance(body, str):
        return body.encode("utf-8", "surrogatepass")
    return bytes(body) if isinstance(body, (bytes, bytearray, memoryview)) else b""


def text_or_none(value: object) -> str | None:
    """A property that is to be text; none where it is anything else."""
    return value if isinstance(value, str) else None
