"""Indexes of what lies sealed, as keyed hashes: they follow the log by themselves, by position.

Each belongs to the key that its hashes were made with, which outlives a change of the master key. Under another, on a
folder of an older version, or when the way in which it is made has changed, it is made anew from the beginning.
Whatever hangs on an erased reporter goes.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from shared.application.runtime import Runtime
from shared.platform.database.locks import Lock, try_for_now, wait_for_now
from shared.platform.purposes import Lasting
from shared.store.eventstore.reading import RecordedEvent, read_after_some

_EMPTIED: Final = 50_000
"""Rows taken away in a transaction where an index is made anew: all at once might take longer than a statement may."""
_EMPTYING: Final = -1

Apply = Callable[[Runtime, Any, bytes, Sequence[RecordedEvent]], None]


class _Overtaken(Exception):
    """A process of the version before, which locks the row of the position, was at it as well."""


@dataclass(frozen=True)
class KeyedIndex:
    """One index.

    :param purpose: of its key.
    :param position: the table of one row in which its key and its position in the log are kept.
    :param tables: those that it fills: emptied where it is made anew.
    :param apply: brings them up to date by a batch of events, on a cursor, with the key. Until it writes it may let
        others have their turn: the lock under which it works holds up nobody who follows the log, a write would.
    :param reads: the types of the events whose data it looks at in the batch; those of others are left empty there.
    :param batch: events at once.
    :param way: of making it; another number makes it anew.
    """

    purpose: Lasting
    position: str
    tables: tuple[str, ...]
    apply: Apply
    reads: Collection[str]
    batch: int = 500
    way: int = 1

    def key(self, runtime: Runtime) -> bytes:
        """The key of its hashes."""
        return runtime.key(self.purpose)

    def follow(self, runtime: Runtime, *, wait: bool = False) -> bool:
        """Index what the log has told since the last time; says whether there may be more.

        Several instances may try at once: one does it, the others find it taken.

        :param wait: whether to wait for who is at it, instead of leaving it to them: for who reads the index next.
        """
        try:
            return self._follow(runtime, self.key(runtime), wait=wait)
        except _Overtaken:
            return True

    def _follow(self, runtime: Runtime, key: bytes, *, wait: bool) -> bool:
        with runtime.database.transaction() as cursor:
            position = self._position(cursor, self._id(key), wait=wait)
            if position is None:
                return False
            if position == _EMPTYING:
                return True
            events = read_after_some(cursor, position, self.batch, self.reads)
            if not events:
                return False
            self.apply(runtime, cursor, key, events)
            cursor.execute(
                f"UPDATE {self.position} SET position = %s WHERE position = %s",  # noqa: S608 - ours
                (events[-1].position, position),
            )
            if cursor.rowcount != 1:
                raise _Overtaken
        return len(events) == self.batch

    def catch_up(self, runtime: Runtime, most: int | None = None) -> None:
        """Index all that the log has told by now: whoever asks just after a filing finds it.

        :param most: batches, for who would rather know less than wait for an index that is made anew; all unless given.
        """
        done = 0
        while (most is None or done < most) and self.follow(runtime, wait=True):
            done += 1

    def _position(self, cursor: Any, key_id: str, *, wait: bool) -> int | None:
        """How far it has come; from the beginning under another key, once nothing is left that was made with the former
        one. None if another is at it and we do not wait.
        """
        if wait:
            wait_for_now(cursor, Lock.INDEXING, self.position)
        elif not try_for_now(cursor, Lock.INDEXING, self.position):
            return None
        # The row is not locked: that would be a write, and whoever follows the log waits for the oldest that writes.
        cursor.execute(f"SELECT key_id, position FROM {self.position}")  # noqa: S608 - names of ours
        row = cursor.fetchone()
        if row is None:
            return None
        if row[0] == key_id:
            return int(row[1])
        for table in self.tables:
            cursor.execute(f"DELETE FROM {table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {table} LIMIT {_EMPTIED}))")  # noqa: S608 - as above
            if cursor.rowcount == _EMPTIED:
                return _EMPTYING
        cursor.execute(f"UPDATE {self.position} SET key_id = %s, position = 0", (key_id,))  # noqa: S608 - as above
        return 0

    def _id(self, key: bytes) -> str:
        known = sha256(key).hexdigest()[:16]
        return known if self.way == 1 else f"{known}/{self.way}"
