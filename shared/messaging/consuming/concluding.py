"""What is done with messages when it is known what became of them: put aside, answered, counted."""

import logging
from collections.abc import Callable, Sequence
from typing import Any, Final

from shared.base.clock import Clock
from shared.messaging.consuming.dead_letters import dead_message
from shared.messaging.consuming.outcomes import Accepted, Failed, Outcome
from shared.messaging.consuming.settling import Settled
from shared.messaging.wire.failures import describe
from shared.messaging.wire.fitting import fits
from shared.messaging.wire.outgoing import ConfirmedPublisher, Outgoing
from shared.messaging.wire.received import Received
from shared.platform.metrics import CONSUMED, DEAD_LETTERS

log = logging.getLogger(__name__)

POISON_LIMIT: Final = 20
Entry = tuple[Received, Any]
"""A message, and what was read from it."""


def label_of(queue: str) -> str:
    """How metrics call the consumer of a queue: ``reporting``, ``intake.submissions``."""
    return queue.removeprefix("aduan.")


class Concluder:
    """Concludes messages for one consumer.

    :param service: whose messages.
    :param queue: where they came from.
    :param publisher: to where dead messages and answers go.
    :param clock: when they did.
    :param answer: what the sender of a message is told, if anything.
    :param poison_limit: so many failed messages in a row are enough; None to go on whatever happens. Those that were
        rejected or could not be read do not count: whoever sends them must not be able to stop us.
    """

    def __init__(
        self,
        *,
        service: str,
        queue: str,
        publisher: ConfirmedPublisher,
        clock: Clock,
        answer: Callable[[Received, Outcome], Outgoing | None],
        poison_limit: int | None,
    ) -> None:
        self._service = service
        self._queue = queue
        self._publisher = publisher
        self._clock = clock
        self._answer = answer
        self._poison_limit = poison_limit
        self._in_a_row = 0

    @property
    def halted(self) -> bool:
        """Whether so many messages in a row have failed that the fault is probably ours."""
        return self._poison_limit is not None and self._in_a_row >= self._poison_limit

    @property
    def failing(self) -> bool:
        """Whether so many have failed, and it goes on all the same."""
        return self._poison_limit is None and self._in_a_row >= POISON_LIMIT

    def conclude(self, settled: Settled[Entry]) -> list[Received]:
        """Put aside and answer, with the broker's confirmation.

        :returns: the messages that the broker can forget: all of them, unless the limit was reached on the way.
        :raises BROKER_ERRORS: if the broker is away; it will deliver all of them again.
        """
        outgoing: list[Outgoing] = []
        concluded: list[tuple[Received, Outcome]] = []
        for (message, _), outcome in settled:
            if isinstance(outcome, Failed):
                self._in_a_row += 1
            elif isinstance(outcome, Accepted):
                self._in_a_row = 0
            if not isinstance(outcome, Accepted):
                outgoing.append(dead_message(self._service, self._queue, message, outcome, self._clock.now()))
            answer = self._answer_to(message, outcome)
            if answer is not None:
                outgoing.append(answer)
            concluded.append((message, outcome))
            if self.halted:
                break
        if outgoing:
            self._publisher.publish(outgoing)
        self._count([outcome for _, outcome in concluded])
        return [message for message, _ in concluded]

    def _answer_to(self, message: Received, outcome: Outcome) -> Outgoing | None:
        """What the sender is told; nothing if that cannot be sent."""
        try:
            answer = self._answer(message, outcome)
        except Exception as error:  # noqa: BLE001 - an answer that fails costs the answer, never the message
            log.warning("an answer could not be made", extra={"queue": self._queue, "error": describe(error)})
            return None
        if answer is not None and not fits(answer):
            log.warning("an answer could not be sent", extra={"queue": self._queue})
            return None
        return answer

    def _count(self, outcomes: Sequence[Outcome]) -> None:
        label = label_of(self._queue)
        for outcome in outcomes:
            if not isinstance(outcome, Accepted):
                DEAD_LETTERS.labels(label, outcome.reason_code).inc()
                CONSUMED.labels(label, "dead").inc()
            else:
                CONSUMED.labels(label, "done").inc()
