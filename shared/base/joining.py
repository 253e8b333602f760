"""Work that comes at the same time is done together.

Whoever comes while some is under way joins the next. So a price that is paid once for all that is done together (a
transaction, a wait for the disk) weighs the less the more there is to do, and nobody waits for company when there is
none.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

_MOST_SECONDS: Final = 0.005

Item = TypeVar("Item")


class NotTogether(Exception):
    """What was done together failed, or nobody knows whether it did: the error is its ``__cause__``.

    It may lie in what somebody else brought.
    """


@dataclass
class _Party(Generic[Item]):
    items: Sequence[Item]
    called: threading.Event = field(default_factory=threading.Event)
    leads: bool = False
    error: BaseException | None = None


class Joint(Generic[Item]):
    """Does the work of many callers, some at a time; each waits for its own.

    Whoever finds nothing under way does what there is, then hands on to the first that came meanwhile: there is no
    thread that would have to be started and ended.

    :param do: does some items together; what becomes of each it notes there.
    :param most: as many items at a time, unless one caller brings more.
    """

    def __init__(self, do: Callable[[Sequence[Item]], None], most: int = 100) -> None:
        self._do = do
        self._most = most
        self._lock = threading.Lock()
        self._waiting: deque[_Party[Item]] = deque()
        self._busy = False
        self._awaited = 0
        self._complete = threading.Event()
        self._ended = self._took = 0.0
        self._last = 1

    def join(self, items: Sequence[Item]) -> None:
        """Have items done, in one go; back when they are.

        :raises NotTogether: if what they were done in failed.
        """
        mine = _Party(items)
        with self._lock:
            mine.leads, self._busy = not self._busy, True
            self._waiting.append(mine)
            if len(self._waiting) >= self._awaited:
                self._complete.set()
        try:
            if not mine.leads:
                mine.called.wait()
            if mine.leads:
                self._gather()
        except BaseException:
            self._leave(mine)
            raise
        if mine.leads:
            self._lead()
        if mine.error is not None:
            raise NotTogether from mine.error

    def _leave(self, party: _Party[Item]) -> None:
        """Go without having been done, when killed while waiting: nobody must wait for one who is not there."""
        with self._lock:
            others = deque(each for each in self._waiting if each is not party)
            leads = party.leads and len(others) < len(self._waiting)
            self._waiting = others
        if leads:
            self._awaited = 0
            self._hand_on()

    def _gather(self) -> None:
        """Wait a moment for those who were just answered, if they were several: under load they come again at once.

        Never longer than what was done last took, so that nobody loses more by it than by coming too late for that.
        """
        rest = self._ended + min(_MOST_SECONDS, self._took) - time.monotonic()
        if self._last == 1 or rest <= 0:
            return
        with self._lock:
            self._complete.clear()
            self._awaited = len(self._waiting) + self._last - 1
        self._complete.wait(rest)
        self._awaited = 0

    def _lead(self) -> None:
        """Do what waits, the leader's own first."""
        parties = self._taken()
        began = time.monotonic()
        try:
            self._do([item for party in parties for item in party.items])
        except BaseException as error:
            for party in parties:
                party.error = error
            if not isinstance(error, Exception):
                raise  # the leader is to leave; the others are not
        finally:
            self._ended, self._last = time.monotonic(), len(parties)
            self._took = self._ended - began
            self._hand_on()
            for party in parties:
                party.called.set()

    def _taken(self) -> list[_Party[Item]]:
        with self._lock:
            parties = [self._waiting.popleft()]
            count = len(parties[0].items)
            while self._waiting and count + len(self._waiting[0].items) <= self._most:
                parties.append(self._waiting.popleft())
                count += len(parties[-1].items)
        return parties

    def _hand_on(self) -> None:
        with self._lock:
            if not self._waiting:
                self._busy = False
                return
            following = self._waiting[0]
            following.leads = True
        following.called.set()
