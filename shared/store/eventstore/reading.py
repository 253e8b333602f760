"""Reading the log, with plain SQL on a cursor of the caller's.

What follows the log by position gets *settled* rows only: those of transactions older than the oldest in flight. Since
positions and transaction ids are drawn together (see the migration), settled rows are a prefix of the log: a reader
that has seen position p never later finds a row at or below p. What reads one dossier gets all its committed rows.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeVar
from uuid import UUID

from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class

from shared.platform.database.prepared import Prepared

_AFTER = """
    SELECT position, dossier, version, type, state FROM (
        SELECT position, dossier, version, type, state, txid
        FROM eventstore.events WHERE position > %s ORDER BY position LIMIT %s
    ) AS next WHERE txid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY position
"""
_AFTER_SOME = """
    SELECT position, dossier, version, type, CASE WHEN type = ANY(%s::text[]) THEN state END FROM (
        SELECT position, dossier, version, type, state, txid
        FROM eventstore.events WHERE position > %s ORDER BY position LIMIT %s
    ) AS next WHERE txid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY position
"""
_NEXT = """
    SELECT position, dossier, version, type, CASE WHEN settled THEN state END, settled FROM (
        SELECT position, dossier, version, type, state, txid < pg_snapshot_xmin(pg_current_snapshot()) AS settled
        FROM eventstore.events WHERE position > %s ORDER BY position LIMIT {limit:d}
    ) AS next ORDER BY position
"""
_HEAD = """
    SELECT coalesce(max(position), 0) FROM eventstore.events WHERE txid < pg_snapshot_xmin(pg_current_snapshot())
"""
_LATEST = "SELECT coalesce(max(position), 0) FROM eventstore.events"
_EARLIEST = "SELECT coalesce(min(position), 0) FROM eventstore.events"
_LAST = """
    SELECT position, dossier, version, type, state FROM eventstore.events
    WHERE txid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY position DESC LIMIT 1
"""
_AT = "SELECT position, dossier, version, type, state FROM eventstore.events WHERE position = %s"
_DOSSIER = """
    SELECT position, dossier, version, type, state FROM eventstore.events
    WHERE dossier = %s AND version > %s AND version <= coalesce(%s, 2147483647) ORDER BY version
"""
_DOSSIERS = """
    SELECT position, dossier, version, type, state FROM eventstore.events
    WHERE dossier = ANY(%(dossiers)s::uuid[]) AND (%(types)s::text[] IS NULL OR type = ANY(%(types)s::text[]))
    ORDER BY dossier, version
"""
_PLACES = """
    SELECT position, dossier, version, type, state
    FROM unnest(%s::uuid[], %s::integer[]) AS wanted (dossier, version) JOIN eventstore.events USING (dossier, version)
    WHERE txid < pg_snapshot_xmin(pg_current_snapshot())
