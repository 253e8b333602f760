"""The log, as a service takes it: ``@consume_log("reporting")`` on a method that gets a list of events."""

from collections.abc import Sequence
from typing import Any

from shared.messaging.consuming.batch_consumer import BatchConsumer
from shared.messaging.consuming.outcomes import Accepted, Failed, Outcome
from shared.messaging.wire.delivery import body_of
from shared.messaging.wire.envelope import Malformed, from_message
from shared.messaging.wire.failures import describe
from shared.messaging.wire.topology import log_queue


class LogConsumer(BatchConsumer):
    """``@consume_log("reporting")`` on a method that gets ``list[RecordedEvent]``.

    The method does all of a batch or, by raising, nothing; what it returns is not looked at. Events may come twice,
    late or out of order.
    """

    kind = "log"

    def queue(self) -> Any:
        """The service's copy of the log."""
        return log_queue(self.service)

    def read(self, message: Any) -> Any:
        """The event; bytes that are none are put aside without troubling the method."""
        try:
            return from_message(message.headers, body_of(message))
        except Malformed as error:
            return Failed("malformed", describe(error))

    def outcomes(self, result: Any, count: int) -> Sequence[Outcome]:  # noqa: ARG002 - the result says nothing
        """It did not raise, so all are done."""
        return [Accepted()] * count


consume_log = LogConsumer.decorator
