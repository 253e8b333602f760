"""A message on its way to the broker, and how many of them are handed over at once with certainty."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import eventlet

from shared.messaging.wire.connections import BROKER_ERRORS, arose_in_library, close_connection, open_connection
from shared.messaging.wire.corking import corked, without_looking
from shared.messaging.wire.memory import is_in_memory
from shared.messaging.wire.topology import declare_all

PERSISTENT: Final = 2
IN_MEMORY: Final = 1
CONFIRM_SECONDS: Final = 10.0


@dataclass(frozen=True)
class Outgoing:
    """A message to publish.

    :param exchange: its name; empty for the default exchange, where the routing key is a queue's name.
    :param body: sent as it is.
    :param properties: AMQP properties by name, e.g. ``message_id``; those that are None are left out.
    :param mandatory: whether it is an error if no queue takes it.
    """

    exchange: str
    routing_key: str
    body: bytes
    headers: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    content_type: str | None = "application/json"
    content_encoding: str | None = "utf-8"
    mandatory: bool = False


def send(channel: Any, message: Outgoing) -> None:
    """Publish a message on a channel; what the broker says to it is the caller's affair.

    :param channel: kombu's.
    :raises BROKER_ERRORS: if it cannot be sent.
    """
    properties = {name: value for name, value in message.properties.items() if value is not None}
    prepared = channel.prepare_message(
        message.body,
        priority=properties.pop("priority", None),  # the library takes this one by itself
        content_type=message.content_type,
        content_encoding=message.content_encoding,
        headers=dict(message.headers),
        properties=properties,
    )
    channel.basic_publish(
        prepared, exchange=message.exchange, routing_key=message.routing_key, mandatory=message.mandatory
    )


class NotConfirmed(TimeoutError):
    """The broker did not take a message; what was published with it may have been taken or not."""


class ConfirmedPublisher:
    """Publishes messages together and returns when the broker has taken them all.

    All are sent, then the confirmations are awaited: one round trip for a batch. It connects when first used, and
    again after a failure; not for use by two greenlets at once. The in-memory broker takes a message at once.

    :param url: of the broker.
    :param confirm_seconds: how long sending and confirming may take before the connection counts as dead.
    :param declare: whether to declare all queues first. What is published before its queue is there is lost to it.
    """

    def __init__(self, url: str, *, confirm_seconds: float = CONFIRM_SECONDS, declare: bool = True) -> None:
        self._url = url
        self._declare = declare
        self._confirm_seconds = confirm_seconds
        self._connection: Any = None
        self._channel: Any = None
        self._sent = 0
        self._unconfirmed: set[int] = set()
        self._refused = 0

    @property
    def connected(self) -> bool:
        """Whether it has a connection, for all it knows."""
        return self._channel is not None

    def connect(self) -> None:
        """Connect now, unless connected: what fails here has sent nothing.

        :raises BROKER_ERRORS: if the broker is away, or takes too long.
        """
        try:
            with eventlet.Timeout(self._confirm_seconds, NotConfirmed("the broker did not answer in time")):
                if self._channel is None:
                    self._open()
        except BaseException as error:
            self.drop()
            if arose_in_library(error):
                raise NotConfirmed("the connection to the broker is out of step") from error
            raise

    def heard(self, exchange: str) -> bool:
        """Whether anybody can be listening to an exchange: in a broker of this process's own that can be known.

        :raises BROKER_ERRORS: if that broker was reset.
        """
        if not is_in_memory(self._url):
            return True
        try:
            self.connect()
            self._channel.broker.check()
        except BROKER_ERRORS:
            self.drop()
            raise
        return bool(self._channel.get_table(exchange))

    def publish(self, messages: Iterable[Outgoing]) -> None:
        """Hand over messages, in their order.

        :raises BROKER_ERRORS: if it is not known that all were taken. Publish all of them again: some may then arrive
            twice, none is lost.
        """
        sending = False
        try:
            with eventlet.Timeout(self._confirm_seconds, NotConfirmed("the broker did not confirm in time")):
                if self._channel is None:
                    self._open()
                sending = True  # what fails now lies in a message
                with corked(self._connection):
                    for message in messages:
                        self._send(message)
                sending = False
                while self._unconfirmed:
                    self._connection.drain_events()
            self._check_refused()
        except BaseException as error:
            self.drop()
            if arose_in_library(error) and not sending:
                raise NotConfirmed("the connection to the broker is out of step") from error
            raise

    def close(self) -> None:
        """Take leave of the broker. It may be used again, and will then connect again."""
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            close_connection(connection)

    def drop(self) -> None:
        """Forget the connection, which is in an unknown state."""
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            with suppress(*BROKER_ERRORS):
                connection.collect()

    def _open(self) -> None:
        self._connection = open_connection(self._url)
        if self._declare:
            declare_all(self._connection)
        without_looking(self._connection)
        self._channel = self._connection.channel()
        self._sent, self._refused = 0, 0
        self._unconfirmed.clear()
        self._confirms = hasattr(self._channel, "confirm_select")
        if self._confirms:
            self._channel.confirm_select()
            self._channel.events["basic_ack"].add(self._on_ack)
            self._channel.events["basic_nack"].add(self._on_nack)

    def _send(self, message: Outgoing) -> None:
        if self._confirms:
            self._sent += 1
            self._unconfirmed.add(self._sent)
        send(self._channel, message)

    def _check_refused(self) -> None:
        if self._refused:
            raise NotConfirmed("the broker refused a message")

    def _on_ack(self, delivery_tag: int, multiple: bool) -> None:  # noqa: FBT001 - called by the library
        if multiple:
            self._unconfirmed = {tag for tag in self._unconfirmed if tag > delivery_tag}
        else:
            self._unconfirmed.discard(delivery_tag)

    def _on_nack(self, delivery_tag: int, multiple: bool) -> None:  # noqa: FBT001 - called by the library
        self._refused += 1
        self._on_ack(delivery_tag, multiple)
