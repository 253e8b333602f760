"""Whether a message can be sent at all: one that breaks the connection on its way out comes back for ever."""

from typing import Any, Final

from amqp.basic_message import Message

from shared.messaging.wire.outgoing import Outgoing

MOST_BYTES: Final = 120 * 1024
"""Properties and headers go in one frame, and RabbitMQ ends a connection over which a longer one comes (128 KiB)."""

_LONGEST_NAME: Final = 255


def fits(message: Outgoing) -> bool:
    """Whether its properties can be written as AMQP, in one frame."""
    properties: dict[str, Any] = {name: value for name, value in message.properties.items() if value is not None}
    try:
        content = Message(
            content_type=message.content_type,
            content_encoding=message.content_encoding,
            application_headers=dict(message.headers),
            **properties,
        )
        written = content._serialize_properties()  # noqa: SLF001 - the library has no other door to it
        name = message.routing_key.encode("utf-8", "surrogatepass")
    except Exception:  # noqa: BLE001 - whatever the library says to what a stranger has sent
        return False
    return len(written) <= MOST_BYTES and len(name) <= _LONGEST_NAME
