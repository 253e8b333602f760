"""The life of a process that serves: it starts, serves until it is told to stop, and leaves in bounded time.

SIGTERM and SIGINT mean the same. They are heeded at places that were made for it, so that nothing is torn apart: a
database that is just being started is started first, and then stopped.
"""

import faulthandler
import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import eventlet
import greenlet
from nameko.utils.concurrency import SpawningProxy

from cli.greenlets import log_failures
from shared.platform.garbage import rarely_collected

log = logging.getLogger(__name__)

LEAVE_SECONDS = 10.0
"""So long may services take to finish what they have begun. What they have not acknowledged is delivered again."""

_KILL_SECONDS = 2.0
_HANG_SECONDS = 5.0
MOST_LEAVE_SECONDS = LEAVE_SECONDS + _KILL_SECONDS + _HANG_SECONDS
"""After so long a process that was told to stop is gone, whatever holds it. Whoever stops processes waits longer."""
_LOOK_SECONDS = 0.1  # signals reach Python between two turns of the hub, which must not sleep for ever
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class ToldToStop(BaseException):
    """Leaves a part of the program in which this process was told to stop; :class:`Life` ends it.

    No ``except Exception`` on its way is meant to catch it.
    """


class _Overdue(Exception):
    """Services took longer to stop than they may."""


class Life:
    """``with Life() as life:`` from the beginning of a command that serves to its end.

    Within it the signals only say that the process is to stop. Whatever can be left says so by :meth:`heeding`.
    """

    def __init__(self) -> None:
        self.told = False
        self._former: dict[signal.Signals, Any] = {}
        self._runner: Any = None

    def __enter__(self) -> Self:
        log_failures()
        self._former = {number: signal.signal(number, self._note) for number in _SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        for number, handler in self._former.items():
            signal.signal(number, handler)
        return isinstance(error, ToldToStop)

    @contextmanager
    def heeding(self) -> Iterator[None]:
        """A part that is left as soon as the process is told to stop, wherever it waits."""
        deliveries: list[Any] = []
        watcher = eventlet.spawn(self._watch, greenlet.getcurrent(), deliveries)
        try:
            if self.told:
                raise ToldToStop
            yield
        finally:
            watcher.kill()
            for delivery in deliveries:
                delivery.cancel()

    @contextmanager
    def serving(self, runner: Any) -> Iterator[None]:
        """Services that run during the block.

        What cannot start has nothing to finish: its error is raised at once.

        :param runner: a nameko ServiceRunner.
        :raises SystemExit: with status 1 if they did not finish in time what they had begun.
        """
        self._runner = runner
        with self.heeding():
            pass  # told before it began
        try:
            with self.heeding():
                runner.start()
        except ToldToStop:
            _leave(runner)
            raise
        try:
            with rarely_collected():
                yield
        finally:
            _leave(runner)

    def wait(self) -> None:
        """Let the services serve until the process is told to stop.

        :raises Exception: what a service died of; a process without its service serves nobody, and whoever started it
            may start it again.
        """
        with self.heeding():
            # Not the runner's own `wait`, which after a death stops the other services, however long that takes.
            SpawningProxy(self._runner.containers, abort_on_error=True).wait()

    def _note(self, _number: int, _frame: object) -> None:
        self.told = True

    def _watch(self, watched: Any, deliveries: list[Any]) -> None:
        while not self.told:
            eventlet.sleep(_LOOK_SECONDS)
        deliveries.append(eventlet.hubs.get_hub().schedule_call_global(0, watched.throw, ToldToStop))


def _leave(runner: Any) -> None:
    # Should nothing in this process get its turn any more, it shows where it hangs and ends all the same.
    faulthandler.dump_traceback_later(MOST_LEAVE_SECONDS, exit=True)
    try:
        with eventlet.Timeout(LEAVE_SECONDS, _Overdue()):
            runner.stop()
    except _Overdue:
        log.warning("leaving without having finished", extra={"seconds": LEAVE_SECONDS})
        with eventlet.Timeout(_KILL_SECONDS, exception=False):
            runner.kill()
        raise SystemExit(1) from None
    finally:
        faulthandler.cancel_dump_traceback_later()