"""

_DECODER = json.JSONDecoder()
_KEPT: Final = 512
"""So many events of late are kept as they were read: followers, indexes and letters of a process read the same ones."""
Made = TypeVar("Made")

MOST_VERSION = 2**31 - 1


@dataclass(frozen=True)
class Place:
    """Where an event stands in its dossier.

    :param version: from 1.
    """

    dossier: UUID
    version: int


@dataclass(frozen=True)
class RecordedEvent:
    """One row of the log.

    :param position: its place in the log.
    :param dossier: the dossier it belongs to.
    :param version: its place in the dossier, from 1.
    :param type: the stable name of what happened.
    :param state: its data as stored: JSON in UTF-8.
    """

    position: int
    dossier: UUID
    version: int
    type: str
    state: bytes

    @property
    def data(self) -> dict[str, Any]:
        """The data, decoded once. Not to be changed.

        :raises ValueError: if the bytes are no JSON object.
        """
        # Not a `cached_property`: on Python 3.11 that takes a lock, and every service reads every event.
        known: dict[str, Any] | None = self.__dict__.get("_data")
        if known is None:
            known = self.__dict__["_data"] = self._decoded()
        return known

    def once(self, make: "Callable[[RecordedEvent], Made]") -> Made:
        """What somebody makes of it, made once. Not to be changed.

        :param make: the same function each time; raises what it raises, each time.
        """
        known: tuple[object, Made] | None = self.__dict__.get("_made")
        if known is None or known[0] is not make:
            known = self.__dict__["_made"] = (make, make(self))
        return known[1]

    def _decoded(self) -> dict[str, Any]:
        text = self.state.decode()
        # As we write it there is nothing around it, and nobody has to look.
        decoded, end = _DECODER.raw_decode(text) if text.startswith("{") else (None, 0)
        if end != len(text):
            decoded = _DECODER.decode(text)
        if not isinstance(decoded, dict):
            raise ValueError(f"{self.type} {self.dossier}:{self.version} is not a JSON object")  # noqa: TRY004
        return decoded


_kept: Final[list[RecordedEvent | None]] = [None] * _KEPT


def _event(position: int, dossier: UUID, version: int, event_type: str, state: Any) -> RecordedEvent:
    """The row as an event; the one that is kept, if it is the same in every part."""
    read = RecordedEvent(position, dossier, version, event_type, bytes(state))
    kept = _kept[position % _KEPT]
    if kept == read:  # positions begin anew in every database, and after a restored backup
        return kept
    _kept[position % _KEPT] = read
    return read


def read_after(cursor: Cursor, position: int, limit: int) -> list[RecordedEvent]:
    """The next settled events after a position, in the order of the log.

    The limit is taken before the unsettled are left out, so a long transaction elsewhere never makes this scan the tail
    of the log: what it leaves out lies behind what it returns.

    :param position: the last one seen; 0 to begin.
    :param limit: at most so many. Fewer, or none, does not mean that the log ends there.
    """
    cursor.execute(_AFTER, (position, limit))
    return _recorded(cursor)


def read_after_some(cursor: Cursor, position: int, limit: int, types: Iterable[str]) -> list[RecordedEvent]:
    """As :func:`read_after`, for who wants to know what happened to whom, and seldom what it says.

    :param types: of the only types whose data are wanted; those of others are left empty.
    """
    cursor.execute(_AFTER_SOME, (list(types), position, limit))
    return [
        _event(position, dossier, version, event_type, state)
        if state is not None
        else RecordedEvent(position, dossier, version, event_type, b"")
        for position, dossier, version, event_type, state in cursor.fetchall()
    ]


def read_next(cursor: Cursor, position: int, limit: int) -> tuple[list[RecordedEvent], bool]:
    """As :func:`read_after`, and whether more has been committed that is about to settle: worth another look soon."""
    _next(limit).ask(cursor, (position,))
    rows = cursor.fetchall()
    settled = [
        _event(position, dossier, version, event_type, state)
        for position, dossier, version, event_type, state, is_settled in rows
        if is_settled
    ]
    return settled, len(settled) < len(rows)


@lru_cache(16)
def _next(limit: int) -> Prepared:
    return Prepared(f"read_next_{limit}", ["bigint"], _NEXT.format(limit=limit))


def head(cursor: Cursor) -> int:
    """The position of the last settled event; 0 for an empty log."""
    cursor.execute(_HEAD)
    return int(_one(cursor)[0])


def latest_position(cursor: Cursor) -> int:
    """The position of the last committed event, settled or not; 0 for an empty log."""
    cursor.execute(_LATEST)
    return int(_one(cursor)[0])


def earliest_position(cursor: Cursor) -> int:
    """The position of the first committed event: 1, or higher where a government has moved in; 0 for an empty log."""
    cursor.execute(_EARLIEST)
    return int(_one(cursor)[0])


def last_event(cursor: Cursor) -> RecordedEvent | None:
    """The last settled event, if there is any."""
    cursor.execute(_LAST)
    return next(iter(_recorded(cursor)), None)


def read_position(cursor: Cursor, position: int) -> RecordedEvent | None:
    """The committed event at a position; None for a gap or beyond the end."""
    cursor.execute(_AT, (position,))
    return next(iter(_recorded(cursor)), None)


def read_dossier(cursor: Cursor, dossier: UUID, after_version: int = 0, upto: int | None = None) -> list[RecordedEvent]:
    """The committed events of one dossier, by version.

    :param after_version: leave out this version and those before it.
    :param upto: the last version wanted; all by default.
    """
    cursor.execute(_DOSSIER, (dossier, after_version, upto))
    return _recorded(cursor)


def read_dossiers(cursor: Cursor, dossiers: Iterable[UUID], types: Iterable[str] | None = None) -> list[RecordedEvent]:
    """The committed events of many dossiers in one query, by dossier and version.

    :param types: of these types only.
    """
    cursor.execute(_DOSSIERS, {"dossiers": list(dossiers), "types": list(types) if types is not None else None})
    return _recorded(cursor)


def read_places(cursor: Cursor, places: Iterable[Place]) -> dict[Place, RecordedEvent]:
    """The settled events at many places, in one query; those that are not in the log are left out."""
    wanted = list(dict.fromkeys(places))
    cursor.execute(_PLACES, ([str(each.dossier) for each in wanted], [each.version for each in wanted]))
    return {Place(event.dossier, event.version): event for event in _recorded(cursor)}


def settling_seconds(cursor: Cursor) -> float:
    """For how long the oldest transaction that has written is in flight: the log's readers lag by so much."""
    cursor.execute("SELECT eventstore.settling_seconds()")
    return float(_one(cursor)[0])


def _recorded(cursor: Cursor) -> list[RecordedEvent]:
    return [_event(*row) for row in cursor.fetchall()]


def _one(cursor: Cursor) -> tuple[Any, ...]:
    row = cursor.fetchone()
    assert row is not None  # noqa: S101 - an aggregate always gives a row
    return row
