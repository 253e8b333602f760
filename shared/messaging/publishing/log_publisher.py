"""Publishing the log: whoever leads reads what has settled, publishes it in order, and then saves how far it came."""

import logging
import threading
import time
from typing import Final

import psycopg2

from shared.base.errors import Unavailable
from shared.messaging.publishing.relay_position import RELAY, Leadership, move_position, read_position
from shared.messaging.wire.backoff import Retries
from shared.messaging.wire.connections import BROKER_ERRORS
from shared.messaging.wire.envelope import to_message
from shared.messaging.wire.outgoing import ConfirmedPublisher
from shared.messaging.wire.topology import EVENTS
from shared.messaging.wire.trouble import Trouble
from shared.platform.database.bell import Ear
from shared.platform.database.pool import Database
from shared.platform.metrics import (
    RELAY_BATCH_SECONDS,
    RELAY_FAILURES,
    RELAY_LEADS,
    RELAY_POSITION,
    RELAY_PUBLISHED,
    RELAY_WAITING,
)
from shared.store.eventstore.reading import head, read_next

log = logging.getLogger(__name__)

DATABASE_ERRORS: Final = (psycopg2.Error, Unavailable)
_REST_SECONDS: Final = 0.05
"""As followers rest: a round takes some five round trips, whether it brings one event or fifty."""
_IDLE_SECONDS: Final = 0.25
"""How often the log is looked at although there was nothing to publish and nobody has rung."""
_UNHEARD_SECONDS: Final = 1.0
_SETTLING_SECONDS: Final = 0.005
_BACKOFF: Final = Retries(first_seconds=0.1, most_seconds=2.0)


class Relay:
    """Publishes the log for as long as it leads, and stands by otherwise.

    Every event is published at least once, in the order of the log. The position is saved only when the broker has
    confirmed, so that a death in between publishes a batch again; and only if nobody has set it back meanwhile.

    Where nobody can be listening, as in the broker of a process that has everything, nothing is published, and only the
    position kept up.

    When broker or database are away it lets go of the lead, so that another process may try its own connections, and
    tries again itself, for ever.

    :param database: whose log.
    :param publisher: to where.
    :param batch: events per round, at most.
    :param standby_seconds: how often to ask whether the lead is free.
    """

    def __init__(
        self,
        database: Database,
        publisher: ConfirmedPublisher,
        *,
        batch: int = 500,
        standby_seconds: float = 0.5,
    ) -> None:
        self._database = database
        self._publisher = publisher
        self._batch = batch
        self._standby_seconds = standby_seconds
        self._trouble = Trouble("relay")
        self._tried = 0
        self.leads = False

    def ready(self) -> tuple[bool, str]:
        """Whether the log is being published, by us or, for all we know, by another; and if not, why."""
        away = self._trouble.lasting()
        if away:
            return False, f"waiting for: {', '.join(away)}"
        return True, "publishing" if self.leads else "standing by"

    def run(self, stop: threading.Event) -> None:
        """Lead or stand by until told to stop."""
        while not stop.is_set():
            try:
                self._stand_by(stop)
            except DATABASE_ERRORS as error:
                self._failed("database", error, stop)
            except BROKER_ERRORS as error:
                self._failed("broker", error, stop)
        self._publisher.close()

    def _failed(self, cause: str, error: Exception, stop: threading.Event) -> None:
        RELAY_FAILURES.labels(cause).inc()
        self._trouble.note(cause, error)
        stop.wait(_BACKOFF.wait_seconds(self._tried))
        self._tried += 1

    def _going_well(self) -> None:
        self._trouble.over("broker")
        self._trouble.over("database")
        self._tried = 0

    def _stand_by(self, stop: threading.Event) -> None:
        with Leadership(self._database) as leadership:
            while not leadership.try_acquire():
                self._going_well()  # somebody leads: our own broker connection is not what matters now
                if stop.wait(self._standby_seconds):
                    return
            try:
                self._lead(leadership, stop)
            finally:
                self.leads = False
                RELAY_LEADS.set(0)

    def _lead(self, leadership: Leadership, stop: threading.Event) -> None:
        self.leads = True
        RELAY_LEADS.set(1)
        log.info("publishing the log", extra={"relay": RELAY})
        with self._database.bell.listening() as ear:
            while not stop.is_set():
                self._pause(ear, stop, *self._round(leadership))

    def _pause(self, ear: Ear, stop: threading.Event, published: int, settling: bool) -> None:  # noqa: FBT001 - ours
        """Wait for more: those who listen want it soon, and rounds of many cost less."""
        if not self._publisher.heard(EVENTS.name):
            stop.wait(_UNHEARD_SECONDS)
            return
        if published >= self._batch:
            stop.wait(0)  # hands the processor to others for a moment
            return
        if published:
            self._database.bell.rest(_REST_SECONDS)
        ear.wait(_SETTLING_SECONDS if settling else _IDLE_SECONDS)

    def _round(self, leadership: Leadership) -> tuple[int, bool]:
        """Read, publish, save; says how many events there were, and whether more are about to settle."""
        began = time.monotonic()
        with leadership.connection.cursor() as cursor:
            # Each time anew: somebody may have set it back.
            position = read_position(cursor)
            if not self._publisher.heard(EVENTS.name):
                move_position(cursor, position, max(position, head(cursor)))
                self._going_well()
                return 0, False
            events, settling = read_next(cursor, position, self._batch)
            if not events:
                self._trouble.over("database")
                return 0, settling
            self._publisher.publish([to_message(event) for event in events])
            last = events[-1].position
            move_position(cursor, position, last)
            waiting = head(cursor) - last if len(events) == self._batch else 0
        self._going_well()  # only now: a database that is read-only lets us do all but the last
        RELAY_PUBLISHED.inc(len(events))
        RELAY_POSITION.set(last)
        RELAY_WAITING.set(waiting)
        RELAY_BATCH_SECONDS.observe(time.monotonic() - began)
        return len(events), settling
