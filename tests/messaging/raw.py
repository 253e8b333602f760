"""Messages as no library of good manners would send them: properties as bytes of one's own choice."""

import struct
from collections.abc import Mapping
from typing import Any, Final, Self
from urllib.parse import unquote, urlsplit

import amqp

# In the order of their flags, from the highest bit down; `t` is a table, `o` an octet, `L` 64 bits, `s` a short text.
_PROPERTIES: Final = {
    "content_type": "s",
    "content_encoding": "s",
    "headers": "t",
    "delivery_mode": "o",
    "priority": "o",
    "correlation_id": "s",
    "reply_to": "s",
    "expiration": "s",
    "message_id": "s",
    "timestamp": "L",
    "type": "s",
    "user_id": "s",
    "app_id": "s",
}


class RawMessage(amqp.Message):
    """A message whose properties are written as given.

    :param given: by name; texts as bytes, the headers as a table's bytes (:func:`table`).
    """

    given: Mapping[str, Any] = {}

    def _serialize_properties(self) -> bytes:
        flags, written = 0, b""
        for place, (name, kind) in enumerate(_PROPERTIES.items()):
            value = self.given.get(name)
            if value is None:
                continue
            flags |= 1 << (15 - place)
            written += _written(kind, value)
        return struct.pack(">H", flags) + written


def table(**entries: bytes) -> bytes:
    """A table: each value with the letter of its type before it."""
    return b"".join(name_of(name.encode()) + value for name, value in entries.items())


def name_of(name: bytes) -> bytes:
    """A key in a table."""
    return bytes([len(name)]) + name


def text(value: bytes) -> bytes:
    """A text in a table."""
    return b"S" + struct.pack(">I", len(value)) + value


def nested(levels: int) -> bytes:
    """A table within a table, and so on."""
    inner = b""
    for _ in range(levels):
        inner = name_of(b"t") + b"F" + struct.pack(">I", len(inner)) + inner
    return inner


def send(url: str, exchange: str, routing_key: bytes, body: bytes, **properties: Any) -> bool:
    """Publish one message and wait until the broker has it.

    :param routing_key: any bytes.
    :param properties: see :class:`RawMessage`.
    :returns: whether the broker took it: some of this even RabbitMQ refuses.
    """
    parts = urlsplit(url)
    connection = amqp.Connection(
        host=f"{parts.hostname}:{parts.port}",
        userid=parts.username,
        password=parts.password,
        virtual_host=unquote(parts.path[1:]) or "/",
        confirm_publish=True,
    )
    connection.connect()
    message = RawMessage(body)
    message.given = {"delivery_mode": 2, **properties}
    try:
        connection.channel().basic_publish_confirm(message, exchange, _Key(routing_key))
    except amqp.AMQPError:
        connection.collect()
        return False
    connection.close()
    return True


class _Key(str):  # noqa: SLOT000 - a text cannot have slots
    """A routing key that is any bytes."""

    raw: bytes

    def __new__(cls, raw: bytes) -> Self:
        """The text that it seems to be."""
        made = super().__new__(cls, raw.decode(errors="replace"))
        made.raw = raw
        return made

    def encode(self, *_: str) -> bytes:
        """As it is."""
        return self.raw


def _written(kind: str, value: Any) -> bytes:
    match kind:
        case "s":
            return name_of(value)
        case "t":
            return struct.pack(">I", len(value)) + bytes(value)
        case "o":
            return bytes([value])
    return struct.pack(">Q", value)
