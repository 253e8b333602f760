"""A message as it was delivered, without the library that delivered it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from shared.messaging.wire.received import Received, text_or_none
from shared.messaging.wire.unfolding import unfolded

ROUTING_KEY: Final = "x-aduan-routing-key"
"""Header: the routing key with which a message was first published, kept when it takes a detour."""

_OURS: Final = "aduan."
"""The names of our queues begin so, and no key of what others publish to our exchanges does."""
_PROPERTIES: Final = ("message_id", "correlation_id", "reply_to", "type", "app_id", "timestamp", "priority")


@dataclass(frozen=True)
class Delivery:
    """What somebody sent us.

    :param body: as it was before its sender compressed it: perhaps JSON, perhaps not. Whatever the sender says of its
        encoding, it is bytes.
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
        return _channel(self.routing_key)


def delivery_of(message: Received) -> Delivery:
    """The delivery that a message stands for, as its receiver gets it.

    :raises CannotUnfold: if its body is compressed and cannot be unfolded.
    """
    properties = message.properties
    return Delivery(
        body=unfolded(message.body, message.headers),
        routing_key=routing_key_of(message),
        headers=dict(message.headers),
        message_id=text_or_none(properties.get("message_id")),
        reply_to=text_or_none(properties.get("reply_to")),
        correlation_id=text_or_none(properties.get("correlation_id")),
        content_type=message.content_type,
    )


def routing_key_of(message: Received) -> str:
    """The routing key with which the message was first published.

    What comes back to us by a queue's name says it in our header. Of what was published to an exchange the header is
    the sender's, who may publish with some keys only: it says nothing.
    """
    kept = message.headers.get(ROUTING_KEY)
    return kept if isinstance(kept, str) and message.routing_key.startswith(_OURS) else message.routing_key


def channel_of(message: Received) -> str:
    """The channel of a submission, by which it was first published."""
    return _channel(routing_key_of(message))


def _channel(routing_key: str) -> str:
    return routing_key.partition(".")[2]


def properties_of(message: Received) -> dict[str, Any]:
    """The sender's properties, as far as they mean something to whom the message is passed on."""
    given = message.properties
    return {name: given[name] for name in _PROPERTIES if given.get(name) is not None}
