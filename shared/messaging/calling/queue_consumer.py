"""The part of nameko that reads calls and answers from the broker, made to behave when the broker does not.

It knows at every moment whether messages can reach it (:attr:`QueueConsumer.listening`): a service that does not take
calls yet is not ready, and whoever could not hear the answer must not call. A call that is published before the queue
of its answer is bound would be carried out, and its answer lost.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

import eventlet
from eventlet.event import Event
from nameko.extensions import ProviderCollector
from nameko.messaging import QueueConsumer as NamekoQueueConsumer
from nameko.messaging import QueueConsumerStopped

from shared.messaging.calling.direct import calls_at_once
from shared.messaging.wire.backoff import Retries
from shared.messaging.wire.connections import (
    BROKER_ERRORS,
    CANCEL_SECONDS,
    HEARTBEAT_SECONDS,
    SETUP_SECONDS,
    close_connection,
    open_connection,
    patience,
)
from shared.messaging.wire.frames import tolerant

log = logging.getLogger(__name__)

_LOOK_SECONDS: Final = 0.1
# Nameko's waits grow to half a minute, for which calls would fail after the broker is back.
_RECONNECT: Final = Retries(first_seconds=0.2, most_seconds=2.0)


class QueueConsumer(NamekoQueueConsumer):
    """Nameko's, but it stops at once, with or without a broker, and never logs a message that it cannot read."""

    _pending_remove_providers: dict[Any, Any]

    def __init__(self) -> None:
        super().__init__()
        self._listens: Any = Event()
        self._setting_up: Any = None

    @property
    def listening(self) -> bool:
        """Whether its queues are bound and being read, as far as can be known."""
        return bool(self._listens.ready())

    def wait_listening(self) -> None:
        """Wait until its queues are bound and being read, however long that takes: set a time-out around it."""
        self._listens.wait()

    @property
    def prefetch_count(self) -> int:
        """Calls at once."""
        return calls_at_once(int(self.container.max_workers))

    def run(self, *args: Any, **kwargs: Any) -> None:
        """Read until told to stop."""
        try:
            super().run(*args, **kwargs)
        except QueueConsumerStopped as stopped:
            log.info("stopped while the broker was away")
            if not self._consumers_ready.ready():
                self._consumers_ready.send_exception(stopped)  # for who waits in `start`

    def stop(self) -> None:
        """Stop reading; whoever is told so before it has begun does not begin."""
        if self._gt is None:
            self.should_stop = True
            return
        super().stop()

    def unregister_provider(self, provider: Any) -> None:
        """Cancel its consumer; there is none any more where nothing is being read."""
        if self._gt is not None and self._gt.dead:
            ProviderCollector.unregister_provider(self, provider)
        else:
            super().unregister_provider(provider)

    def consume(self, limit: Any = None, timeout: Any = None, safety_interval: float = _LOOK_SECONDS, **kw: Any) -> Any:
        """As nameko's, looking more often than once a second whether it is to stop, which it does several times."""
        return super().consume(limit=limit, timeout=timeout, safety_interval=safety_interval, **kw)

    @contextmanager
    def establish_connection(self) -> Iterator[Any]:
        """Connect, however long it takes, unless we are to stop meanwhile."""
        connection = self._connected()
        try:
            # A broker that takes the connection and then hangs would be waited for without end; heartbeats begin later.
            self._setting_up = patience(SETUP_SECONDS)
            yield connection
        except BaseException:
            connection.collect()  # it may hang, and would not answer a farewell
            raise
        finally:
            self._deaf()
        close_connection(connection)

    def on_consume_ready(self, connection: Any, channel: Any, consumers: Any, **kwargs: Any) -> None:
        """Everything is declared, bound and being read, over this connection."""
        self._setting_up.cancel()
        if not self._listens.ready():
            self._listens.send(None)
        super().on_consume_ready(connection, channel, consumers, **kwargs)

    def get_consumers(self, consumer_cls: Any, channel: Any) -> Any:
        """One for each provider. Messages are taken as they are: what they hold is judged by who opens the seal."""
        _take_bytes(channel)
        self._consumers = {}
        for provider in self._providers:
            no_ack = getattr(provider, "needs_no_ack", False)
            try:
                queues = provider.queues(channel)
                consumer = consumer_cls(
                    queues=queues, on_message=partial(self.handle_message, provider, None), no_ack=no_ack
                )
            except BROKER_ERRORS as error:
                provider.not_declared(error)
                raise
            consumer.qos(prefetch_count=self.prefetch_count)
            self._consumers[provider] = consumer
        return self._consumers.values()

    def on_iteration(self) -> None:
        """Cancel what is to be cancelled; if the broker does not answer, leave without."""
        waiting = dict(self._pending_remove_providers)
        if not waiting and self._consumers:
            return  # as nearly always; to set a time-out costs more than the rest
        try:
            with patience(CANCEL_SECONDS):
                super().on_iteration()
        except BROKER_ERRORS:
            self._pending_remove_providers.update(
                {provider: removed for provider, removed in waiting.items() if not removed.ready()}
            )
            raise

    def on_connection_error(self, exc: Any, interval: float) -> None:
        """Say so; nameko's own sentence would name the broker's address."""
        log.warning("waiting for the broker", extra={"error": type(exc).__name__, "seconds": interval})

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        """Drop it: there is nobody to answer, and the sender's timeout tells it."""
        log.warning("an unreadable call was dropped", extra={"error": type(exc).__name__})
        self.ack_message(message)

    def ack_message(self, message: Any) -> None:
        """Acknowledge, if the connection is still there; otherwise the broker delivers it again."""
        try:
            super().ack_message(message)
        except BROKER_ERRORS as error:
            log.warning("an acknowledgement was lost with the broker", extra={"error": type(error).__name__})

    def _connected(self) -> Any:
        tried = 0
        while True:
            self._check_stopping()
            try:
                return open_connection(self.amqp_uri, heartbeat=HEARTBEAT_SECONDS, frame_handler=tolerant)
            except BROKER_ERRORS as error:
                wait_until = time.monotonic() + _RECONNECT.wait_seconds(tried)
                self.on_connection_error(error, _RECONNECT.wait_seconds(tried))
                tried += 1
            while time.monotonic() < wait_until:
                self._check_stopping()
                eventlet.sleep(_LOOK_SECONDS)

    def _deaf(self) -> None:
        """Nothing is heard any more; whoever waits goes on waiting."""
        if self._setting_up is not None:
            self._setting_up.cancel()
        if self._listens.ready():
            self._listens = Event()
        for provider in self._providers:
            provider.deaf()

    def _check_stopping(self) -> None:
        """Let those go who wait for their consumer to be cancelled: there is none.

        :raises QueueConsumerStopped: if we are to stop.
        """
        waiting = self._pending_remove_providers
        if waiting or self.should_stop:
            self._pending_remove_providers = {}
            for removed in waiting.values():
                removed.send()
            raise QueueConsumerStopped


def _take_bytes(channel: Any) -> None:
    """Let the library hand over bodies as they are: it would decode and unfold them as their senders say."""
    if not hasattr(channel, "auto_decode"):
        return  # the in-memory broker's, which nobody else reaches
    channel.auto_decode = False
    made = channel.Message

    def as_it_is(raw: Any, **how: Any) -> Any:
        (raw.properties.get("application_headers") or {}).pop("compression", None)
        return made(raw, **how)

    channel.Message = as_it_is
