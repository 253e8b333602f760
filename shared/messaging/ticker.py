"""``@ticking()``: a method that is called again and again while the service runs, one call after the other.

Fires in every replica: what it does must be claimed in the database. Unlike nameko's own timer it does not look at the
machine's clock, which may jump, and does not make up afterwards for calls that it missed during an outage.

Where a question to the database tells whether there is anything to do, the method is called when the answer is yes, and
now and then all the same; what is asked for all methods of the process together (:mod:`shared.messaging.lookout`).
"""

import threading
import time
from typing import Any, Final

from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint

from shared.messaging.lookout import Lookout, lookout_of
from shared.messaging.wire.backoff import Retries
from shared.messaging.wire.configuration import RUNTIME, works
from shared.messaging.wire.expected import quiet
from shared.messaging.wire.failures import TRANSIENT
from shared.messaging.wire.own_thread import OwnThread
from shared.messaging.wire.trouble import Trouble
from shared.messaging.wire.working import call_method
from shared.platform.health import checks_of

quiet()

_AFTER_FAILURES = Retries(first_seconds=0.2, most_seconds=5.0)
_LONGEST_CALL_SECONDS = 60.0  # who works for longer does not get on, whatever it is
_LEAST_SECONDS = 0.001  # lets others have their turn
_SELDOM_SECONDS: Final = 2.0
_UNASKED_SECONDS: Final = 1.0
"""So often a method is called that is looked out for: a hang or an outage shows in its calls, as ever."""
_running: Final[list["Ticker"]] = []


def rouse(service: str, method: str) -> None:
    """Have what a service of this process does all the time done at once: somebody waits for it.

    What it does less often than every other second is left alone, and so is what it is at: who still waits says so
    again. For another process, and for what is not done by the time, nothing happens.
    """
    for each in _running:
        named = each.container.service_name == service and each.method_name == method
        if named and each.often and not each.at_work:
            each.rouse()


class Ticker(Entrypoint):
    """Calls the method at once, then every so many seconds; again at once after it took longer or returned true.

    A call that fails is repeated after a wait that grows up to five seconds: what was away is asked for gently, and
    the log tells of its beginning and its end. Failing for longer than ten seconds makes the process unready.

    On stop the call in hand is finished, and no other begun.

    :param seconds: from the beginning of a call to the next; ``ADUAN_TICK_MS`` if not given.
    :param due: an expression in SQL that is true whenever a call may find something to do; ``%(now)s`` is the time of
        the clock. So many seconds then pass from one question to the next, and a call of which nobody knew that it is
        worth it comes every second.
    """

    def __init__(self, seconds: float | None = None, due: str = "", **kwargs: Any) -> None:
        self._given = seconds
        self.due = due
        self._failed = 0
        self._lookout: Lookout | None = None
        self._thread: OwnThread | None = None
        kwargs.setdefault("expected_exceptions", TRANSIENT)
        super().__init__(**kwargs)

    def setup(self) -> None:
        """Take the interval from the settings, if none is given."""
        config = self.container.config
        runtime = config[RUNTIME]
        self.seconds = runtime.settings.tick_ms / 1000 if self._given is None else self._given
        self._pause_seconds = self.seconds
        if self.due and self.seconds < _UNASKED_SECONDS:
            self._lookout = lookout_of(config)
            self._pause_seconds = _UNASKED_SECONDS
        self._done = runtime.database.bell.done
        self._stop = threading.Event()
        self._roused = threading.Event()
        self._check = f"{self.container.service_name}:{self.method_name}"
        self._trouble = Trouble(self._check)
        self._called: float | None = None
        checks_of(config).add_readiness(self._check, self.ready)

    def start(self) -> None:
        """Begin, unless another process does this."""
        if works(self.container.config):
            _running.append(self)
            self._thread = OwnThread(self.container, self._run, self._check)
            if self._lookout is not None:
                self._lookout.join(self)

    def stop(self) -> None:
        """Finish the call in hand."""
        self._end()
        if self._thread is not None:
            self._thread.wait()
        checks_of(self.container.config).remove(self._check)

    def kill(self) -> None:
        """Leave at once."""
        self._end()
        if self._thread is not None:
            self._thread.kill()
        checks_of(self.container.config).add_readiness(self._check, lambda: False)

    @property
    def often(self) -> bool:
        """Whether it is not one of those that are seldom called."""
        return self.seconds < _SELDOM_SECONDS or self._given is None

    @property
    def at_work(self) -> bool:
        """Whether a call is under way."""
        return self._called is not None

    def rouse(self) -> None:
        """Make the next call now."""
        self._roused.set()

    def call(self) -> None:
        """There may be something to do; who has failed waits all the same before it tries again."""
        if not self._failed:
            self._roused.set()

    def _end(self) -> None:
        self._stop.set()
        self._roused.set()
        if self._lookout is not None:
            self._lookout.leave(self)
        if self in _running:
            _running.remove(self)

    def ready(self) -> bool:
        """Whether it is called and gets its work done."""
        if self._thread is not None and self._thread.ended:
            return False
        hangs = self._called is not None and time.monotonic() - self._called > _LONGEST_CALL_SECONDS
        return not hangs and not self._trouble.lasting()

    def _run(self) -> None:
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                self._called = began
                more = bool(call_method(self.container, self))
            except ContainerBeingKilled:
                return
            except Exception as error:  # noqa: BLE001 - whatever it is, the next call may succeed; the log has it
                self._trouble.note("work", error)
                wait = _AFTER_FAILURES.wait_seconds(self._failed)
                self._failed += 1
            else:
                self._trouble.over("work")
                self._failed = 0
                wait = 0.0 if more else self._pause_seconds - (time.monotonic() - began)
            self._called = None
            if self.often:
                self._done()
            self._roused.clear()  # who still waits says so again; before the look, so that no end is slept through
            if not self._stop.is_set():
                self._roused.wait(max(_LEAST_SECONDS, wait))


ticking = Ticker.decorator
