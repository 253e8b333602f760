"""The log, as a service takes it: ``@consume_log("reporting")`` on a method that gets a list of events."""

from collections.abc import Sequence
from typing import Any

from shared.messaging.consuming.batch_consumer import BatchConsumer
from shared.messaging.consuming.outcomes import Accepted, Outcome, Unusable
from shared.messaging.wire.configuration import database_of
from shared.messaging.wire.envelope import Malformed, place_of
from shared.messaging.wire.failures import describe
from shared.messaging.wire.received import Received
from shared.messaging.wire.topology import log_queue
from shared.store.eventstore.reading import Place, RecordedEvent, read_places


class LogConsumer(BatchConsumer):
    """``@consume_log("reporting")`` on a method that gets ``list[RecordedEvent]``.

    A message only says where to look: each event is read from the log, a batch in one query. So whoever can write to
    the broker can make a service look, and no more; a message of an event that is not in the log is put aside.

    The method does all of a batch or, by raising, nothing; what it returns is not looked at. Events may come twice,
    late or out of order.
    """

    kind = "log"

    def setup(self) -> None:
        """Find the log."""
        super().setup()
        self._log = database_of(self.container.config)

    def queue(self) -> Any:
        """The service's copy of the log."""
        return log_queue(self.service)

    def read(self, message: Received) -> Place | Unusable:
        """Where to look; what does not say so is put aside without troubling the method."""
        try:
            return place_of(message.headers)
        except Malformed as error:
            return Unusable("malformed", describe(error))

    def attempt(self, items: Sequence[Place]) -> Sequence[Outcome]:
        """Read the events and let the method do those that are there."""
        with self._log.autocommit() as cursor:
            found = read_places(cursor, items)
        events: list[RecordedEvent] = [found[place] for place in items if place in found]
        if events:
            self.call(events)
        return [Accepted() if place in found else Unusable("not_in_log") for place in items]


consume_log = LogConsumer.decorator
