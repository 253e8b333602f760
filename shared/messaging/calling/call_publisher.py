"""How calls and their answers are published: at once, over one connection that is kept, and without waiting.

Nobody waits for the broker to confirm them, since whoever calls waits for the answer anyway, and for no longer than it
has said. What comes back instead is read by a greenlet of the connection's: that no queue takes a call, that the
connection has ended, or that nothing is heard of the broker any more. Then the next message goes over a new one.

Nameko's own publisher takes connections from kombu's pool, which waits for a hanging broker for ever when it puts one
back.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import eventlet
from amqp.exceptions import ConnectionError as AmqpConnectionError
from eventlet.semaphore import Semaphore
from kombu.exceptions import ChannelError

from shared.messaging.wire.connections import (
    BROKER_ERRORS,
    HEARTBEAT_SECONDS,
    arose_in_library,
    open_connection,
    patience,
)
from shared.messaging.wire.corking import corked, without_looking
from shared.messaging.wire.outgoing import Outgoing, send

_SEND_SECONDS: Final = 5.0
_LOOK_SECONDS: Final = 1.0

Returned = Callable[[str], object]
"""Told the id of a call that no queue takes."""
Broken = Callable[[], object]
"""Told that a connection has ended: what was last sent over it may not have arrived."""


class Undeliverable(Exception):
    """No queue takes the call: nobody runs the service. It was not carried out."""


class NotSent(Exception):
    """The broker cannot be reached: the call was not carried out."""


class _Line:
    """The connection of a process to one broker, for calls and answers.

    :param url: of the broker.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._writing: Any = Semaphore()
        self._connection: Any = None
        self._channel: Any = None

    def publish(self, message: Outgoing) -> None:
        """Send a message; over a new connection if the old one turns out to be broken."""
        with self._writing:
            used = self._channel is not None
            self._connect()
            try:
                self._send(message)
            except (ConnectionError, AmqpConnectionError):
                if not used:
                    raise
                # It may arrive twice then; whoever takes calls knows one by its id, and a write by its key.
                self._connect()
                self._send(message)

    def _connect(self) -> None:
        """Connect, unless connected.

        :raises NotSent: if that fails.
        """
        if self._channel is not None:
            return
        try:
            connection = open_connection(self._url, heartbeat=HEARTBEAT_SECONDS)
            without_looking(connection)
            with patience(_SEND_SECONDS):
                channel = connection.channel()
        except BROKER_ERRORS as error:
            raise NotSent from error
        self._connection, self._channel = connection, channel
        if hasattr(channel, "events"):  # the in-memory broker says at once what it does not take
            channel.events["basic_return"].add(_hand_back)
            eventlet.spawn(self._listen, connection)

    def _send(self, message: Outgoing) -> None:
        try:
            with patience(_SEND_SECONDS), corked(self._connection):
                send(self._channel, message)
        except BaseException as error:
            if not isinstance(error, ChannelError):
                self._drop(self._connection)
            if arose_in_library(error):
                raise ConnectionResetError("the connection to the broker is out of step") from error
            raise

    def _listen(self, connection: Any) -> None:
        """Take what the broker says, and give signs of life, until the connection ends."""
        try:
            while connection is self._connection:
                with suppress(TimeoutError):
                    connection.drain_events(timeout=_LOOK_SECONDS)
                with self._writing:
                    connection.heartbeat_check()
        except BROKER_ERRORS:
            pass
        except Exception as error:
            if not arose_in_library(error):
                raise
        finally:
            self._drop(connection)

    def _drop(self, connection: Any) -> None:
        """Forget a connection, which is in an unknown state."""
        if connection is None:
            return
        if connection is self._connection:
            self._connection = self._channel = None
            for told in list(_broken.get(self._url, ())):
                eventlet.spawn(told)
        with suppress(*BROKER_ERRORS):
            connection.collect()


_lines: dict[tuple[int, str], _Line] = {}
_returned: dict[str, Returned] = {}
_broken: dict[str, list[Broken]] = {}


def _line_to(url: str) -> _Line:
    key = (os.getpid(), url)  # a forked child must not use its parent's connections
    if key not in _lines:
        _lines[key] = _Line(url)
    return _lines[key]


def publish(url: str, message: Outgoing) -> None:
    """Send a message to the broker. Whether it gets there is not waited for.

    :param url: of the broker.
    :raises Undeliverable: if it is mandatory, no queue takes it and the broker says so at once; see
        :func:`when_returned`.
    :raises NotSent: if the broker cannot be reached.
    :raises BROKER_ERRORS: if the broker goes away meanwhile: it may have the message, or not.
    """
    try:
        _line_to(url).publish(message)
    except ChannelError as error:
        if "NO_ROUTE" in str(error):
            raise Undeliverable from error
        raise


def when_returned(reply_to: str, told: Returned | None) -> None:
    """Who is told that no queue takes a call whose answer is to go there.

    :param told: none from now on.
    """
    if told is None:
        _returned.pop(reply_to, None)
    else:
        _returned[reply_to] = told


def when_broken(url: str, told: Broken) -> Callable[[], None]:
    """Who is told, in a greenlet of its own, that the connection to a broker has ended.

    :returns: how it is told no more.
    """
    all_told = _broken.setdefault(url, [])
    all_told.append(told)
    return lambda: all_told.remove(told)


def _hand_back(_error: Any, _exchange: str, _routing_key: str, message: Any) -> None:
    told = _returned.get(str(message.properties.get("reply_to")))
    if told is not None:
        told(str(message.properties.get("correlation_id")))
