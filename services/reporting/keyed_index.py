"""Indexes of what lies sealed, as keyed hashes: they follow the log by themselves, by position.

Each belongs to the key that its hashes were made with, which outlives a change of the master key. Under another, on a
folder of an older version, or when the way in which it is made has changed, it is made anew from the beginning.
Whatever hangs on an erased reporter goes.

What several of them have to read is read and opened once (:func:`follow_together`).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, TypeAlias
from uuid import UUID

from services.reporting.readings import Readings
from shared.application.runtime import Runtime
from shared.platform.database.locks import Lock, try_for_now, wait_for_now
from shared.platform.purposes import Lasting
from shared.store.eventstore.reading import RecordedEvent, read_after_some

_EMPTIED: Final = 50_000
"""Rows taken away in a transaction where an index is made anew: all at once might take longer than a statement may."""
_EMPTYING: Final = -1

Write: TypeAlias = Callable[[], None]
Apply: TypeAlias = Callable[[Runtime, Any, bytes, Sequence[RecordedEvent], Readings], Write]
Wants: TypeAlias = Callable[[Sequence[RecordedEvent]], Collection[UUID]]


def _nobody(_: Sequence[RecordedEvent]) -> Collection[UUID]:
    return ()


class _Overtaken(Exception):
    """A process of the version before, which locks the row of the position, was at it as well."""


@dataclass(frozen=True)
class KeyedIndex:
    """One index.

    :param purpose: of its key.
    :param position: the table of one row in which its key and its position in the log are kept.
    :param tables: those that it fills: emptied where it is made anew.
    :param apply: reads a batch of events, on a cursor, with the key, and gives back what then writes. Until that is
        called it may let others have their turn: the lock under which it works holds up nobody who follows the log, a
        write would.
    :param wants: the complaints that it opens because of a batch of events.
    :param reads: the types of the events whose data it looks at in the batch; those of others are left empty there.
    :param batch: events at once.
    :param way: of making it; another number makes it anew.
    """

    purpose: Lasting
    position: str
    tables: tuple[str, ...]
    apply: Apply
    reads: Collection[str]
    wants: Wants = _nobody
    batch: int = 500
    way: int = 1

    def key(self, runtime: Runtime) -> bytes:
        """The key of its hashes."""
        return runtime.key(self.purpose)

    def follow(self, runtime: Runtime, *, wait: bool = False, upto: int | None = None) -> bool:
        """Index what the log has told since the last time; says whether there may be more.

        Several instances may try at once: one does it, the others find it taken.

        :param wait: whether to wait for who is at it, instead of leaving it to them: for who reads the index next.
        :param upto: go no further than to this place in the log.
        """
        key = self.key(runtime)
        try:
            with runtime.database.transaction() as cursor:
                position = self.position_in(cursor, key, wait=wait)
                if position is None:
                    return False
                return position == _EMPTYING or _go_on(runtime, cursor, {self: key}, position, upto)
        except _Overtaken:
            return True

    def catch_up(self, runtime: Runtime, most: int | None = None) -> None:
        """Index all that the log has told by now: whoever asks just after a filing finds it.

        :param most: batches, for who would rather know less than wait for an index that is made anew; all unless given.
        """
        done = 0
        while (most is None or done < most) and self.follow(runtime, wait=True):
            done += 1

    def position_in(self, cursor: Any, key: bytes, *, wait: bool) -> int | None:
        """How far it has come, for who goes on from there in this transaction; from the beginning under another key,
        once nothing is left that was made with the former one. None if another is at it and we do not wait.
        """
        key_id = self._id(key)
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


def follow_together(runtime: Runtime, indexes: Sequence[KeyedIndex]) -> bool:
    """Index what the log has told since the last time; says whether there may be more.

    Indexes that stand at one place go on from there together. One that is behind first comes there by itself; the
    others do not wait for one that is far behind.

    :param indexes: always in the same order, so that two who do this never wait for each other.
    """
    keys = {each: each.key(runtime) for each in indexes}
    try:
        with runtime.database.transaction() as cursor:
            places = {each: each.position_in(cursor, key, wait=False) for each, key in keys.items()}
            [place, *other] = set(places.values())
            if not other and place is not None and place != _EMPTYING:
                return _go_on(runtime, cursor, keys, place)
    except _Overtaken:
        return True
    ours = {each: place for each, place in places.items() if place is not None}
    front = max(ours.values(), default=0)
    behind = [each for each, place in ours.items() if place < front]
    far = [each.follow(runtime, upto=front) for each in behind]
    if behind and not any(far):
        return True
    ahead = [each.follow(runtime) for each in ours if each not in behind]
    return any([*far, *ahead])


def _go_on(
    runtime: Runtime, cursor: Any, keys: Mapping[KeyedIndex, bytes], position: int, upto: int | None = None
) -> bool:
    """One batch for indexes that stand at the same position; says whether there may be more."""
    batch = min(each.batch for each in keys)
    read = read_after_some(cursor, position, batch, {each for index in keys for each in index.reads})
    events = [event for event in read if upto is None or event.position <= upto]
    if not events:
        return False
    wanted = {dossier for index in keys for dossier in index.wants(events)}
    readings = Readings.of(runtime, cursor, wanted) if wanted else Readings({}, {})
    for write in [index.apply(runtime, cursor, key, events, readings) for index, key in keys.items()]:
        write()
    last = events[-1].position
    for index in keys:
        cursor.execute(
            f"UPDATE {index.position} SET position = %s WHERE position = %s",  # noqa: S608 - names of ours
            (last, position),
        )
        if cursor.rowcount != 1:
            raise _Overtaken
    return len(read) == batch and (upto is None or last < upto)
