"""A bounded stack of things that are lent out one at a time, fair to those who wait. Under a pool of connections."""

import threading
from collections import deque
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class _Waiter(Generic[Thing]):
    """One who waits for a place; the bell rings when it is there."""

    __slots__ = ("bell", "place")

    def __init__(self) -> None:
        self.place: Thing | None = None
        self.bell = threading.Lock()
        self.bell.acquire()


class Places(Generic[Thing]):
    """A fixed number of places, each empty or holding a thing.

    What was put back last is taken first, and empty places last. A place that comes free goes to whoever has waited
    longest: with ``threading.Semaphore`` a greenlet that puts back and takes again at once would never let another in.
    Taking and putting back without waiting are single operations on a deque, so greenlets and threads need no lock.

    :param count: how many places there are, all empty at first.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self._places: deque[Thing | None] = deque([None] * count)
        self._waiters: deque[_Waiter[Thing]] = deque()

    def take(self, seconds: float) -> Thing | None:
        """A place for the caller alone: a thing, or None for an empty place.

        :param seconds: how long to wait for one.
        :raises TimeoutError: if none comes free in time.
        """
        if not self._waiters:
            try:
                return self._places.pop()
            except IndexError:
                pass
        waiter: _Waiter[Thing] = _Waiter()
        self._waiters.append(waiter)
        self._hand_on()  # a place may have come free before anybody was seen to wait
        try:
            rung = waiter.bell.acquire(timeout=seconds)
        except BaseException:
            self._leave(waiter)
            raise
        if not rung and self._withdraw(waiter):
            raise TimeoutError
        return waiter.place

    def put(self, thing: Thing | None) -> None:
        """Give a place back, with a thing in it or empty."""
        if thing is None:
            self._places.appendleft(None)
        else:
            self._places.append(thing)
        if self._waiters:
            self._hand_on()

    def empty(self) -> list[Thing]:
        """Take all things out of the places that nobody uses now, and leave these empty."""
        things: list[Thing] = []
        for _ in range(self.count):
            try:
                thing = self._places.pop()
            except IndexError:
                break
            if thing is not None:
                things.append(thing)
            self.put(None)
        return things

    def _hand_on(self) -> None:
        """Give what is free to those who wait, the first come first."""
        while self._waiters:
            try:
                place = self._places.pop()
            except IndexError:
                return
            try:
                waiter = self._waiters.popleft()
            except IndexError:
                self.put(place)
                return
            waiter.place = place
            waiter.bell.release()

    def _withdraw(self, waiter: _Waiter[Thing]) -> bool:
        """Stop waiting. False if a place was handed over in the last moment."""
        try:
            self._waiters.remove(waiter)
        except ValueError:
            waiter.bell.acquire()  # whoever took this waiter from the queue is about to ring
            return False
        return True

    def _leave(self, waiter: _Waiter[Thing]) -> None:
        """Stop waiting because the caller is being stopped itself; what it was handed goes to the next."""
        if not self._withdraw(waiter):
            self.put(waiter.place)
