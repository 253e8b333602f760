"""How calls and their answers are published: in bounded time, over a few connections that are kept.

Nameko's own publisher takes connections from kombu's pool, which waits for a hanging broker for ever when it puts one
back.
"""

import os
import threading
from typing import Final

from amqp.exceptions import ConnectionError as AmqpConnectionError
from kombu.exceptions import ChannelError

from shared.messaging.wire.connections import BROKER_ERRORS
from shared.messaging.wire.outgoing import ConfirmedPublisher, Outgoing

_CONFIRM_SECONDS: Final = 5.0

_CONNECTIONS: Final = 10


class Undeliverable(Exception):
    """No queue takes the call: nobody runs the service. It was not carried out."""


class NotSent(Exception):
    """The broker cannot be reached: the call was not carried out."""


class _Pool:
    """Connections for publishing calls to one broker. Each is held for a round trip only."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._permits = threading.Semaphore(_CONNECTIONS)
        self._idle: list[ConfirmedPublisher] = []

    def publish(self, message: Outgoing) -> None:
        """Hand over a message; over a new connection if an old one turns out to be broken."""
        with self._permits:
            publisher = self._idle.pop() if self._idle else self._new()
            used = publisher.connected
            try:
                _connect(publisher)
                publisher.publish([message])
            except (ConnectionError, AmqpConnectionError):
                if not used:
                    raise
                # It may arrive twice then; whoever takes calls knows one by its id, and a write by its key.
                publisher.publish([message])
            finally:
                self._idle.append(publisher)

    def _new(self) -> ConfirmedPublisher:
        return ConfirmedPublisher(self._url, confirm_seconds=_CONFIRM_SECONDS, declare=False)


_pools: dict[tuple[int, str], _Pool] = {}


def _pool_of(url: str) -> _Pool:
    key = (os.getpid(), url)  # a forked child must not use its parent's connections
    if key not in _pools:
        _pools[key] = _Pool(url)
    return _pools[key]


def publish(url: str, message: Outgoing) -> None:
    """Hand a message to the broker and wait until it has it.

    :param url: of the broker.
    :raises Undeliverable: if it is mandatory and no queue takes it.
    :raises NotSent: if the broker cannot be reached.
    :raises BROKER_ERRORS: if the broker goes away meanwhile: it may have the message, or not.
    """
    try:
        _pool_of(url).publish(message)
    except ChannelError as error:
        if "NO_ROUTE" in str(error):
            raise Undeliverable from error
        raise


def _connect(publisher: ConfirmedPublisher) -> None:
    try:
        publisher.connect()
    except BROKER_ERRORS as error:
        raise NotSent from error
