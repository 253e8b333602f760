"""``LogRelay``: what a service declares so that its process takes part in publishing the log."""

import threading
from collections import defaultdict

import eventlet
from nameko.extensions import DependencyProvider

from shared.messaging.publishing.log_publisher import Relay
from shared.messaging.publishing.waking import Waker
from shared.messaging.wire.configuration import alone, broker_url_of, database_of, options_of, works
from shared.messaging.wire.outgoing import ConfirmedPublisher
from shared.messaging.wire.own_thread import OwnThread
from shared.messaging.wire.seat import work_when_seated
from shared.platform.database.pool import Database
from shared.platform.health import checks_of, database_check

_STOP_SECONDS = 5.0

# One candidate per process and database: the services that share a process would only compete with each other.
_seats: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
_wakers: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


class LogRelay(DependencyProvider):
    """Publishes the log while the service runs, in whichever process leads.

    ``relay = LogRelay()`` in the class of every service. Of the services in a process one holds its seat and leads or
    stands by; when that one stops, another takes the seat. The same holds for who wakes other processes, and is woken
    by them (:mod:`shared.messaging.publishing.waking`); an installation of one process needs nobody for that.
    """

    def __init__(self) -> None:
        self._thread: OwnThread | None = None
        self._waking: OwnThread | None = None

    def setup(self) -> None:
        """Find the database and the broker in the configuration."""
        config = self.container.config
        self._database = database_of(config)
        self._stop = threading.Event()
        self.relay = Relay(
            self._database,
            ConfirmedPublisher(broker_url_of(config)),
            batch=options_of(config).relay_batch,
        )
        self._check = f"{self.container.service_name}:relay"
        checks_of(config).add_readiness(self._check, lambda: self.ready()[0])
        # Every service has a relay, and none can do its work without this, whether it is just asked to or not.
        checks_of(config).add_readiness("database", database_check(self._database))

    def start(self) -> None:
        """Begin to lead or to stand by; waits for nothing."""
        if works(self.container.config):
            self._thread = OwnThread(self.container, self._run, self._check)
        if not alone(self.container.config):
            self._waking = OwnThread(self.container, self._wake, f"{self._check}:waking")

    def stop(self) -> None:
        """Finish the round in hand, save the position, and let another lead."""
        self._stop.set()
        if self._thread is not None:
            with eventlet.Timeout(_STOP_SECONDS, False):
                self._thread.wait()
            self._thread.kill()  # if it still waits for a database that hangs: the next publishes the round again
        if self._waking is not None:
            self._waking.kill()
        checks_of(self.container.config).remove(self._check)

    def kill(self) -> None:
        """Leave at once; what was published without being saved is published again by the next."""
        self._stop.set()
        for thread in (self._thread, self._waking):
            if thread is not None:
                thread.kill()
        checks_of(self.container.config).add_readiness(self._check, lambda: False)

    def ready(self) -> tuple[bool, str]:
        """Whether the log is being published, for all this process knows; and if not, why."""
        if self._thread is not None and self._thread.ended:
            return False, "the relay has ended"
        return self.relay.ready()

    def get_dependency(self, worker_ctx: object) -> Relay:  # noqa: ARG002 - nameko's signature
        """What a worker sees: the relay."""
        return self.relay

    def _run(self) -> None:
        work_when_seated(_seats[self._database.url], self.relay.run, self._stop)

    def _wake(self) -> None:
        wake(self._database, self._stop)


def wake(database: Database, stop: threading.Event) -> None:
    """Have this process woken by what others append, until told to stop; one thread of it listens for all."""
    work_when_seated(_wakers[database.url], Waker(database).run, stop)
