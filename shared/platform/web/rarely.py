"""Saying something once in a while, however often there is reason to."""

import time
from collections.abc import Callable
from typing import Final

_SECONDS: Final = 60.0


class Rarely:
    """Calls a function, at most once a minute.

    :param say: the function.
    """

    def __init__(self, say: Callable[[], object]) -> None:
        self._say = say
        self._last: float | None = None

    def __call__(self) -> None:
        """There is reason to."""
        now = time.monotonic()
        if self._last is None or now - self._last >= _SECONDS:
            self._last = now
            self._say()
