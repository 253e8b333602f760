"""Filling empty tables with all that a range of dossiers has come to: each dossier folded at once, rows copied in.

For the first and longest part of a rebuild. Nothing has to be looked up, since the tables are empty, and stretches of
dossiers know nothing of each other, so several processes can fill them at the same time. What is read and folded is
read and folded outside of any transaction: only the copying writes, and the log's readers wait for no more than that.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter
from typing import Any

from psycopg2 import extensions as pg

from shared.platform.database.pool import Database
from shared.platform.database.transacting import transaction_on
from shared.store.eventstore.ranges import DossierRange, read_range
from shared.store.eventstore.reading import RecordedEvent, read_position
from shared.store.projection.applied import APPLIED
from shared.store.projection.copying import copied, copy_in, json_columns
from shared.store.projection.fold import Typed, checked
from shared.store.projection.projection import Decode, Projection, Row, Rows
from shared.store.projection.table import DOSSIER, Table
from shared.store.projection.tally import Sums, add, write_sums

PAGE = 2_000
"""Events read at once, and about as many applied in a transaction."""

_APPLIED = (DOSSIER, "version", "position", "previous")
_FILLING = "aduan: fills {}"
_END = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND starts_with(application_name, %s)
       AND %s = ANY(string_to_array(substr(application_name, %s), ' '))
"""


Crew = Callable[[Mapping[str, str], Sequence[DossierRange], Callable[[int], None]], int]
"""Fills the tables of projections, each in the schema given for it, with several ranges, however it shares them out.
Tells each time it has done some how many events those had; answers with how many all had."""


def alone(database: Database, projections: Sequence[Projection], decode: Decode) -> Crew:
    """A crew of one: this process, on a connection of its own."""

    def fill(schemas: Mapping[str, str], parts: Sequence[DossierRange], told: Callable[[int], None]) -> int:
        with closing(database.unlimited().connect()) as connection:
            filler = Filler(named(connection, projections), projections, decode, schemas)
            for part in parts:
                told(filler.fill(part))
            filler.finish()
            return filler.events

    return fill


def named(connection: pg.connection, projections: Sequence[Projection]) -> pg.connection:
    """A connection by which tables are filled, so that it can be told from others."""
    names = " ".join(sorted(projection.name for projection in projections))
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        # The exchange waits for the disk, and with it all that was written before.
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SELECT set_config('application_name', %s, false)", (_FILLING.format(names),))
    return connection


def end_leftovers(cursor: pg.cursor, projection: str) -> None:
    """End what fills tables for a rebuild that is no more: it would go on in those of the next.

    :param cursor: of whoever holds the lock of the rebuild, so that nobody else's work is meant.
    """
    words = _FILLING.format("")
    cursor.execute(_END, (words, projection, len(words) + 1))


def history(projection: Projection, events: Sequence[Typed]) -> Rows:
    """A dossier's rows after all its events.

    :raises BadRows: if the projection returns what its tables cannot hold.
    """
    if not events:
        return {table.name: () for table in projection.tables}
    rows = projection.history(events)
    if rows is not None:
        return checked(projection.tables, rows, events[-1][1])
    rows = {table.name: () for table in projection.tables}
    for event, recorded in events:
        rows = checked(projection.tables, projection.evolve(rows, event, recorded), recorded)
    return rows


