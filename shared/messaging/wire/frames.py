"""Reading what the broker passes on from strangers, so that no property of a message can break the connection.

The library (py-amqp) decodes properties, headers and routing keys while it reads from the socket, and what it cannot
decode it raises there: the connection is lost, the message comes again, and so on for ever. This handler, which the
library lets us put in its own's place, keeps what cannot be decoded as bytes and says so; and of a body it keeps no
more than can be of use, however long it is.
"""

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from struct import unpack_from
from typing import Any, Final

from amqp import spec
from amqp.basic_message import Message
from amqp.exceptions import UnexpectedFrame

MOST_BODY_BYTES: Final = 2 * 1024 * 1024
"""So much of a body is kept. A submission may have half of it, as may a request over HTTP."""

_METHOD, _HEADER, _BODY, _HEARTBEAT = 1, 2, 3, 8
_DELIVER, _GET_OK, _RETURN = spec.Basic.Deliver, spec.Basic.GetOk, spec.Basic.Return
_LONGEST_SHORT: Final = 255

Dispatch = Callable[[int, tuple[int, int], bytes, Any], object]


class Content(Message):
    """A message as it comes from the broker.

    :ivar undecoded: its properties and headers as bytes, if they could not be decoded; they are then empty.
    :ivar properties_bytes: how long properties and headers are.
    :ivar cut: whether its body was longer than we keep.
    """

    undecoded: bytes | None = None
    properties_bytes: int = 0
    most_bytes: int | None = None
    cut: bool = False
    _kept: int = 0

    def _load_properties(self, class_id: int, buf: bytes, offset: int) -> int:
        self.properties_bytes = len(buf) - offset
        try:
            return int(super()._load_properties(class_id, buf, offset))
        except Exception:  # noqa: BLE001 - whatever the library says to what a stranger has sent
            self.properties: dict[str, Any] = {}
            self.undecoded = bytes(buf[offset:])
            return len(buf)

    def inbound_body(self, buf: bytes) -> None:
        """Take a piece of the body; what is too much is counted and let go."""
        room = len(buf) if self.most_bytes is None else max(0, self.most_bytes - self._kept)
        kept = buf[:room]
        self._kept += len(kept)
        self.cut = self.cut or len(kept) < len(buf)
        self.body_received += len(buf) - len(kept)
        super().inbound_body(kept)


def tolerant(connection: Any, dispatch: Dispatch, *, most_bytes: int | None = None) -> Callable[[Any], bool]:
    """The library's frame handler, but tolerant. For ``transport_options={"frame_handler": tolerant}``.

    :param connection: the library's.
    :param dispatch: what the library does with a complete method.
    :param most_bytes: so much of a body is kept; all of it if not given.
    """
    expected: defaultdict[int, int] = defaultdict(lambda: _METHOD)
    partly: dict[int, Any] = {}

    def complete(channel: int) -> bool:
        expected[channel] = _METHOD
        content = partly.pop(channel)
        dispatch(channel, content.frame_method, content.frame_args, content)
        return True

    def on_frame(frame: tuple[int, int, bytes]) -> bool:
        kind, channel, buf = frame
        connection.bytes_recv += 1
        if kind == _HEARTBEAT:
            return False
        if kind != expected[channel]:
            raise UnexpectedFrame(f"a frame of type {kind} came where one of type {expected[channel]} was expected")
        if kind == _METHOD:
            method: tuple[int, int] = unpack_from(">HH", buf, 0)
            if method not in {_DELIVER, _GET_OK, _RETURN}:
                dispatch(channel, method, buf, None)
                return True
            content = Content(frame_method=method, frame_args=readable(method, buf))
            content.most_bytes = most_bytes
            partly[channel], expected[channel] = content, _HEADER
            return False
        if kind == _HEADER:
            partly[channel].inbound_header(buf)
            expected[channel] = _BODY
        else:
            partly[channel].inbound_body(buf)
        return complete(channel) if partly[channel].ready else False

    return on_frame


bounded: Final = partial(tolerant, most_bytes=MOST_BODY_BYTES)
"""The handler for connections over which strangers' messages come."""


def readable(method: tuple[int, int], arguments: bytes) -> bytes:
    """A delivery's arguments, with a routing key that can be decoded: any bytes may stand in what a stranger sent."""
    at = 4
    if method == _DELIVER:
        at += 1 + arguments[at]  # the consumer's tag
    if method == _RETURN:
        at += 2
        at += 1 + arguments[at]  # the reason
    else:
        at += 9  # delivery tag and redelivered
    key_at = at + 1 + arguments[at]
    end = key_at + 1 + arguments[key_at]
    exchange, key = arguments[at + 1 : key_at], arguments[key_at + 1 : end]
    try:
        exchange.decode()
        key.decode()
    except UnicodeDecodeError:
        return arguments[:at] + _short(exchange) + _short(key) + arguments[end:]
    return arguments


def _short(given: bytes) -> bytes:
    text = given.decode(errors="backslashreplace").encode("ascii", "backslashreplace")[:_LONGEST_SHORT]
    return bytes([len(text)]) + text
