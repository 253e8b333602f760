"""A service that follows the log, as the follower of its process sees it."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final

from shared.messaging.wire.backoff import Retries
from shared.messaging.wire.envelope import to_message
from shared.messaging.wire.outgoing import Outgoing
from shared.messaging.wire.trouble import Trouble
from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.share import Share

MOST_OWED: Final = 5000
"""A service that has so many events before it waits for itself: the log keeps the others."""

_AWAY: Final = Retries(first_seconds=0.1, most_seconds=3.0)


class Member:
    """A service that follows the log.

    What cannot be applied along with the others' tables, and what the service has to do something about, is put into
    the service's own queue; until it lies there, or is done where the queue does not outlive the process, it is *owed*,
    and the service's position stays below it.

    :param service: its name.
    :param share: what it does in a batch.
    :param queue: the name of its own queue.
    :param lasting: whether that queue outlives the process.
    :param halted: whether it has stopped taking messages.
    :ivar outstripped: whether its tables are of another version, and so for others to follow with.
    :ivar cautious: whether processes have ended on what it is given now.
    """

    def __init__(self, service: str, share: Share, queue: str, *, lasting: bool, halted: Callable[[], bool]) -> None:
        self.service = service
        self.share = share
        self.halted = halted
        self._queue = queue
        self._lasting = lasting
        self._owed: set[int] = set()
        self._unsent: deque[tuple[int, Outgoing]] = deque()
        self._tried = 0
        self._not_before = 0.0
        self.trouble = Trouble(f"{service} following the log")
        self.cautious = False
        self.leaving = threading.Event()
        self.left = threading.Event()
        self.stands_by = False
        self.outstripped = False
        self.forget()

    def forget(self) -> None:
        """Another may lead: nothing is known of the position any more."""
        self.leads = False
        self.begun = False
        self.position = 0
        self.read_to = 0

    def lead_from(self, position: int) -> None:
        """Lead, or go on, from a position."""
        self.leads = True
        self.position = self.read_to = position

    @property
    def takes_part(self) -> bool:
        """Whether the next events are for it now."""
        able = self.leads and not self.leaving.is_set() and not self.halted()
        return able and len(self._owed) < MOST_OWED and time.monotonic() >= self._not_before

    @property
    def done_to(self) -> int:
        """Everything at or below is done with."""
        return min(self.read_to, min(self._owed) - 1) if self._owed else self.read_to

    def owe(self, events: Iterable[RecordedEvent]) -> None:
        """These are to come into the service's queue."""
        for event in events:
            if event.position not in self._owed:
                told = to_message(event)
                message = Outgoing("", self._queue, told.body, told.headers, told.properties, mandatory=True)
                self._unsent.append((event.position, message))
                self._owed.add(event.position)

    def unsent(self, most: int) -> list[tuple[int, Outgoing]]:
        """The next that are to be put into the queue, by position."""
        return [self._unsent[place] for place in range(min(most, len(self._unsent)))]

    def sent(self, count: int) -> None:
        """So many of them lie in the queue."""
        positions = [self._unsent.popleft()[0] for _ in range(count)]
        if self._lasting:
            self._owed.difference_update(positions)

    def concluded(self, positions: Iterable[int]) -> None:
        """What the queue held has been done, or put aside with its reason."""
        self._owed.difference_update(positions)

    def away(self, error: Exception) -> None:
        """What it needs is away: it is asked again after a while."""
        self.trouble.note("work", error)
        self._not_before = time.monotonic() + _AWAY.wait_seconds(self._tried)
        self._tried += 1

    def well(self) -> None:
        """It got its work done."""
        self.trouble.over("work")
        self._tried = 0
