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
from shared.projection.gaps import fill_gaps
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
    latest = {dossier: (version := max(each), each[version].position) for dossier, each in delivered.items()}
    before = advance(cursor, schema, projection.name, latest)
    fresh = {
        dossier: {version: event for version, event in delivered[dossier].items() if version > start}
        for dossier, start in before.items()
    }
    complete, filled = fill_gaps(cursor, fresh, before)
    typed = {dossier: _typed(decode, each, strict=strict) for dossier, each in complete.items()}
    _write(cursor, schema, projection, {dossier: each for dossier, each in typed.items() if each})
    applied = sum(map(len, typed.values()))
    return Applied(
        applied=applied,
        duplicates=len(events) - sum(map(len, fresh.values())),
        filled=filled,
        unknown=sum(map(len, complete.values())) - applied,
    )


def _by_dossier(events: Sequence[RecordedEvent]) -> dict[UUID, dict[int, RecordedEvent]]:
    grouped: dict[UUID, dict[int, RecordedEvent]] = {}
    for event in events:
        grouped.setdefault(event.dossier, {})[event.version] = event
    return grouped


def _typed(decode: Decode, events: Sequence[RecordedEvent], *, strict: bool) -> list[tuple[Any, RecordedEvent]]:
    typed = []
    for recorded in events:
        try:
            typed.append((decode(recorded), recorded))
        except UnknownEventType:
            if strict:
                raise
    return typed


def _write(
    cursor: pg.cursor, schema: str, projection: Projection, typed: dict[UUID, list[tuple[Any, RecordedEvent]]]
) -> None:
    if not typed:
        return
    stored = load_rows(cursor, schema, projection.tables, typed)
    changes = {table.name: Changes() for table in projection.tables}
    for dossier in sorted(typed):
        fold(projection, stored[dossier], typed[dossier], changes)
    for table in projection.tables:
        write_changes(cursor, schema, table, changes[table.name])
