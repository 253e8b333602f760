"""One question to the database for all methods of a process that are called again and again: which has anything to do?

Ten times a second there is mostly nothing to do. To call each method only to learn that takes a worker and a round trip
for each of them; to ask for all of them together takes one round trip.
"""

import threading
import time
from collections.abc import MutableMapping
from typing import Any, Final, Protocol

import eventlet

from shared.messaging.wire.configuration import RUNTIME, RuntimeParts

_LOOKOUT: Final = "aduan.lookout"
_AFTER_FAILURE_SECONDS: Final = 1.0
_LEAST_SECONDS: Final = 0.001


class OnCall(Protocol):
    """Who is to be called when there is something to do."""

    @property
    def due(self) -> str:
        """An expression in SQL that is true if there may be something to do; ``%(now)s`` is the time of the clock."""

    @property
    def seconds(self) -> float:
        """From one look to the next, at most."""

    def call(self) -> None:
        """There is something to do, or nobody knows."""


class Lookout:
    """Looks for its members as long as there are any: once for all of them, as often as the most impatient wants.

    What it cannot find out, each member finds out by itself: while the database does not answer, all are called, and
    tell of the trouble that they have.

    :param runtime: the process's.
    """

    def __init__(self, runtime: RuntimeParts) -> None:
        self._runtime = runtime
        self._members: list[OnCall] = []
        self._empty = threading.Event()

    def join(self, member: OnCall) -> None:
        """Look for this one, too."""
        self._members.append(member)
        if len(self._members) == 1:
            self._empty = threading.Event()
            eventlet.spawn(self._run, self._empty)

    def leave(self, member: OnCall) -> None:
        """Look for it no more; for who has left before, nothing happens."""
        if member in self._members:
            self._members.remove(member)
            if not self._members:
                self._empty.set()

    def _run(self, empty: threading.Event) -> None:
        while not empty.is_set():
            began = time.monotonic()
            members = tuple(self._members)
            try:
                found = self._look(members)
            except Exception:  # noqa: BLE001 - whatever it is, those who are called meet it too, and the log has it
                found = members
                wait = _AFTER_FAILURE_SECONDS
            else:
                wait = min(each.seconds for each in members) - (time.monotonic() - began)
            for each in found:
                each.call()
            empty.wait(max(_LEAST_SECONDS, wait))

    def _look(self, members: tuple[OnCall, ...]) -> tuple[OnCall, ...]:
        with self._runtime.database.autocommit() as cursor:
            cursor.execute(
                f"SELECT {', '.join(f'({each.due})' for each in members)}", {"now": self._runtime.clock.now()}
            )
            [answers] = cursor.fetchall()
        return tuple(each for each, answer in zip(members, answers, strict=True) if answer)


def lookout_of(config: MutableMapping[str, Any]) -> Lookout:
    """The lookout of the process that runs with this nameko configuration."""
    lookout: Lookout = config.setdefault(_LOOKOUT, Lookout(config[RUNTIME]))
    return lookout
