"""The second process of ``aduan up``: on a machine with two cores it follows the log, keeps the clocks and writes the
letters, while the first answers.

The first starts it, starts it again should it die, and stops it before it leaves itself. It learns by the end of its
input that the first is gone, however that ended.
"""

import base64
import json
import logging
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, Final

import eventlet
from eventlet.event import Event
from eventlet.green import subprocess

from cli.lifetime import LEAVE_SECONDS, Life
from cli.processes import environment
from shared.messaging.wire.backoff import Retries
from shared.platform import metrics
from shared.platform.health import Checks
from shared.platform.settings import Settings

log = logging.getLogger(__name__)

CHECK: Final = "second process"
PROCESS_NAME: Final = "second"
"""How its figures are labelled."""
PASSED_ON: Final = ("database_url", "portal_port", "tick_ms", "consumer_linger_ms")
"""What the second process cannot know by the environment."""
READY: Final = "ready"
NOT_READY: Final = "not ready"
STOPPED: Final = "stopped"
"""Before the parts of the second that have stopped for good, each with what to do, as JSON."""
FIGURES: Final = "figures"
"""What the first asks by a line, and how the second begins the line that answers."""

_LONGER_SECONDS: Final = 5.0
_LASTING_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 0.1
_ANSWER_SECONDS: Final = 2.0
_AGAIN: Final = Retries(first_seconds=0.5, most_seconds=10.0)


class Second:
    """The second process, as the first sees it.

    :param settings: the first process's.
    :param life: the first process's; when that is told to stop, a dead second is not started again.
    :param checks: the first process's.
    """

    def __init__(self, settings: Settings, life: Life, checks: Checks) -> None:
        self._settings = settings
        self._checks = checks
        self._stopped: dict[str, str] = {}
        self._life = life
        self._process: Any = None
        self._stopping = False
        self._asked: Any = None
        self._listens = False
        self._tell(ready=False)

    @property
    def pid(self) -> int | None:
        """Its number while it runs."""
        return None if self._process is None else int(self._process.pid)

    def figures(self) -> bytes | None:
        """Its page of figures; None if it is not there, or does not answer in time. Who asks meanwhile shares it."""
        process = self._process
        if process is None or not self._listens:
            return None
        if self._asked is None:
            self._asked = Event()
            with suppress(OSError, ValueError):  # it has just ended: nobody will answer
                process.stdin.write(f"{FIGURES}\n".encode())
                process.stdin.flush()
        asked = self._asked
        page: bytes | None = None
        with eventlet.Timeout(_ANSWER_SECONDS, exception=False):
            page = asked.wait()
        if self._asked is asked and page is None:
            self._asked = None  # who asks next asks anew
        return page

    def run(self) -> None:
        """Keep it running."""
        tried = 0
        while not self._over():
            began = time.monotonic()
            status = self._once()
            self._tell(ready=False)
            if self._over():
                return
            tried = 0 if time.monotonic() - began > _LASTING_SECONDS else tried + 1
            log.error("the second process has ended and is started again", extra={"status": status})
            eventlet.sleep(_AGAIN.wait_seconds(tried))

    def stop(self) -> None:
        """Let it finish what it has begun; it is killed if that takes too long."""
        self._stopping = True
        process = self._process
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        deadline = time.monotonic() + LEAVE_SECONDS + _LONGER_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            eventlet.sleep(_LOOK_SECONDS)
        if process.poll() is None:
            log.error("the second process did not stop in time", extra={"pid": process.pid})
            process.kill()
            process.wait()

    def _tell(self, *, ready: bool) -> None:
        self.ready = ready
        metrics.PROCESS_READY.labels(PROCESS_NAME).set(ready)

    def _stop(self, stopped: dict[str, str]) -> None:
        """Show what has stopped in the second as a part of the first."""
        for name in self._stopped.keys() - stopped.keys():
            self._checks.remove(name)
        self._stopped = stopped
        for name in stopped:
            self._checks.add_stop(name, partial(self._stopped.get, name))

    def _over(self) -> bool:
        """Whether it is not to be started again."""
        return self._stopping or self._life.told

    def _once(self) -> int:
        """Start it, wait for its end, and give its status."""
        passed = {name: getattr(self._settings, name) for name in PASSED_ON}
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "cli.main", "second", "--data", str(self._settings.data_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(),
            start_new_session=True,  # out of reach of the terminal's own signals
        )
        process = self._process
        with suppress(BrokenPipeError):
            process.stdin.write(f"{json.dumps(passed)}\n".encode())
            process.stdin.flush()
        for line in process.stdout:
            said = line.decode(errors="replace").strip()
            if said in {READY, NOT_READY}:
                self._listens = True  # also while it cannot work: then its figures are worth most
                self._tell(ready=said == READY)
            elif said.startswith(f"{STOPPED} "):
                self._stop(json.loads(said.removeprefix(f"{STOPPED} ")))
            elif said.startswith(f"{FIGURES} "):
                self._answer(unpacked(said.removeprefix(f"{FIGURES} ")))
        self._listens = False
        self._answer(None)
        self._stop({})
        status: int = process.wait()
        process.stdin.close()
        process.stdout.close()
        return status

    def _answer(self, page: bytes | None) -> None:
        asked, self._asked = self._asked, None
        if asked is not None:
            asked.send(page)


def packed(page: bytes) -> str:
    """A page of figures as a word on a line: small, so that who writes it never waits for who reads."""
    return base64.b64encode(zlib.compress(page)).decode()


def unpacked(word: str) -> bytes:
    """The reverse of :func:`packed`."""
    return zlib.decompress(base64.b64decode(word))


@contextmanager
def second(settings: Settings, life: Life, checks: Checks) -> Iterator[Second]:
    """A second process during the block.

    :param settings: with a database to connect to.
    :param checks: the first process's: without the second it is not ready.
    """
    made = Second(settings, life, checks)
    checks.add_readiness(CHECK, lambda: made.ready)
    checks.add_figures(PROCESS_NAME, made.figures)
    keeping = eventlet.spawn(made.run)
    try:
        yield made
    finally:
        checks.remove(CHECK)
        checks.remove(PROCESS_NAME)
        made.stop()
        keeping.kill()
