"""The broker inside a process, for embedded mode and tests: kombu's in-memory transport with what it lacks.

What was added is what our code, and nameko's, rely on with RabbitMQ:

* A message that was taken and not acknowledged goes back to the head of *its* queue when the channel closes, and says
  how often that has happened.
* One acknowledgement may cover all before it.
* A mandatory message that no queue takes is refused, so that a call to an unknown service fails at once.
* A reply's content type stands among the message's properties, where nameko looks for it.
* Consumers are woken by the arrival of a message; kombu's sleep for a fixed time between looks, by default a second.
* Each virtual host is a broker of its own: ``memory://`` and ``memory:///other`` do not see each other.

It holds nothing over the end of the process: the event store does.
"""

# mypy: disable-error-code="no-untyped-call"
# kombu declares itself typed and leaves most of its functions without.

import socket
import threading
import time
from collections import defaultdict, deque
from queue import Empty
from typing import Any

import kombu.transport
from kombu.exceptions import ChannelError
from kombu.transport import virtual

from shared.messaging.wire.received import DELIVERY_COUNT

_NO_ROUTE = 312


class Broker:
    """The queues of one virtual host, and who waits for them."""

    def __init__(self) -> None:
        self.state = virtual.BrokerState()
        self.queues: dict[str, deque[dict[str, Any]]] = {}
        self.listeners: dict[str, set[Channel]] = defaultdict(set)
        self.gone = False

    def check(self) -> None:
        """Make sure that it still exists.

        :raises ConnectionResetError: if it was reset.
        """
        if self.gone:
            raise ConnectionResetError("the in-memory broker was reset")

    def wake(self, queue: str) -> None:
        """Something has come into this queue."""
        for channel in tuple(self.listeners.get(queue, ())):
            channel.look_again()


class Message(virtual.Message):
    """A message that stays as it was sent: kombu's own unfolds a compressed body, however large it gets."""

    def __init__(self, payload: dict[str, Any], channel: Any = None, **kwargs: Any) -> None:
        headers = payload.get("headers") or {}
        plain = {name: value for name, value in headers.items() if name != "compression"}
        super().__init__({**payload, "headers": plain}, channel, **kwargs)
        self.headers = dict(headers)
        self._raw = payload

    def serializable(self) -> dict[str, Any]:
        """What goes back to the queue."""
        return dict(self._raw)


