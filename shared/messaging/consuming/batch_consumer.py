"""The entrypoint behind both kinds of consumer: what nameko sees of it, and its life from start to stop."""

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Any

from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint

from shared.base.services import SERVICES
from shared.messaging.consuming.concluding import POISON_LIMIT, Concluder, Entry, label_of
from shared.messaging.consuming.deadly import Deadly
from shared.messaging.consuming.inbox import Inbox
from shared.messaging.consuming.outcomes import Failed, Outcome, PutAside, Unusable
from shared.messaging.consuming.session import Session
from shared.messaging.consuming.settling import GivenBack, Settled, Settling
from shared.messaging.wire.backoff import Retries
from shared.messaging.wire.configuration import broker_url_of, clock_of, options_of, possible_database_of
from shared.messaging.wire.connections import (
    BROKER_ERRORS,
    HEARTBEAT_SECONDS,
    SETUP_SECONDS,
    connected,
    patience,
)
from shared.messaging.wire.expected import quiet
from shared.messaging.wire.failures import TRANSIENT, describe, is_transient
from shared.messaging.wire.memory import is_in_memory
from shared.messaging.wire.outgoing import ConfirmedPublisher, Outgoing
from shared.messaging.wire.own_thread import OwnThread
from shared.messaging.wire.received import Received
from shared.messaging.wire.topology import declare_all, declare_queues
from shared.messaging.wire.trouble import Trouble
from shared.messaging.wire.working import call_method
from shared.platform import tracing
from shared.platform.health import checks_of
from shared.platform.metrics import CONSUMER_BATCH_SECONDS, CONSUMER_BATCH_SIZE, CONSUMER_RETRIES, CONSUMER_RUNNING
from shared.platform.tracing import TRACEPARENT

quiet()

_ENDED = (PutAside, Unusable, Failed)
_LASTING_SECONDS = 5.0
_RECONNECT = Retries(first_seconds=0.1, most_seconds=5.0)
_SLICE_SECONDS = 0.2
_LONGEST_CALL_SECONDS = 30.0  # who works on a batch for longer does not get on, whatever it is


