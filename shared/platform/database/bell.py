"""Telling those who follow the log in this process that something was appended, so that they need not keep asking.

A bell only says that it is worth looking; whoever misses it looks a moment later by itself. Every connection to one
database that is lent out in a process rings the same bell.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Ear:
    """One who listens to a bell."""

    def __init__(self) -> None:
        self._rung = threading.Event()

    def wait(self, seconds: float) -> bool:
        """Wait until the bell rings, or has since the last wait.

        :param seconds: at most.
        :returns: whether it did.
        """
        rung = self._rung.wait(seconds)
        self._rung.clear()
        return rung

    def wake(self) -> None:
        """Let whoever waits go on."""
        self._rung.set()


class Bell:
    """Rings for whoever listens in this process."""

    def __init__(self) -> None:
        self._ears: list[Ear] = []
        self._far: list[Ear] = []
        self._watching: list[Ear] = []
        self._hurried = 0
        self._hurry = threading.Event()

    @contextmanager
    def listening(self, *, to_own: bool = False) -> Iterator[Ear]:
        """An ear for as long as the block lasts.

        :param to_own: hears only what was appended in this process, not what another told.
        """
        ear, ears = Ear(), self._far if to_own else self._ears
        ears.append(ear)
        try:
            yield ear
        finally:
            ears.remove(ear)

    @contextmanager
    def watching(self) -> Iterator[Ear]:
        """An ear for who waits until there is nothing left to do: it hears whatever was done here.

        That something was appended it does not hear: that is something more to do.
        """
        ear = Ear()
        self._watching.append(ear)
        try:
            yield ear
        finally:
            self._watching.remove(ear)

    def ring(self) -> None:
        """Something was appended here."""
        for ear in (*self._ears, *self._far):
            ear.wake()

    def done(self) -> None:
        """Something was done here that somebody may have waited for."""
        for ear in self._watching:
            ear.wake()

    def ring_for_another(self) -> None:
        """Something was appended by another process."""
        for ear in self._ears:
            ear.wake()

    @contextmanager
    def hurrying(self) -> Iterator[None]:
        """Somebody waits for what the followers make of the log: they do not rest meanwhile to gather more of it."""
        self._hurried += 1
        self._hurry.set()
        try:
            yield
        finally:
            self._hurried -= 1
            if not self._hurried:
                self._hurry.clear()

    def rest(self, seconds: float) -> None:
        """Let more come, unless somebody is in a hurry."""
        if seconds > 0:
            self._hurry.wait(seconds)


_bells: dict[str, Bell] = {}


def bell_of(url: str) -> Bell:
    """The bell of a database.

    :param url: as it is connected to.
    """
    return _bells.setdefault(url, Bell())
