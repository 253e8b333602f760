"""The log, as a service takes it: ``@consume_log("reporting")`` on a method that gets a list of events.

Either every event comes through the broker, into a queue that is the service's; or, with a *share*, the service follows
the log in the store together with the others of its process, and its queue holds only what it still has to do.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from shared.messaging.consuming.batch_consumer import BatchConsumer
from shared.messaging.consuming.follower import Follower
from shared.messaging.consuming.member import Member
from shared.messaging.consuming.outcomes import Accepted, Outcome, Unusable
from shared.messaging.wire.configuration import RUNTIME, broker_url_of, database_of, options_of, works
from shared.messaging.wire.connections import channel_on
from shared.messaging.wire.envelope import Malformed, place_of
from shared.messaging.wire.failures import describe
from shared.messaging.wire.memory import is_in_memory
from shared.messaging.wire.own_thread import OwnThread
from shared.messaging.wire.received import Received
from shared.messaging.wire.seat import work_when_seated
from shared.messaging.wire.topology import log_queue, own_queue, unbind
from shared.platform.health import checks_of
from shared.store.eventstore.reading import Place, RecordedEvent, read_places
from shared.store.projection.share import Share

_LEAVE_SECONDS = 5.0


class LogConsumer(BatchConsumer):
    """``@consume_log("reporting")`` on a method that gets ``list[RecordedEvent]``.

    A message only says where to look: each event is read from the log, a batch in one query. So whoever can write to
    the broker can make a service look, and no more; a message of an event that is not in the log is put aside.

    The method does all of a batch or, by raising, nothing; what it returns is not looked at. Events may come twice,
    late or out of order. With a share it is called only for events that concern the service beyond its tables, and for
    those that could not be applied with the others'; it must bring the tables up to date by itself then.

    :param share: makes the service's share in what its process applies of the log, given the process's runtime.
    """

    kind = "log"

    def __init__(self, service: str, *args: Any, share: Callable[[Any], Share] | None = None, **kwargs: Any) -> None:
        self._share = share
        self._member: Member | None = None
        self._following: OwnThread | None = None
        super().__init__(service, *args, **kwargs)

    def setup(self) -> None:
        """Find the log."""
        super().setup()
        config = self.container.config
        self._log = database_of(config)
        self._follows = f"{self.container.service_name}:follows"
        if self._share is not None:
            self._member = Member(
                self.service,
                self._share(config[RUNTIME]),
                self._queue.name,
                lasting=not is_in_memory(broker_url_of(config)),
                halted=lambda: self.halted,
            )
            self._leaves = threading.Event()
            checks_of(config).add_readiness(self._follows, lambda: self.halted or self.follows()[0])

    def start(self) -> None:
        """Begin to take messages, and to follow the log; unless another process does."""
        if not works(self.container.config):
            self.rest()
            return
        super().start()
        if self._member is not None:
            config = self.container.config
            self._follower, self._seat = _joined(
                self._log, broker_url_of(config), options_of(config).batch, self._member
            )
            self._following = OwnThread(self.container, self._follow, self._follows)

    def rest(self) -> None:
        """Take no part: whether the work is done is not this process's to say."""
        for check in (self._check, self._follows):
            checks_of(self.container.config).remove(check)

    def stop(self) -> None:
        """Finish what is in hand, and no more."""
        if self._member is not None:
            self._leaves.set()
            if self._following is not None:
                self._follower.leave(self._member, _LEAVE_SECONDS)
                self._following.wait()
            checks_of(self.container.config).remove(self._follows)
        super().stop()

    def kill(self) -> None:
        """Leave at once; what was in hand comes again."""
        if self._member is not None:
            self._leaves.set()
            if self._following is not None:
                self._follower.leave(self._member, 0)
                self._following.kill()
            checks_of(self.container.config).add_readiness(self._follows, lambda: False)
        super().kill()

    def follows(self) -> tuple[bool, str]:
        """Whether the service's tables follow the log, by us or, for all we know, by another; and if not, why."""
        assert self._member is not None  # noqa: S101 - asked only of such
        if self._following is None:
            return False, "not following yet"
        if self._following.ended:
            return False, "the follower has ended"
        away = [*self._follower.lasting_trouble(), *self._member.trouble.lasting()]
        if away:
            return False, f"waiting for: {', '.join(away)}"
        if self._member.leads:
            return True, "following the log"
        return self._member.stands_by, "standing by" if self._member.stands_by else "not following yet"

    def queue(self) -> Any:
        """The service's copy of the log, or what it still has to do of it."""
        return log_queue(self.service) if self._share is None else own_queue(self.service)

    def declare(self, connection: Any) -> None:
        """Make sure that the queue is there, and holds what it is to hold."""
        super().declare(connection)
        if self._share is not None:
            with channel_on(connection) as channel:
                unbind(channel, self.service)

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

    def work(self, messages: list[Received]) -> Iterator[list[Received]]:
        """Bring messages to their end, and tell the follower."""
        for concluded in super().work(messages):
            if self._member is not None:
                self._member.concluded(_positions(concluded))
            yield concluded

    def _follow(self) -> None:
        """Follow the log for all services of this process, unless another of them does."""
        work_when_seated(self._seat, self._follower.run, self._leaves)


def _positions(messages: Iterable[Received]) -> list[int]:
    told = [message.headers.get("position") for message in messages]
    return [position for position in told if isinstance(position, int)]


# One follower per process, database and broker: that is what lets its services share.
_followers: dict[tuple[str, str], tuple[Follower, threading.Lock]] = {}


def _joined(database: Any, broker_url: str, batch: int, member: Member) -> tuple[Follower, threading.Lock]:
    """The follower of this process, joined by a member, and the seat of whoever lends it a thread."""
    key = (database.url, broker_url)
    if key not in _followers or _followers[key][0].deserted:
        _followers[key] = (Follower(database, broker_url, batch), threading.Lock())
    _followers[key][0].join(member)
    return _followers[key]


consume_log = LogConsumer.decorator
