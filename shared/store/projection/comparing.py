"""Holding a projection's tables against what the log comes to: a rebuild beside them, compared and thrown away.

Whoever edits a row of a projection changes what people are shown, and nothing in the log. The next rebuild would take
it away unseen; this tells of it.

Both sides are read in one snapshot. What a dossier has come to is compared where both have applied the same of it; sums
over all of them where both have applied the same of all. Rows of a government that was taken to another database are
left out: nobody is shown them, and clocks that came due since were passed over.
"""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

from psycopg2 import extensions as pg

from shared.platform.database.pool import Database
from shared.store.projection.applied import APPLIED
from shared.store.projection.beside import make_beside, throw_away
from shared.store.projection.bulk import Crew
from shared.store.projection.projection import Decode, Projection
from shared.store.projection.rebuild import PARTS, Filling, hand_over
from shared.store.projection.table import Table
from shared.store.projection.tally import Tally

_PAUSE_SECONDS: Final = 0.2
_NAMED: Final = 5
_APART: Final = """
    SELECT coalesce(live.dossier, made.dossier)::text FROM {live}.{applied} live
    FULL JOIN {made}.{applied} made USING (dossier) WHERE live.version IS DISTINCT FROM made.version
"""
_ALIKE: Final = """
    SELECT dossier FROM {live}.{applied} live JOIN {made}.{applied} made USING (dossier)
    WHERE live.version = made.version AND NOT EXISTS (
        SELECT FROM eventstore.moves JOIN eventstore.events first
            ON first.version = 1 AND moves.tenant = convert_from(first.state, 'UTF8')::json ->> 'tenant'
        WHERE first.dossier = live.dossier AND moves.state IN ('moved', 'forgotten'))
"""
_ROWS: Final = "SELECT dossier::text AS what, ROW({columns})::text FROM {schema}.{table} WHERE dossier IN ({alike})"
_SUMS: Final = "SELECT concat_ws(' ', {key}) AS what, ROW({columns})::text FROM {schema}.{table} WHERE {any}"
_DIFFERENT: Final = """
    SELECT what, count(*) FILTER (WHERE NOT made), count(*) FILTER (WHERE made) FROM (
        (SELECT *, false AS made FROM ({live} EXCEPT ALL {made}) AS lone)
        UNION ALL (SELECT *, true AS made FROM ({made} EXCEPT ALL {live}) AS lone)
    ) AS found GROUP BY what ORDER BY what
"""


@dataclass(frozen=True)
class TableDifference:
    """A table that is not what the log comes to.

    :param table: with its schema.
    :param where: of which dossiers, or of which sums; the first few.
    :param count: of how many.
    """

    table: str
    where: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class Compared:
    """What came of it.

    :param events: how many the log has.
    :param behind: dossiers of which the tables know more or less than the log, also after waiting.
    """

    events: int
    differences: tuple[TableDifference, ...]
    behind: TableDifference | None

    @property
    def same(self) -> bool:
        """Whether the tables are what the log comes to."""
        return not self.differences and self.behind is None


def compare(
    database: Database,
    projection: Projection,
    decode: Decode,
    *,
    crew: Crew | None = None,
    batch: int = 500,
    parts: int = PARTS,
    patience_seconds: float = 60.0,
) -> Compared:
    """Make a projection's tables from the whole log, hold the live ones against them, and throw them away.

    Writes, as :func:`shared.store.projection.rebuild.rebuild` does, beside the live tables only.

    :param patience_seconds: how long to wait for the service to have applied what the log holds.
    :raises RebuildRunning: if a rebuild of this projection is under way.
    :raises UnknownEventType: if the log holds a type that this version does not know.
    """
    with closing(database.unlimited().connect(autocommit=False)) as connection:
        shadow = make_beside(connection, projection)
        filling = Filling(connection, projection, decode, shadow, batch, None)
        try:
            if crew is not None:
                hand_over([filling], crew, parts)
            return _compared(database, filling, patience_seconds)
        finally:
            if not connection.closed:
                connection.rollback()
            throw_away(connection, projection, shadow)


def _compared(database: Database, filling: Filling, patience_seconds: float) -> Compared:
    deadline = time.monotonic() + patience_seconds
    while True:
        filling.catch_up()
        with closing(database.unlimited().connect(autocommit=False)) as session:
            session.set_session(isolation_level="REPEATABLE READ", readonly=True)
            with session.cursor() as cursor:
                cursor.execute("SET statement_timeout = 0")
                behind = _behind(cursor, filling)
                if behind is None or time.monotonic() >= deadline:
                    found = tuple(_differences(cursor, filling, sums=behind is None))
                    return Compared(filling.events, found, behind)
        time.sleep(_PAUSE_SECONDS)


def _behind(cursor: pg.cursor, filling: Filling) -> TableDifference | None:
    names = {"live": filling.projection.name, "made": filling.shadow.schema, "applied": APPLIED}
    cursor.execute(_APART.format(**names))
    return _difference(f"{filling.projection.name}.{APPLIED}", cursor.fetchall())


def _differences(cursor: pg.cursor, filling: Filling, *, sums: bool) -> Iterator[TableDifference]:
    live, made = filling.projection.name, filling.shadow.schema
    alike = _ALIKE.format(live=live, made=made, applied=APPLIED)
    for table in filling.projection.tables:
        yield from _different(cursor, str(table), _rows(live, table, alike), _rows(made, table, alike))
    if sums:
        for tally in filling.projection.tallies:
            yield from _different(cursor, str(tally), _sums(live, tally), _sums(made, tally))


def _rows(schema: str, table: Table, alike: str) -> str:
    return _ROWS.format(columns=", ".join(table.columns), schema=schema, table=table.name, alike=alike)


def _sums(schema: str, tally: Tally) -> str:
    counted = " OR ".join(f"{count} <> 0" for count in tally.counts)  # a row of noughts says nothing
    columns = ", ".join((*tally.key, *tally.counts))
    return _SUMS.format(key=", ".join(tally.key), columns=columns, schema=schema, table=tally.name, any=counted)


def _different(cursor: pg.cursor, name: str, live: str, made: str) -> Iterator[TableDifference]:
    cursor.execute(_DIFFERENT.format(live=live, made=made))
    found = _difference(name, cursor.fetchall())
    if found is not None:
        yield found


def _difference(name: str, rows: list[tuple[Any, ...]]) -> TableDifference | None:
    return TableDifference(name, tuple(row[0] for row in rows[:_NAMED]), len(rows)) if rows else None