class Channel(virtual.Channel):
    """A channel to the in-memory broker."""

    Message = Message
    do_restore = True
    supports_fanout = True
    body_encoding: Any = None  # nothing leaves the process, so nothing needs encoding

    @property
    def broker(self) -> Broker:
        """The virtual host that this channel speaks to."""
        broker: Broker = self.connection.broker
        return broker

    def look_again(self) -> None:
        """Let the connection's reader look into its queues."""
        if self.connection is not None:
            self.connection.arrival.set()

    def basic_publish(
        self, message: dict[str, Any], exchange: str, routing_key: str, *, mandatory: bool = False, **_: Any
    ) -> None:
        """Put a message into every queue that its routing key leads to.

        :param mandatory: whether it is an error if there is none.
        :raises ChannelError: if a mandatory message fits no queue.
        """
        self.broker.check()
        self._inplace_augment_message(message, exchange, routing_key)
        queues = [queue for queue in self._lookup(exchange, routing_key) if queue in self.broker.queues]
        if mandatory and not queues:
            raise ChannelError("NO_ROUTE", (60, 40), "Basic.publish", _NO_ROUTE)
        for queue in queues:
            self._put(queue, message)

    def basic_consume(self, queue: str, *args: Any, **kwargs: Any) -> None:
        """Begin to take from a queue."""
        super().basic_consume(queue, *args, **kwargs)
        self.broker.listeners[queue].add(self)
        self.look_again()

    def basic_cancel(self, consumer_tag: str) -> None:
        """Take no more from a queue."""
        queue = self._tag_to_queue.get(consumer_tag)
        super().basic_cancel(consumer_tag)
        if queue is not None and queue not in self._active_queues:
            self.broker.listeners[queue].discard(self)

    def basic_ack(self, delivery_tag: int, multiple: bool = False) -> None:  # noqa: FBT001, FBT002 - kombu's signature
        """Let go of a message, or of it and all before it."""
        if multiple:
            delivered = self.qos._delivered  # noqa: SLF001 - kombu offers no other way to them
            for earlier in [tag for tag in delivered if tag < delivery_tag]:
                self.qos.ack(earlier)
        self.qos.ack(delivery_tag)
        self.look_again()  # there may be room for more now

    def basic_reject(self, delivery_tag: int, requeue: bool = False) -> None:  # noqa: FBT001, FBT002 - kombu's signature
        """Let go of a message, or give it back to its queue."""
        super().basic_reject(delivery_tag, requeue=requeue)
        self.look_again()

    def _has_queue(self, queue: str, **_: Any) -> bool:
        return queue in self.broker.queues

    def _new_queue(self, queue: str, **_: Any) -> None:
        self.broker.queues.setdefault(queue, deque())

    def _size(self, queue: str) -> int:
        return len(self.broker.queues.get(queue, ()))

    def _delete(self, queue: str, *_: Any, **__: Any) -> None:
        self.broker.queues.pop(queue, None)

    def _purge(self, queue: str) -> int:
        size = self._size(queue)
        self.broker.queues.get(queue, deque()).clear()
        return size

    def _put(self, queue: str, message: dict[str, Any], **_: Any) -> None:
        self.broker.queues[queue].append(message)
        self.broker.wake(queue)

    def _put_fanout(self, exchange: str, message: dict[str, Any], routing_key: str | None = None, **_: Any) -> None:
        for queue in self._lookup(exchange, routing_key):
            self._put(queue, message)

    def _queue_bind(self, *_: Any) -> None:
        """Bindings are in the broker's state already."""

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:  # noqa: ARG002 - kombu's signature
        try:
            message = self.broker.queues[queue].popleft()
        except (KeyError, IndexError):
            raise Empty from None
        # A copy: the same message may lie in other queues.
        own = {"delivery_tag": self._next_delivery_tag(), "content_type": message["content-type"], "queue": queue}
        return {**message, "properties": {**message["properties"], **own}}

    def _restore(self, message: Any) -> None:
        queue = message.properties["queue"]
        if queue in self.broker.queues:
            before = message.headers.get(DELIVERY_COUNT, 0)
            count = (before if isinstance(before, int) else 0) + 1
            headers = {**message.headers, DELIVERY_COUNT: count}
            self.broker.queues[queue].appendleft({**message.serializable(), "headers": headers, "redelivered": True})
            self.broker.wake(queue)

    def _next_delivery_tag(self) -> int:
        return next(self._delivery_tags)


class Transport(virtual.Transport):
    """Connections to the in-memory broker."""

    Channel = Channel
    driver_type = "memory"
    driver_name = "memory"
    connection_errors = (OSError,)
    channel_errors = (ChannelError,)
    implements = virtual.Transport.implements.extend(exchange_type=frozenset(["direct", "topic", "fanout"]))

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        self.broker = _brokers[client.virtual_host or "/"]
        self.state = self.broker.state
        self.arrival = threading.Event()

    @property
    def default_connection_params(self) -> dict[str, Any]:
        """None: kombu's name a host, of which it then warns that nobody has."""
        return {}

    def driver_version(self) -> str:
        """There is none."""
        return "N/A"

    def drain_events(self, connection: Any, timeout: float | None = None, **_: Any) -> None:  # noqa: ARG002 - kombu's
        """Deliver one message, waiting for it if need be.

        :param timeout: most seconds to wait; for ever without one.
        :raises TimeoutError: if none came.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        cycle: Any = self.cycle
        while True:
            self.arrival.clear()
            self.broker.check()
            try:
                cycle.get(self._deliver, timeout=timeout)
            except Empty:
                remaining = None if deadline is None else deadline - time.monotonic()
                if remaining is not None and remaining <= 0:
                    raise socket.timeout from None  # noqa: UP041 - the name that kombu's callers know
                self.arrival.wait(remaining)
            else:
                return


_brokers: dict[str, Broker] = defaultdict(Broker)


def is_in_memory(broker_url: str) -> bool:
    """Whether a broker is one of these: no other process reaches it, and it ends with this one."""
    return broker_url.startswith("memory:")


def install() -> None:
    """Let ``memory://`` mean this broker in this process. Connections that are open already are not touched."""
    kombu.transport.TRANSPORT_ALIASES["memory"] = f"{__name__}:Transport"
    kombu.transport._transport_cache.pop("memory", None)  # noqa: SLF001 - kombu remembers what the name meant


def reset() -> None:
    """Forget every exchange, queue and message, for instance between two tests.

    Whoever is connected finds the connection broken, as after the restart of a real broker, and may connect again.
    """
    gone = list(_brokers.values())
    _brokers.clear()
    for broker in gone:
        broker.gone = True
        for queue in list(broker.listeners):
            broker.wake(queue)
