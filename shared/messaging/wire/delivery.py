"""A message as it was delivered, without the library that delivered it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

ROUTING_KEY: Final = "x-aduan-routing-key"
"""Header: the routing key with which a message was first published, kept when it takes a detour."""

_PROPERTIES: Final = ("message_id", "correlation_id", "reply_to", "type", "app_id", "timestamp", "priority")


@dataclass(frozen=True)
class Delivery:
    """What somebody sent us.

    :param body: as it was sent: perhaps JSON, perhaps not.
    :param routing_key: for a submission ``submission.<channel>``.
    :param reply_to: the queue in which the sender waits for an answer.
    :param correlation_id: by which the sender knows the answer.
    """

    body: bytes
    routing_key: str
    headers: Mapping[str, Any] = field(default_factory=dict)
    message_id: str | None = None
    reply_to: str | None = None
    correlation_id: str | None = None
    content_type: str | None = None

    @property
    def channel(self) -> str:
        """The channel named in the routing key."""
        return self.routing_key.partition(".")[2]


def delivery_of(message: Any) -> Delivery:
    """The delivery that kombu's message stands for."""
    properties = message.properties
    return Delivery(
        body=body_of(message),
        routing_key=routing_key_of(message),
        headers=dict(message.headers),
        message_id=properties.get("message_id"),
        reply_to=properties.get("reply_to"),
        correlation_id=properties.get("correlation_id"),
        content_type=message.content_type,
    )


def body_of(message: Any) -> bytes:
    """The body as the bytes that were sent: where the sender named an encoding, the library may have decoded them."""
    body = message.body
    if isinstance(body, str):
        return body.encode(message.content_encoding or "utf-8")
    return b"" if body is None else bytes(body)


def routing_key_of(message: Any) -> str:
    """The routing key with which the message was first published."""
    kept = message.headers.get(ROUTING_KEY)
    return str(kept if kept is not None else message.delivery_info.get("routing_key", ""))


def properties_of(message: Any) -> dict[str, Any]:
    """The sender's properties, as far as they mean something to whom the message is passed on."""
    given = message.properties
    return {name: given[name] for name in _PROPERTIES if given.get(name) is not None}
