"""Applying a batch of events to a projection's tables, in one short transaction and few round trips.

Nothing is assumed of the delivery: events may come twice, late, out of order, or not at all before a later one of the
same dossier. The broker's message is acknowledged after the commit; dying in between only makes duplicates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg2 import extensions as pg

from shared.database import Database
from shared.eventstore.reading import RecordedEvent
from shared.projection.applied import advance
from shared.projection.errors import UnknownEventType
from shared.projection.fold import Changes, fold
from shared.projection.gaps import without_gaps
from shared.projection.projection import Decode, Projection
from shared.projection.rows import load_rows, write_changes


@dataclass(frozen=True)
class Applied:
    """What became of a batch. Of the events delivered, `applied + unknown - filled` were new.

    :param applied: events folded into rows, those filled in included.
    :param duplicates: delivered events that were applied already, or delivered twice within the batch.
    :param filled: events read from the store because a later one of their dossier had overtaken them.
    :param unknown: events passed over because this version does not know their type. Rows lack what they say until a
        version that knows it rebuilds the projection.
    """

    applied: int = 0
    duplicates: int = 0
    filled: int = 0
    unknown: int = 0


def apply_batch(database: Database, projection: Projection, decode: Decode, events: Sequence[RecordedEvent]) -> Applied:
    """Apply events to the live tables; either all of them or, if anything fails, none.

    :param events: settled events, as the store's readers and the relay give them, in any order.
    :raises MissingEvents: if an event's predecessors are not in the store.
    :raises BadRows: if the projection returns what its tables cannot hold.
    """
    if not events:
        return Applied()
    with database.transaction() as cursor:
        return apply_events(cursor, projection, decode, events, schema=projection.name)


def apply_events(
    cursor: pg.cursor,
    projection: Projection,
    decode: Decode,
    events: Sequence[RecordedEvent],
    *,
    schema: str,
    strict: bool = False,
) -> Applied:
    """As :func:`apply_batch`, within a transaction of the caller's and on the tables of the given schema.

    :param schema: where the tables are: the projection's own schema, or the one of its rebuild.
    :param strict: whether an unknown event type is an error.
    :raises UnknownEventType: if `strict`, for a type that `decode` does not know.
    """
    delivered = _by_dossier(events)
    before = advance(cursor, schema, projection.name, [_latest(each) for each in delivered])
    streams = []
    fresh = filled = unknown = 0
    for each in delivered:
        if (start := before.get(each.key)) is not None:
            new = {version: event for version, event in each.events.items() if version > start}
            complete = without_gaps(cursor, each.dossier, start, new)
            typed = _typed(decode, complete, strict=strict)
            streams.append(_Typed(each.key, each.dossier, typed))
            fresh += len(new)
            filled += len(complete) - len(new)
            unknown += len(complete) - len(typed)
    _write(cursor, schema, projection, [stream for stream in streams if stream.events])
    return Applied(applied=fresh + filled - unknown, duplicates=len(events) - fresh, filled=filled, unknown=unknown)


@dataclass(frozen=True)
class _Delivered:
    """A dossier's events within a batch, by version. `key` is its id as text: quicker to look up than a UUID."""

    key: str
    dossier: UUID
    events: dict[int, RecordedEvent]


@dataclass(frozen=True)
class _Typed:
    """A dossier's next events, complete and in order."""

    key: str
    dossier: UUID
    events: list[tuple[Any, RecordedEvent]]


def _by_dossier(events: Sequence[RecordedEvent]) -> list[_Delivered]:
    grouped: dict[UUID, dict[int, RecordedEvent]] = {}
    for event in events:
        grouped.setdefault(event.dossier, {})[event.version] = event
    return sorted((_Delivered(str(dossier), dossier, each) for dossier, each in grouped.items()), key=_text)


def _text(each: _Delivered) -> str:
    return each.key


def _latest(each: _Delivered) -> tuple[str, int, int]:
    version = max(each.events)
    return each.key, version, each.events[version].position


def _typed(decode: Decode, events: Sequence[RecordedEvent], *, strict: bool) -> list[tuple[Any, RecordedEvent]]:
    typed = []
    for recorded in events:
        try:
            typed.append((decode(recorded), recorded))
        except UnknownEventType:
            if strict:
                raise
    return typed


def _write(cursor: pg.cursor, schema: str, projection: Projection, streams: Sequence[_Typed]) -> None:
    if not streams:
        return
    stored = load_rows(cursor, schema, projection.tables, {stream.key: stream.dossier for stream in streams})
    changes = {table.name: Changes() for table in projection.tables}
    for stream in streams:
        fold(projection, stored.rows[stream.key], stream.events, changes)
    for table in projection.tables:
        write_changes(cursor, schema, table, changes[table.name], stored.json[table.name])
