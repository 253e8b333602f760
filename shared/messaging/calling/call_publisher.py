"""How calls and their answers are published: as nameko's publisher does it, but in bounded time.

Nameko's own takes connections from kombu's pool, which waits for a hanging broker for ever when it puts one back.
"""

import os
import threading
from typing import Any, Final

import kombu.serialization
from amqp.exceptions import ConnectionError as AmqpConnectionError
from kombu.exceptions import ChannelError
from nameko.amqp.publish import UndeliverableMessage

from shared.messaging.wire.outgoing import TRANSIENT, ConfirmedPublisher, Outgoing

_CONFIRM_SECONDS: Final = 5.0

_CONNECTIONS: Final = 10


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
                publisher.publish([message])
            except (ConnectionError, AmqpConnectionError):
                if not used:
                    raise
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


class CallPublisher:
    """What nameko's calls publish with.

    Messages are not written to the broker's disk, for which they would have to wait: whoever calls does not outlive
    a restart of the broker.

    :param amqp_uri: of the broker.
    :param serializer: kombu's name of the format.
    """

    def __init__(self, amqp_uri: str, serializer: str = "json", **_: Any) -> None:
        self._url = amqp_uri
        self._serializer = serializer

    def publish(
        self,
        payload: Any,
        *,
        exchange: Any,
        routing_key: str,
        serializer: str | None = None,
        mandatory: bool = False,
        extra_headers: dict[str, Any] | None = None,
        reply_to: str | None = None,
        correlation_id: str | None = None,
        **_: Any,
    ) -> None:
        """Hand a message to the broker and wait until it has it.

        :raises UndeliverableMessage: if it is mandatory and no queue takes it.
        :raises BROKER_ERRORS: if the broker is away.
        """
        content_type, content_encoding, body = kombu.serialization.dumps(payload, serializer or self._serializer)
        message = Outgoing(
            exchange=exchange.name,
            routing_key=routing_key,
            body=body.encode(content_encoding) if isinstance(body, str) else body,
            headers=extra_headers or {},
            properties={"reply_to": reply_to, "correlation_id": correlation_id, "delivery_mode": TRANSIENT},
            content_type=content_type,
            content_encoding=content_encoding,
            mandatory=mandatory,
        )
        try:
            _pool_of(self._url).publish(message)
        except ChannelError as error:
            if "NO_ROUTE" in str(error):
                raise UndeliverableMessage from error
            raise
