"""Messages between the greenlet that receives them and the one that has them worked on."""

import threading
import time
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Inbox(Generic[T]):
    """Collects messages into batches.

    :param most: messages in a batch, at most.
    :param linger_seconds: how long a batch may wait for more, after its first message.
    :param quiet_seconds: a batch does not wait on when nothing has come for so long. A lone message is not held up,
        and messages that come together stay together.
    """

    def __init__(self, most: int, linger_seconds: float, quiet_seconds: float = 0.004) -> None:
        self._most = most
        self._linger = linger_seconds
        self._quiet = min(quiet_seconds, linger_seconds)
        self._messages: deque[T] = deque()
        self._change = threading.Event()
        self._closed = False

    def put(self, message: T) -> None:
        """Add a message."""
        self._messages.append(message)
        self._change.set()

    def close(self) -> None:
        """Give out no more; wakes who waits."""
        self._closed = True
        self._change.set()

    @property
    def closed(self) -> bool:
        """Whether it gives out no more."""
        return self._closed

    def take(self, wait_seconds: float | None = None) -> list[T]:
        """The next batch.

        :param wait_seconds: how long to wait for its first message; for ever without one.
        :returns: nothing if none came, or if it is closed.
        """
        deadline = None if wait_seconds is None else time.monotonic() + wait_seconds
        while not self._messages and not self._closed:
            self._change.clear()
            if not self._change.wait(None if deadline is None else max(0.0, deadline - time.monotonic())):
                break
        self._let_more_come()
        if self._closed:
            return []
        return [self._messages.popleft() for _ in range(min(self._most, len(self._messages)))]

    def _let_more_come(self) -> None:
        deadline = time.monotonic() + self._linger
        while 0 < len(self._messages) < self._most and not self._closed:
            remaining = min(self._quiet, deadline - time.monotonic())
            self._change.clear()
            if remaining <= 0 or not self._change.wait(remaining):
                return
