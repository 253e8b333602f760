"""Work that comes at the same time is done together.

Whoever comes while some is under way joins the next. So a price that is paid once for all that is done together (a
transaction, a wait for the disk) weighs the less the more there is to do, and nobody waits for company when there is
none.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

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

    def join(self, items: Sequence[Item]) -> None:
        """Have items done, in one go; back when they are.

        :raises NotTogether: if what they were done in failed.
        """
        mine = _Party(items)
        with self._lock:
            mine.leads, self._busy = not self._busy, True
            self._waiting.append(mine)
        if not mine.leads:
            mine.called.wait()
        if mine.leads:
            self._lead()
        if mine.error is not None:
            raise NotTogether from mine.error

    def _lead(self) -> None:
        """Do what waits, the leader's own first."""
        parties = self._taken()
        try:
            self._do([item for party in parties for item in party.items])
        except BaseException as error:
            for party in parties:
                party.error = error
            if not isinstance(error, Exception):
                raise  # the leader is to leave; the others are not
        finally:
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
