"""A seat for one of several threads of a process that could all do the same work: they would only compete."""

import threading
from collections.abc import Callable
from typing import Final

_LOOK_SECONDS: Final = 0.2


def work_when_seated(seat: threading.Lock, work: Callable[[threading.Event], None], stop: threading.Event) -> None:
    """Wait for the seat, then work until told to stop; if the work ends before that, wait for the seat again.

    :param seat: free again when the work has ended, however it did.
    :param stop: told to whoever waits, and to the work.
    """
    while not stop.is_set():
        if seat.acquire(timeout=_LOOK_SECONDS):
            try:
                work(stop)
            finally:
                seat.release()
