"""Taking from one queue over one connection, for as long as that lasts.

Two greenlets share the connection. The receiver alone reads from it, and sends signs of life while the other works.
The worker takes batches, has them settled and acknowledges them. When the connection fails or we are to stop, the
batch in hand is finished, what was not begun goes back to the broker, and only then the session ends: a second
session never runs beside a first.
"""

# mypy: disable-error-code="no-untyped-call"
# kombu declares itself typed and leaves most of its functions without.

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Protocol
from uuid import uuid4

import eventlet
from greenlet import GreenletExit

from shared.messaging.consuming.inbox import Inbox
from shared.messaging.wire.connections import BROKER_ERRORS, CANCEL_SECONDS, SETUP_SECONDS, patience
from shared.messaging.wire.received import Received, received

_LOOK_SECONDS = 0.1  # whether it is to stop, which waits for the look; a message does not
_ALIVE_SECONDS = 1.0
_ACKNOWLEDGE_SECONDS = 5.0


class Work(Protocol):
    """What a session's worker does with messages."""

    @property
    def halted(self) -> bool:
        """Whether no more messages are to be taken."""

    def alive(self) -> None:
        """Told every second that the session lasts."""

    def next_due_seconds(self) -> float | None:
        """Seconds until there is something to do even if no message comes."""

    def work(self, messages: list[Received]) -> Iterable[list[Received]]:
        """Deal with messages; gives those that are done with, as soon as they are."""


class Session:
    """One connection's taking from one queue.

    :param connection: an open connection, with heartbeats where the broker has them.
    :param queue: from where; it must have been declared.
    :param inbox: how messages become batches.
    :param batch: messages in a batch; twice as many are fetched ahead, so that the next batch waits already.
    :param work: what is done with them.
    :param stop: set when we are to stop.
    """

    def __init__(
        self, connection: Any, queue: Any, inbox: Inbox[Received], batch: int, work: Work, stop: threading.Event
    ) -> None:
        self._connection = connection
        self._queue = queue
        self._inbox = inbox
        self._batch = batch
        self._work = work
        self._stop = stop
        self._writing = threading.Lock()
        self._open: dict[int, None] = {}  # delivery tags that are not acknowledged, in order of delivery

    def run(self, on_ready: Callable[[], None]) -> None:
        """Take messages until we are to stop, the work asks to end, or the connection fails.

        :param on_ready: called when messages may come.
        :raises BROKER_ERRORS: if the connection fails.
        """
        channel = self._connection.channel()
        tag = f"{self._queue.name}:{uuid4()}"
        with patience(SETUP_SECONDS):
            channel.basic_qos(0, 2 * self._batch, False)
            # Not by kombu's consumer, which unfolds and decodes what strangers sent. We take bytes, and judge later.
            channel.basic_consume(
                queue=self._queue.name,
                no_ack=False,
                callback=lambda raw: self._inbox.put(received(raw, channel)),
                consumer_tag=tag,
            )
        worker = eventlet.spawn(self._settle)
        try:
            on_ready()
            self._receive_while(lambda: not self._stop.is_set() and not worker.dead)
            with patience(CANCEL_SECONDS):
                channel.basic_cancel(tag)
            self._inbox.close()
            self._receive_while(lambda: not worker.dead)
        except GreenletExit:
            worker.kill()  # we are killed, and what is in hand with us
            raise
        finally:
            self._inbox.close()
            worker.wait()  # raises what stopped it, if that was a mistake

    def _receive_while(self, condition: Callable[[], bool]) -> None:
        alive = time.monotonic()
        while condition():
            with suppress(TimeoutError):
                self._connection.drain_events(timeout=_LOOK_SECONDS)
            if time.monotonic() - alive >= _ALIVE_SECONDS:
                alive = time.monotonic()
                with self._writing:
                    self._connection.heartbeat_check()
                self._work.alive()

    @property
    def _ended(self) -> bool:
        return self._stop.is_set() or self._inbox.closed or self._work.halted

    def _settle(self) -> None:
        while not self._ended:
            messages = self._inbox.take(self._work.next_due_seconds())
            if self._ended:
                return  # what nobody has begun goes back to the broker when the channel closes
            for message in messages:
                self._open[message.delivery_tag] = None
            for settled in self._work.work(messages):
                self._acknowledge(settled)

    def _acknowledge(self, messages: list[Received]) -> None:
        """Tell the broker; with one acknowledgement for all those before which nothing is open."""
        for message in messages:
            del self._open[message.delivery_tag]
        first_open = next(iter(self._open), None)
        together = [each for each in messages if first_open is None or each.delivery_tag < first_open]
        apart = [each for each in messages if first_open is not None and each.delivery_tag > first_open]
        try:
            with self._writing, patience(_ACKNOWLEDGE_SECONDS):
                if together:
                    last = max(together, key=lambda message: message.delivery_tag)
                    last.channel.basic_ack(last.delivery_tag, multiple=True)
                for message in apart:
                    message.channel.basic_ack(message.delivery_tag)
        except BROKER_ERRORS:
            # The connection has gone, and the receiver learns of it too. The broker delivers again what it has not
            # seen acknowledged, and doing it again does no harm.
            self._inbox.close()