class BatchConsumer(Entrypoint, ABC):
    """Runs a service's method on batches of messages from one queue.

    After a success the messages are acknowledged. A message that fails by itself is tried again with growing waits and
    then put aside with its reason; the others go on. While something is away (database, broker, another service) all
    wait, without limit. When too many messages in a row had to be put aside, the fault is probably ours: the consumer
    stops, reports itself not ready, and leaves the rest in the queue. A message that ends the process of whoever takes
    it is given up as well (see :mod:`shared.messaging.consuming.deadly`).

    On stop it takes no more, finishes the batch in hand, acknowledges, and gives the rest back.

    :param service: whose queue it takes from.
    :param batch: messages per call, at most; else as configured for the process.
    :param linger_ms: how long a batch waits for more messages, at most; else as configured.
    :param retries: how often and when a failing message is tried again; else as configured.
    :param poison_limit: so many messages put aside in a row stop the consumer; as its kind has it if not given.
    """

    kind = ""
    poison_limit: int | None = POISON_LIMIT

    def __init__(
        self,
        service: str,
        batch: int | None = None,
        linger_ms: int | None = None,
        *,
        retries: Retries | None = None,
        poison_limit: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.service = service
        self._given = (batch, linger_ms, retries)
        self.poison_limit = poison_limit or self.poison_limit
        self._consuming = False
        self._called: float | None = None
        self._thread: OwnThread | None = None
        self._settling: Settling[Entry] | None = None
        kwargs.setdefault("expected_exceptions", TRANSIENT)
        super().__init__(**kwargs)

    # What the two kinds of consumer say.

    @abstractmethod
    def queue(self) -> Any:
        """From where."""

    def declare(self, connection: Any) -> None:
        """Make sure that the queue is there."""
        declare_queues(connection, [self._queue])

    @abstractmethod
    def read(self, message: Received) -> Any:
        """What is worked on for a message; an outcome for one with which that is not needed."""

    @abstractmethod
    def attempt(self, items: Sequence[Any]) -> Sequence[Outcome]:
        """Have all of this done by :meth:`call`, and say what became of each; or raise, having done nothing."""

    def answer(self, message: Received, outcome: Outcome) -> Outgoing | None:
        """What the sender is told."""

    # What nameko calls.

    def setup(self) -> None:
        """Read the configuration."""
        options = options_of(self.container.config)
        batch, linger_ms, retries = self._given
        self.batch = batch or options.batch
        self.linger_seconds = (options.linger_ms if linger_ms is None else linger_ms) / 1000
        self._retries = retries or Retries(times=options.retries)
        self._url = broker_url_of(self.container.config)
        self._queue = self.queue()
        self.label = label_of(self._queue.name)
        self._publisher = ConfirmedPublisher(self._url)
        self._concluder = Concluder(
            service=self.service,
            queue=self._queue.name,
            publisher=self._publisher,
            clock=clock_of(self.container.config),
            answer=self.answer,
            poison_limit=self.poison_limit,
        )
        forgetful = is_in_memory(self._url)
        self._deadly = Deadly(
            possible_database_of(self.container.config), self._queue.name, forgetful=forgetful and self.kind == "log"
        )
        self._stop = threading.Event()
        self._trouble = Trouble(f"{self.label} consumer")
        self._check = f"{self.container.service_name}:{self.kind}"
        checks = checks_of(self.container.config)
        checks.add_readiness(self._check, lambda: self.stopped() is not None or self.ready()[0])
        checks.add_stop(self._check, self.stopped)

    def start(self) -> None:
        """Begin to take messages, now or as soon as the broker is there."""
        self._thread = OwnThread(self.container, self._run, self._check)

    def stop(self) -> None:
        """Finish what is in hand, and no more."""
        self._stop.set()
        if self._thread is not None:
            if self._consuming:
                self._thread.wait()
            else:
                self._thread.kill()  # nothing is in hand, and the broker may not answer
        checks_of(self.container.config).remove(self._check)

    def kill(self) -> None:
        """Leave at once; the broker delivers again what was in hand. Who was killed is not ready, for ever."""
        self._stop.set()
        if self._thread is not None:
            self._thread.kill()
        checks_of(self.container.config).add_readiness(self._check, lambda: False)

    def ready(self) -> tuple[bool, str]:
        """Whether messages are being taken and done, and if not, why."""
        if self._concluder.failing:
            return False, f"the last {POISON_LIMIT} messages or more have failed; see the dead letters"
        if self.halted:
            return False, f"stopped after {self.poison_limit} failed messages in a row; see the dead letters"
        away = self._trouble.lasting()
        if away:
            return False, f"waiting for: {', '.join(away)}"
        if not self._consuming:
            return False, "not taking messages yet"
        if self._thread is None or self._thread.ended:
            return False, "the consumer has ended"
        if self._called is not None and time.monotonic() - self._called > _LONGEST_CALL_SECONDS:
            return False, "a batch does not come to its end"
        return True, "taking messages"

    def stopped(self) -> str | None:
        """What an operator has to do before messages are done again; None if nothing."""
        look = f"see `aduan dead list {self.service}`, mend the cause"
        if self._concluder.failing:
            return f"{self.service}: the last {POISON_LIMIT} messages of {self._queue.name} or more have failed; {look}"
        if self.halted:
            return (
                f"{self.service} has stopped after {self.poison_limit} failed messages in a row of {self._queue.name}; "
                f"{look}, restart this process, then `aduan dead retry {self.service}`"
            )
        return None

    # What a session asks.

    @property
    def halted(self) -> bool:
        """Whether too many messages in a row had to be put aside."""
        return self._concluder.halted

    def alive(self) -> None:
        """The session lasts: the broker is there, and nothing that it sends ends the connection."""
        self._trouble.over("broker")

    def next_due_seconds(self) -> float | None:
        """Seconds until a failing message is due again."""
        return None if self._settling is None else self._settling.next_due_seconds()

    def work(self, messages: list[Received]) -> Iterator[list[Received]]:
        """Bring messages to their end; gives those that can be acknowledged."""
        assert self._settling is not None  # noqa: S101 - made with the session that calls this
        began = time.monotonic()
        entries = [(message, self._read(message)) for message in messages]
        ended: Settled[Entry] = [(entry, entry[1]) for entry in entries if isinstance(entry[1], _ENDED)]
        good = [entry for entry in entries if not isinstance(entry[1], _ENDED)]
        suspects = [entry for entry in good if self._deadly.suspects(entry[0])]
        others = [entry for entry in good if entry not in suspects] if suspects else good
        alone = chain.from_iterable(self._settling.settle([entry]) for entry in suspects)
        try:
            for settled in chain([ended], self._settling.settle(others), alone, self._settling.settle_due()):
                yield self._concluder.conclude(settled)
                self._trouble.over("broker")
                if self.halted:
                    return
        except GivenBack:
            return
        if messages:
            CONSUMER_BATCH_SIZE.labels(self.label).observe(len(messages))
            CONSUMER_BATCH_SECONDS.labels(self.label).observe(time.monotonic() - began)

    def call(self, argument: list[Any]) -> Any:
        """Run the service's method in a worker of nameko's and wait for it.

        :raises GivenBack: if the service is being killed.
        """
        try:
            return call_method(self.container, self, argument)
        except ContainerBeingKilled:
            raise GivenBack from None

    # What is ours.

    def _run(self) -> None:
        tried = 0
        while not self._stop.is_set() and not self.halted:
            began = time.monotonic()
            try:
                self._deadly.begin()
                with connected(self._url, heartbeat=HEARTBEAT_SECONDS) as connection:
                    with patience(SETUP_SECONDS):
                        declare_all(connection, {*SERVICES, self.service})
                        self.declare(connection)
                    self._take_from(connection)
            except Exception as error:
                if not is_transient(error) and not isinstance(error, BROKER_ERRORS):
                    raise
                self._trouble.note("broker" if isinstance(error, BROKER_ERRORS) else "work", error)
                tried = 0 if time.monotonic() - began > _LASTING_SECONDS else tried + 1
                self._stop.wait(_RECONNECT.wait_seconds(tried))
        self._publisher.close()

    def _take_from(self, connection: Any) -> None:
        inbox: Inbox[Any] = Inbox(self.batch, self.linger_seconds)
        self._settling = Settling(
            self._attempt,
            retries=self._retries,
            now=time.monotonic,
            pause=partial(self._pause, inbox),
            on_transient=self._note,
            on_retry=CONSUMER_RETRIES.labels(self.label).inc,
        )
        try:
            Session(connection, self._queue, inbox, self.batch, self, self._stop).run(self._begun)
        finally:
            self._consuming = False
            CONSUMER_RUNNING.labels(self.label).set(0)

    def _begun(self) -> None:
        self._consuming = True
        self._trouble.over("work")  # what waited then has gone back, and perhaps to another instance
        CONSUMER_RUNNING.labels(self.label).set(1)

    def _read(self, message: Received) -> Any:
        """What is worked on for a message; nothing of a stranger's is looked at outside this."""
        if message.trouble is not None:
            return Unusable(message.trouble)
        try:
            return self.read(message)
        except Exception as error:  # noqa: BLE001 - whatever a stranger has thought of
            return Unusable("malformed", describe(error))

    def _attempt(self, entries: list[Entry]) -> Sequence[Outcome]:
        """Do it, and note who was in hand while it was done."""
        messages, items = [message for message, _ in entries], [item for _, item in entries]
        self._called = time.monotonic()
        try:
            with self._deadly.watching(messages) as may_be_tried:
                if not may_be_tried:
                    return [Unusable("deadly", "it ended the process of whoever took it")]
                with tracing.consuming(f"{self.label} messages", self._traces(messages)):
                    return self.attempt(items)
        finally:
            self._called = None

    def _traces(self, messages: list[Received]) -> list[object]:
        """Those of the log's messages; of what strangers send none is believed."""
        if self.kind != "log" or not tracing.on():
            return []
        return [message.headers.get(TRACEPARENT) for message in messages]

    def _pause(self, inbox: Inbox[Any], seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not self._stop.is_set() and not inbox.closed:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                return False
            self._stop.wait(min(remaining, _SLICE_SECONDS))
        return True

    def _note(self, error: Exception | None) -> None:
        if error is None:
            self._trouble.over("work")
        else:
            self._trouble.note("work", error)
