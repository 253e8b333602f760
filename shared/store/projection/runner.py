"""Applying a batch of events to a projection's tables, in one short transaction and few round trips.

Nothing is assumed of the delivery: events may come twice, late, out of order, or not at all before a later one of the
same dossier. The broker's message is acknowledged after the commit; dying in between only makes duplicates.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg2 import extensions as pg

from shared.base.errors import UnknownEventType
from shared.platform import metrics
from shared.platform.database.pool import Database
from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.applied import advance
from shared.store.projection.errors import Superseded
from shared.store.projection.fold import Changes, Typed, fold
from shared.store.projection.gaps import ByVersion, fill_gaps
from shared.store.projection.generation import fits
from shared.store.projection.projection import Decode, Projection
from shared.store.projection.rows import changing, load_rows
from shared.store.projection.tally import Sums, summing


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
        applied = apply_events(cursor, projection, decode, events, schema=projection.name)
    count(projection.name, applied)
    return applied


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

    What the caller reads or writes besides should come after it, or else touch `applied` before the other tables: the
    switch of a rebuild takes that one first.

    :param schema: where the tables are: the projection's own schema, or the one of its rebuild.
    :param strict: whether an unknown event type is an error.
    :raises UnknownEventType: if `strict`, for a type that `decode` does not know.
    """
    [done] = apply_together(cursor, [projection], decode, events, schema=schema, strict=strict)
    return done.applied


@dataclass(frozen=True)
class BatchApplied:
    """What became of a batch in one of several projections.

    :param events: what was new to it, those filled in included; by dossier, in the order of their versions.
    """

    applied: Applied
    events: Sequence[RecordedEvent]


def apply_together(
    cursor: pg.cursor,
    projections: Sequence[Projection],
    decode: Decode,
    events: Sequence[RecordedEvent],
    *,
    schema: str | None = None,
    strict: bool = False,
) -> list[BatchApplied]:
    """Apply events to several projections within one transaction of the caller's; see :func:`apply_events`.

    All rows are written in one round trip.

    :param projections: in the order of their names, as everybody has them who applies to several: then nobody
        deadlocks.
    :param schema: of the tables, where that is not the projection's name; for a single projection.
    :raises Superseded: if there is something to be written to tables that another generation has made.
    """
    delivered = _by_dossier(events)
    schemas = [schema or projection.name for projection in projections]
    latest = [_latest(key, each) for key, each in delivered.items()]
    statements: list[bytes] = []
    done = []
    advanced = advance(cursor, schemas, latest, live=schema is None or schema == projections[0].name)
    for projection, place, found in zip(projections, schemas, advanced, strict=True):
        before = found.before
        if before and not fits(projection.generation, found.made_by):
            raise Superseded(projection.name)
        fresh = {key: _beyond(before[key], each) for key, each in delivered.items() if key in before}
        complete = fill_gaps(cursor, fresh, before)
        typed = {key: _typed(decode, each, strict=strict) for key, each in complete.items()}
        statements += _changed(cursor, place, projection, {key: each for key, each in typed.items() if each}, before)
        new, total, applied = _count(fresh), _count(complete), _count(typed)
        counted = Applied(applied=applied, duplicates=len(events) - new, filled=total - new, unknown=total - applied)
        done.append(BatchApplied(counted, [event for each in complete.values() for event in each]))
    if statements:
        cursor.execute(b";".join(statements))
    return done


def count(projection: str, applied: Applied) -> None:
    """Note in the metrics what became of a batch that was committed."""
    became = {
        "applied": applied.applied,
        "duplicate": applied.duplicates,
        "filled": applied.filled,
        "unknown": applied.unknown,
    }
    for outcome, number in became.items():
        metrics.PROJECTED.labels(projection, outcome).inc(number)


def remembering(decode: Decode) -> Decode:
    """Decodes each event once, however many ask for it: for one batch."""
    known: dict[int, Any] = {}

    def remembered(recorded: RecordedEvent) -> Any:
        if recorded.position not in known:
            try:
                known[recorded.position] = decode(recorded)
            except UnknownEventType as error:
                known[recorded.position] = error
        event = known[recorded.position]
        if isinstance(event, UnknownEventType):
            raise event
        return event

    return remembered


def _by_dossier(events: Sequence[RecordedEvent]) -> dict[str, ByVersion]:
    """Sorted by dossier. Its id stands as text, which is much quicker to look up than a UUID."""
    grouped: dict[UUID, ByVersion] = {}
    for event in events:
        grouped.setdefault(event.dossier, {})[event.version] = event
    by_text = {str(dossier): each for dossier, each in grouped.items()}
    return {key: by_text[key] for key in sorted(by_text)}


def _latest(key: str, events: ByVersion) -> tuple[str, int, int]:
    version = max(events)
    return key, version, events[version].position


def _beyond(before: int, events: ByVersion) -> ByVersion:
    return {version: event for version, event in events.items() if version > before}


def _count(by_dossier: Mapping[str, Collection[object]]) -> int:
    return sum(map(len, by_dossier.values()))


def _typed(decode: Decode, events: Sequence[RecordedEvent], *, strict: bool) -> list[Typed]:
    typed = []
    for recorded in events:
        try:
            typed.append((decode(recorded), recorded))
        except UnknownEventType:
            if strict:
                raise
    return typed


def _changed(
    cursor: pg.cursor,
    schema: str,
    projection: Projection,
    typed: Mapping[str, list[Typed]],
    before: Mapping[str, int],
) -> list[bytes]:
    """The statements that bring a projection's rows up to date."""
    if not typed:
        return []
    dossiers = {key: events[0][1].dossier for key, events in typed.items()}
    # A dossier that has not been applied before has no rows to be read.
    stored = load_rows(cursor, schema, projection.tables, dossiers, [key for key in dossiers if before[key]])
    changes = {table.name: Changes() for table in projection.tables}
    sums: Sums = {}
    for key, events in typed.items():
        fold(projection, stored.rows[key], events, changes, sums)
    return [
        *(
            statement
            for table in projection.tables
            for statement in changing(cursor, schema, table, changes[table.name], stored.json[table.name])
        ),
        *summing(cursor, schema, projection.tallies, sums),
    ]
