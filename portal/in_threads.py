"""Computing that takes long, in threads: everybody else who is answered would wait for it."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from eventlet import tpool
from eventlet.semaphore import Semaphore

P = ParamSpec("P")
T = TypeVar("T")


class InThreads:
    """One kind of it.

    :param most: so much of it at once, which leaves cores, memory and threads for the rest.
    """

    def __init__(self, most: int) -> None:
        self._room = Semaphore(most)

    def do(self, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        """Do it as soon as there is room, and wait for what it gives or raises."""
        with self._room:
            result: T = tpool.execute(work, *given, **named)
        return result
