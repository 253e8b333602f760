"""How far a projection is: compared with the store itself, not with what a broker has delivered."""

# ruff: noqa: S608 - schema names are checked identifiers, and names cannot be parameters

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zlib import crc32

from psycopg2 import extensions as pg

from shared.platform.database.pool import Database
from shared.platform.database.prepared import Prepared
from shared.store.eventstore.reading import head
from shared.store.projection.applied import APPLIED, LOW_WATER, note_low_water
from shared.store.projection.table import check_identifier

_STRETCH = 50_000
"""Positions looked at by one statement, so that a first look at a long log stays within the statement timeout."""

_WORTH_NOTING = 250
"""Positions gained before the low-water mark is written down: looking again at fewer costs less than a write."""

_POLL_SECONDS = 0.005

_NOW = "%(now)s"
_IS_MISSING = f"coalesce((SELECT a.version FROM {{schema}}.{APPLIED} a WHERE a.dossier = e.dossier), 0) < e.version"
"""Whether an event ``e`` of the log is not applied in a schema."""


def low_water(cursor: pg.cursor, schema: str, *, note: bool = True) -> int:
    """The highest position at or below which every event has been applied.

    The search starts from a mark noted earlier. The mark only ever says what is true, so instances may read and move
    it as they please; it is moved without waiting for anybody.

    :param cursor: in a READ COMMITTED transaction or in autocommit.
    :param schema: the projection's name.
    :param note: whether the mark may be moved; false in a transaction that must not write.
    """
    return _mark(cursor, schema, head(cursor), note=note)


def has_applied(cursor: pg.cursor, schema: str, position: int) -> bool:
    """Whether the event at this position has been applied, whatever else has or has not.

    :param schema: the projection's name.
    :param position: as a command's answer gave it. Where no event stands (a block that was rolled back, or the
        future), everything up to there must have been applied.
    """
    check_identifier(schema)
    cursor.execute(
        f"""
        SELECT coalesce((SELECT a.version FROM {schema}.{APPLIED} a WHERE a.dossier = e.dossier), 0) >= e.version
        FROM eventstore.events e WHERE e.position = %s
        """,
        (position,),
    )
    row = cursor.fetchone()
    return bool(row[0]) if row is not None else low_water(cursor, schema, note=False) >= position


def wait_until(database: Database, schemas: Sequence[str], position: int, timeout_seconds: float) -> bool:
    """Wait until all the projections have applied the event at this position.

    Every look is a short transaction of its own, so that waiting holds nothing. The machine's clock is meant here:
    a simulated one stands still while we wait.

    :param timeout_seconds: at least one look is taken, even with 0.
    :returns: False when the time is over.
    """
    deadline = time.monotonic() + timeout_seconds
    waiting = list(schemas)
    with database.bell.hurrying():
        while True:
            with database.autocommit() as cursor:
                while waiting and has_applied(cursor, waiting[-1], position):
                    waiting.pop()
            if not waiting:
                return True
            if time.monotonic() >= deadline:
                return False
            time.sleep(_POLL_SECONDS)


def caught_up(cursor: pg.cursor, schemas: Sequence[str], upto: int | None = None) -> bool:
    """Whether all the projections have applied everything that was settled when this was asked.

    :param upto: or up to this position, whatever has come since.
    """
    settled = head(cursor) if upto is None else upto
    return all(_mark(cursor, schema, settled, note=True) >= settled for schema in schemas)


@dataclass(frozen=True)
class Look:
    """What there was at one moment.

    :param latest: the last committed event's position.
    :param applied: whether all the projections had applied everything up to there. Not so also while something up to
        there is not settled, since another event may yet appear below it.
    :param besides: what else was asked.
    """

    latest: int
    applied: bool
    besides: Sequence[bool] = ()


def all_applied(
    cursor: pg.cursor, schemas: Sequence[str], above: int, besides: Sequence[str] = (), now: datetime | None = None
) -> Look:
    """How far all the projections are, and what else is asked: everything as of one moment.

    One look for all of them, and not from where each mark was noted: for who asks again and again, best over a
    connection that prepares.

    :param above: the position up to which everything was found applied before.
    :param besides: expressions in SQL, of which each is asked whether it is true.
    :param now: the instant that they name ``%(now)s``.
    """
    asked, instants = _asked(tuple(schemas), tuple(besides))
    asked.ask(cursor, [above, *[now] * instants])
    [(latest, applied, *found)] = cursor.fetchall()
    return Look(int(latest), bool(applied), tuple(map(bool, found)))


@cache
def _asked(schemas: tuple[str, ...], besides: tuple[str, ...]) -> tuple[Prepared, int]:
    """The question, and how often an instant is named in it."""
    missing = " OR ".join(_IS_MISSING.format(schema=check_identifier(schema)) for schema in schemas)
    also = "".join(f", ({each})" for each in besides)
    instants = also.count(_NOW)
    statement = f"""
        SELECT (SELECT coalesce(max(position), 0) FROM eventstore.events), NOT EXISTS (
            SELECT FROM (
                SELECT FROM eventstore.events e
                 WHERE e.position > %s AND (e.txid >= pg_snapshot_xmin(pg_current_snapshot()) OR {missing})
                 ORDER BY e.position LIMIT 1) AS first){also.replace(_NOW, "%s")}
    """
    name = f"all_applied_{crc32(statement.encode()):08x}"
    return Prepared(name, ("bigint", *["timestamptz"] * instants), statement), instants


def _mark(cursor: pg.cursor, schema: str, settled: int, *, note: bool) -> int:
    check_identifier(schema)
    cursor.execute(f"SELECT position, current_setting('transaction_read_only') = 'off' FROM {schema}.{LOW_WATER}")
    noted, writable = _row(cursor)
    mark = max(noted, _first_missing(cursor, schema, noted, settled) - 1)
    if note and writable and mark - noted >= _WORTH_NOTING:
        note_low_water(cursor, schema, mark)
    return mark


def _first_missing(cursor: pg.cursor, schema: str, above: int, settled: int) -> int:
    """The first settled position above the given one whose event is not applied; one past `settled` if there is none.

    What is not settled is left out: below it another event may yet appear.
    """
    start = above
    while start < settled:
        # A subquery, not a join: it is to walk along the positions and stop at the first.
        cursor.execute(
            f"""
            SELECT e.position FROM eventstore.events e
            WHERE e.position > %s AND e.position <= %s AND {_IS_MISSING.format(schema=schema)}
            ORDER BY e.position LIMIT 1
            """,
            (start, min(start + _STRETCH, settled)),
        )
        if (row := cursor.fetchone()) is not None:
            return int(row[0])
        start += _STRETCH
        if start < settled:
            # Where a government has moved in or away, millions of positions are nobody's: they are passed in one step.
            cursor.execute("SELECT min(position) FROM eventstore.events WHERE position > %s", (start,))
            [(following,)] = cursor.fetchall()
            start = settled if following is None else following - 1
    return settled + 1


def _row(cursor: pg.cursor) -> tuple[int, bool]:
    row = cursor.fetchone()
    if row is None:
        raise LookupError("the low-water table has lost its only row: run the migrations' statement again")
    return row[0], row[1]
