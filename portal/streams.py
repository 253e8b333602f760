"""Streams of news to pages that are open: so many at most, each for as long as its visit lasts and the server serves.

A stream looks when the log rings (:mod:`shared.platform.database.bell`), and now and then without. What it tells is
made as for a page of its reader's, so that it says no more than that page would.
"""

import time
from collections.abc import Callable, Hashable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Final

from shared.platform.database.bell import Bell, Ear

MOST: Final = 400
"""Streams of a process."""
MOST_OF_ONE: Final = 4
"""Streams of an account: a new one ends the oldest of its own, whose page goes on without."""
HEARTBEAT_SECONDS: Final = 15.0
"""So often something is written at least: who has gone is noticed only then."""

_GATHER_SECONDS: Final = 0.5
"""Tables follow the log a moment later, and what comes together is told together."""
_AGAIN_SECONDS: Final = (1.0, 3.0)
"""After the bell has rung it is looked again, so much later each time: a table may have been slower than that."""
_KEPT_SECONDS: Final = 1.0
_MOST_KEPT: Final = 1000


class Stream:
    """One of them.

    :param among: all others.
    :param account: whose visit it belongs to.
    :param bell: rings when something was appended.
    :ivar full: whether it was ended because its account has opened too many others.
    :ivar over: whether it is to end.
    :ivar since: what was made before this is older than what it was woken for; seconds of the machine's steady clock.
    """

    def __init__(self, among: "Streams", account: Hashable, bell: Bell) -> None:
        self.account = account
        self.full = self.over = False
        self._among = among
        self._listening = ExitStack()
        self.ear: Ear = self._listening.enter_context(bell.listening())
        self.since = 0.0
        self._again: tuple[float, ...] = ()

    def rest(self) -> None:
        """Wait until it is worth looking again."""
        if self.over:
            return
        if self.ear.wait(self._again[0] if self._again else HEARTBEAT_SECONDS):
            self._again = _AGAIN_SECONDS
            if not self.over:
                time.sleep(_GATHER_SECONDS)
        else:
            self._again = self._again[1:]
        self.since = time.monotonic() - _GATHER_SECONDS

    def end(self) -> None:
        """Tell it to end, soon."""
        self.over = True
        self.ear.wake()

    def leave(self) -> None:
        """It has ended."""
        self._among.forget(self)
        self._listening.close()


@dataclass
class Streams:
    """All streams of a process.

    :param most: at once.
    """

    most: int = MOST
    _open: list[Stream] = field(default_factory=list)
    _kept: dict[Hashable, tuple[float, str]] = field(default_factory=dict)
    _closed: bool = False

    def __len__(self) -> int:
        return len(self._open)

    def enter(self, account: Hashable, bell: Bell) -> Stream | None:
        """A new stream; none if there are too many, or the server is about to leave. Whoever got it leaves it."""
        own = [each for each in self._open if each.account == account]
        if self._closed or (len(self._open) >= self.most and not own):
            return None
        for each in own[: max(0, len(own) - MOST_OF_ONE + 1, len(self._open) - self.most + 1)]:
            each.full = True
            each.end()
            self.forget(each)
        made = Stream(self, account, bell)
        self._open.append(made)
        return made

    def look(self, account: Hashable) -> None:
        """Let an account's streams look at once: its visit may have ended."""
        for each in self._open:
            if each.account == account:
                each.ear.wake()

    def end(self) -> None:
        """End them all, and begin no more: the server leaves."""
        self._closed = True
        for each in list(self._open):
            each.end()

    def shared(self, key: Hashable, since: float, make: Callable[[], str]) -> str:
        """What is told alike to all of a role, made once for those who look at the same moment.

        :param key: what it depends on, with who may see it.
        :param since: what was made before this is too old, as :attr:`Stream.since` says.
        """
        now = time.monotonic()
        made, told = self._kept.get(key, (0.0, ""))
        if made > max(since, now - _KEPT_SECONDS):
            return told
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        told = make()
        self._kept[key] = (now, told)
        return told

    def forget(self, one: Stream) -> None:
        """It counts no more."""
        if one in self._open:
            self._open.remove(one)
