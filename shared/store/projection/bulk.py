"""Filling empty tables with all that a range of dossiers has come to: each dossier folded at once, rows copied in.

For the first and longest part of a rebuild. Nothing has to be looked up, since the tables are empty, and stretches of
dossiers know nothing of each other, so several processes can fill them at the same time. What is read and folded is
read and folded outside of any transaction: only the copying writes, and the log's readers wait for no more than that.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import groupby

from psycopg2 import extensions as pg

from shared.platform.database.pool import Database
from shared.platform.database.transacting import transaction_on
from shared.store.eventstore.ranges import DossierRange, read_range
from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.applied import APPLIED
from shared.store.projection.copying import copied, copy_in, json_columns
from shared.store.projection.fold import Typed, checked
from shared.store.projection.projection import Decode, Projection, Rows
from shared.store.projection.table import DOSSIER, Table
from shared.store.projection.tally import Sums, add, write_sums

PAGE = 2_000
"""Events read at once, and about as many applied in a transaction."""

_APPLIED = (DOSSIER, "version", "position", "previous")
_FILLING = "aduan: fills {}"
_END = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = %s AND pid <> pg_backend_pid()
"""


Crew = Callable[[str, Sequence[DossierRange]], int]
"""Fills the tables of a schema with several ranges, however it shares them out; answers with how many events those
had."""


def alone(database: Database, projection: Projection, decode: Decode) -> Crew:
    """A crew of one: this process, on a connection of its own."""

    def fill(schema: str, parts: Sequence[DossierRange]) -> int:
        with closing(database.connect()) as connection:
            filler = Filler(named(connection, projection.name), projection, decode, schema)
            for part in parts:
                filler.fill(part)
            filler.finish()
            return filler.events

    return fill


def named(connection: pg.connection, projection: str) -> pg.connection:
    """A connection by which tables are filled, so that it can be told from others."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SELECT set_config('application_name', %s, false)", (_FILLING.format(projection),))
    return connection


def end_leftovers(cursor: pg.cursor, projection: str) -> None:
    """End what fills tables for a rebuild that is no more: it would go on in those of the next.

    :param cursor: of whoever holds the lock of the rebuild, so that nobody else's work is meant.
    """
    cursor.execute(_END, (_FILLING.format(projection),))


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


@dataclass
class Filler:
    """Fills the tables of one schema.

    :param connection: in autocommit; of the tables' owner.
    :param schema: where the empty tables are.
    """

    connection: pg.connection
    projection: Projection
    decode: Decode
    schema: str
    events: int = 0
    _sums: Sums = field(default_factory=dict)
    _json: dict[str, frozenset[str]] = field(default_factory=dict)
    _passed: set[str] = field(default_factory=set)

    def fill(self, part: DossierRange) -> None:
        """Fill in what the dossiers of a range have come to.

        :raises UnknownEventType: for a type that `decode` does not know.
        :raises BadRows: if the projection returns what its tables cannot hold.
        """
        for dossiers in self._pages(part):
            self._write([(events, self._rows(events)) for events in dossiers])

    def finish(self) -> None:
        """Write the sums: once, since they are the same few rows for all dossiers."""
        with self.connection.cursor() as cursor:
            write_sums(cursor, self.schema, self.projection.tallies, self._sums)

    def _pages(self, part: DossierRange) -> Iterator[list[list[RecordedEvent]]]:
        """Whole dossiers, about a page of events at once."""
        above, limit = part.above, PAGE
        while True:
            with self.connection.cursor() as cursor:
                events = read_range(cursor, replace(part, above=above), limit)
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

    def _rows(self, events: Sequence[RecordedEvent]) -> Rows:
        rows = history(self.projection, self._typed(events))
        add(self._sums, self.projection.counted(rows))
        return rows

    def _typed(self, events: Sequence[RecordedEvent]) -> Sequence[Typed]:
        """The events that matter, decoded; of each other type only the first, to make sure that it is known."""
        heeds = self.projection.heeds
        if heeds is None:
            return [(self.decode(event), event) for event in events]
        typed = []
        for event in events:
            if event.type in heeds:
                typed.append((self.decode(event), event))
            elif event.type not in self._passed:
                self.decode(event)
                self._passed.add(event.type)
        return typed

    def _write(self, dossiers: Sequence[tuple[Sequence[RecordedEvent], Rows]]) -> None:
        applied = [(events[-1].dossier, events[-1].version, events[-1].position, 0) for events, _ in dossiers]
        texts: list[tuple[str, tuple[str, ...], str]] = [
            (f"{self.schema}.{APPLIED}", _APPLIED, copied(_APPLIED, applied))
        ]
        for table in self.projection.tables:
            rows = [[row[column] for column in table.columns] for _, each in dossiers for row in each[table.name]]
            place = f"{self.schema}.{table.name}"
            texts.append((place, table.columns, copied(table.columns, rows, self._json_of(table))))
        with transaction_on(self.connection) as cursor:
            for place, columns, text in texts:
                copy_in(cursor, place, columns, text)
        self.events += sum(len(events) for events, _ in dossiers)

    def _json_of(self, table: Table) -> frozenset[str]:
        if table.name not in self._json:
            with self.connection.cursor() as cursor:
                self._json[table.name] = json_columns(cursor, f"{self.schema}.{table.name}", table.columns)
        return self._json[table.name]
