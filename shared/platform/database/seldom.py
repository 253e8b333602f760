"""What a table says, looked for now and then and by one at a time, since everybody asks for it again and again."""

import threading
import time
from collections.abc import Callable
from math import inf
from typing import Final, Generic, TypeVar

from shared.platform.database.pool import Database

Found = TypeVar("Found")


class _Kept(Generic[Found]):
    def __init__(self, found: Found, looked: float) -> None:
        self.found = found
        self.looked = looked
        self.doubts = 0
        self.looking: Final = threading.Lock()


class Seldom(Generic[Found]):
    """An answer that may be a little old. What was found is kept with the database: this only says how to look for it.

    Whoever asks while another looks has what was found last. They may be in a transaction: if all who hold the pool's
    connections wanted a second one at the same moment, none of them would ever have it.

    :param look: asks a database about a name; it is told what was found last, none at first.
    :param seconds: how old an answer may become, and the time that looking takes.
    """

    def __init__(self, look: Callable[[Database, str, Found | None], Found], seconds: float) -> None:
        self._look, self._seconds = look, seconds

    def of(self, database: Database, name: str = "") -> Found:
        """What is found there, of a name where it is about several."""
        every = self._kept_in(database)
        kept = every.get(name)
        if kept is None:
            began = time.monotonic()
            kept = every.setdefault(name, _Kept(self._look(database, name, None), began))
        if time.monotonic() - kept.looked < self._seconds or not kept.looking.acquire(blocking=False):
            return kept.found
        try:
            now, doubts = time.monotonic(), kept.doubts
            found = self._look(database, name, kept.found)
            if kept.doubts == doubts:
                kept.found, kept.looked = found, now
            return found
        finally:
            kept.looking.release()

    def doubt(self, database: Database, name: str = "") -> None:
        """Something was changed just now: whoever asks next looks, and what is being looked for is not kept."""
        if (kept := self._kept_in(database).get(name)) is not None:
            kept.doubts += 1
            kept.looked = -inf

    def _kept_in(self, database: Database) -> dict[str, _Kept[Found]]:
        kept: dict[str, _Kept[Found]] = database.looked_up.setdefault(self, {})
        return kept