class Filler:
    """Fills the tables of projections: what all of them need of an event is read and decoded once.

    :param connection: in autocommit; of the tables' owner.
    :param schemas: by projection, where its empty tables are.
    """

    def __init__(
        self, connection: pg.connection, projections: Sequence[Projection], decode: Decode, schemas: Mapping[str, str]
    ) -> None:
        self.events = 0
        self._connection = connection
        self._decode = decode
        self._targets = [_Target(each, schemas[each.name]) for each in projections if each.name in schemas]
        self._heeded = _heeded([target.projection for target in self._targets])
        self._passed: set[str] = set()

    def fill(self, part: DossierRange) -> int:
        """Fill in what the dossiers of a range have come to.

        :returns: how many events they have.
        :raises UnknownEventType: for a type that `decode` does not know.
        :raises BadRows: if a projection returns what its tables cannot hold.
        """
        before = self.events
        for dossiers in self._pages(part):
            typed = [self._typed(events) for events in dossiers]
            applied = [(events[-1].dossier, events[-1].version, events[-1].position, 0) for events in dossiers]
            for target in self._targets:
                target.write(self._connection, applied, [target.rows(each) for each in typed])
            self.events += sum(map(len, dossiers))
        return self.events - before

    def finish(self) -> None:
        """Write the sums: once, since they are the same few rows for all dossiers."""
        for target in self._targets:
            with self._connection.cursor() as cursor:
                write_sums(cursor, target.schema, target.projection.tallies, target.sums)

    def _pages(self, part: DossierRange) -> Iterator[list[list[RecordedEvent]]]:
        """Whole dossiers, about a page of events at once."""
        above, limit = part.above, PAGE
        while True:
            with self._connection.cursor() as cursor:
                events = read_range(cursor, replace(part, above=above), limit, self._heeded)
            dossiers = [list(each) for _, each in groupby(events, key=lambda event: event.dossier)]
            full = len(events) == limit
            if full:
                dossiers.pop()  # perhaps not all of it
            if dossiers:
                yield dossiers
                above, limit = dossiers[-1][-1].dossier, PAGE
            elif full:
                limit *= 2
            if not full:
                return

    def _typed(self, events: Sequence[RecordedEvent]) -> Sequence[Typed]:
        """The events that matter, decoded; of each other type only the first, to make sure that it is known."""
        heeded = self._heeded
        if heeded is None:
            return [(self._decode(event), event) for event in events]
        typed = []
        for event in events:
            if event.type in heeded:
                typed.append((self._decode(event), event))
            elif event.type not in self._passed:
                with self._connection.cursor() as cursor:
                    whole = read_position(cursor, event.position)
                self._decode(whole or event)
                self._passed.add(event.type)
        return typed


def _heeded(projections: Sequence[Projection]) -> frozenset[str] | None:
    """The types of all events that matter to one of them; none where all may."""
    heeded: frozenset[str] = frozenset()
    for projection in projections:
        if projection.heeds is None:
            return None
        heeded |= projection.heeds
    return heeded


@dataclass
class _Target:
    """The tables of one projection."""

    projection: Projection
    schema: str
    sums: Sums = field(default_factory=dict)
    _json: dict[str, frozenset[str]] = field(default_factory=dict)

    def rows(self, typed: Sequence[Typed]) -> Rows:
        """A dossier's rows; what it contributes is added to the sums."""
        heeds = self.projection.heeds
        if heeds is not None:
            typed = [each for each in typed if each[1].type in heeds]
        rows = history(self.projection, typed)
        add(self.sums, self.projection.counted(rows))
        return rows

    def write(self, connection: pg.connection, applied: Sequence[Sequence[Any]], dossiers: Sequence[Rows]) -> None:
        """Copy rows in, in one short transaction.

        :param applied: how far each dossier is thereby applied.
        """
        texts: list[tuple[str, tuple[str, ...], str]] = [
            (f"{self.schema}.{APPLIED}", _APPLIED, copied(_APPLIED, applied))
        ]
        for table in self.projection.tables:
            values_of = _values_of(table.columns)
            rows = [values_of(row) for each in dossiers for row in each[table.name]]
            place = f"{self.schema}.{table.name}"
            texts.append((place, table.columns, copied(table.columns, rows, self._json_of(connection, table))))
        with transaction_on(connection) as cursor:
            for place, columns, text in texts:
                copy_in(cursor, place, columns, text)

    def _json_of(self, connection: pg.connection, table: Table) -> frozenset[str]:
        if table.name not in self._json:
            with connection.cursor() as cursor:
                self._json[table.name] = json_columns(cursor, f"{self.schema}.{table.name}", table.columns)
        return self._json[table.name]


def _values_of(columns: Sequence[str]) -> Callable[[Row], Sequence[Any]]:
    if len(columns) == 1:
        return lambda row: (row[columns[0]],)
    return itemgetter(*columns)
