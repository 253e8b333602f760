"""New tables beside the live ones, and the exchange of the two.

The new tables stand in a schema of their own under the same names, so their indexes and constraints bear the right
names from the beginning, and the exchange only moves tables between schemas: nothing is copied while it holds locks.
"""

from dataclasses import dataclass
from typing import Self

from psycopg2 import errors, sql
from psycopg2 import extensions as pg

from shared.store.projection.applied import APPLIED, note_low_water, note_made_by
from shared.store.projection.catalog import View, copy_table, obstacles, owned_sequences, shape, views_on
from shared.store.projection.errors import RebuildNotPossible
from shared.store.projection.projection import Projection


@dataclass(frozen=True)
class Shadow:
    """The new tables of one rebuild.

    :param live: the projection's name and schema.
    :param tables: the names of the tables, the one of applied versions included.
    :param shapes: what the live tables looked like when these were made.
    """

    live: str
    tables: tuple[str, ...]
    shapes: tuple[list[str], ...]

    @classmethod
    def create(cls, cursor: pg.cursor, projection: Projection) -> Self:
        """Make empty tables, in place of what an interrupted rebuild may have left behind.

        :raises RebuildNotPossible: if something hangs on a live table that would be lost.
        """
        _qualify_everything(cursor)
        live = projection.name
        tables = (
            APPLIED,
            *(table.name for table in projection.tables),
            *(tally.name for tally in projection.tallies),
        )
        for table in tables:
            if found := obstacles(cursor, f"{live}.{table}"):
                raise RebuildNotPossible(live, f"{live}.{table} has a {', '.join(found)}")
        new = cls(live, tables, tuple(shape(cursor, f"{live}.{table}") for table in tables))
        new.drop(cursor)
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(new.schema)))
        for table in tables:
            copy_table(cursor, live, table, new.schema)
        return new

    @property
    def schema(self) -> str:
        """Where the new tables stand until the exchange."""
        return f"{self.live}_rebuild"

    @property
    def _retired(self) -> str:
        return f"{self.live}_retired"

    def drop(self, cursor: pg.cursor) -> None:
        """Remove the new tables; nobody but the rebuild uses them."""
        for schema in (self.schema, self._retired):
            cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))

    def keep_runners_out(self, cursor: pg.cursor) -> None:
        """Wait until no runner is within a batch, and let none begin until the transaction ends.

        Every batch begins by writing to the table of applied versions. Whoever waits for it looks up its name again
        when it comes free, and so goes on with the new tables. Taken fully at once: to begin with a weaker lock and
        raise it later would deadlock with a runner that had looked into the table before writing to it.
        """
        table = sql.Identifier(self.live, APPLIED)
        cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(table))

    def exchange(self, cursor: pg.cursor, position: int, generation: int) -> None:
        """Put the new tables in the place of the live ones and drop those, within the caller's transaction.

        Locks are taken in the order in which a reader takes them, views before tables. Views of any schema are made
        to read the new tables; their grants and whatever builds upon them stay.

        :param position: up to where the new tables are complete.
        :param generation: the one that has made them.
        :raises RebuildNotPossible: if a migration has changed the tables meanwhile, or something else depends on them.
        """
        _qualify_everything(cursor)
        views = self._views(cursor)
        for view in views:
            # To LOCK a view would lock all that it reads, the log perhaps. This locks it alone, and changes nothing.
            owner = sql.Identifier(view.owner)
            cursor.execute(sql.SQL("ALTER VIEW {} OWNER TO {}").format(view.identifier, owner))
        tables = sql.SQL(", ").join([sql.Identifier(self.live, table) for table in self.tables])
        cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(tables))
        self._refuse_if_changed(cursor, views)
        self._move(cursor)
        for view in views:
            _point_at_new_tables(cursor, view)
        self._drop_retired(cursor)
        note_low_water(cursor, self.live, position)
        note_made_by(cursor, self.live, generation)

    def _views(self, cursor: pg.cursor) -> list[View]:
        views = views_on(cursor, [f"{self.live}.{table}" for table in self.tables])
        for view in views:
            if not view.plain:
                raise RebuildNotPossible(self.live, f"{view.schema}.{view.name} is a materialized view of it")
        return views

    def _refuse_if_changed(self, cursor: pg.cursor, views: list[View]) -> None:
        changed = [
            f"{self.live}.{table}"
            for table, before in zip(self.tables, self.shapes, strict=True)
            if shape(cursor, f"{self.live}.{table}") != before
        ]
        if self._views(cursor) != views:
            changed.append("a view")
        if changed:
            raise RebuildNotPossible(self.live, f"changed meanwhile: {', '.join(changed)}; run it again")

    def _move(self, cursor: pg.cursor) -> None:
        live, retired = sql.Identifier(self.live), sql.Identifier(self._retired)
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(retired))
        for name in self.tables:
            table, new = sql.Identifier(self.live, name), sql.Identifier(self.schema, name)
            sequences = owned_sequences(cursor, f"{self.live}.{name}")
            for sequence, _ in sequences:
                cursor.execute(sql.SQL("ALTER SEQUENCE {} OWNED BY NONE").format(sql.SQL(sequence)))
            cursor.execute(sql.SQL("ALTER TABLE {} SET SCHEMA {}").format(table, retired))
            cursor.execute(sql.SQL("ALTER TABLE {} SET SCHEMA {}").format(new, live))
            for sequence, column in sequences:
                owner = sql.Identifier(self.live, name, column)
                cursor.execute(sql.SQL("ALTER SEQUENCE {} OWNED BY {}").format(sql.SQL(sequence), owner))

    def _drop_retired(self, cursor: pg.cursor) -> None:
        try:
            for name in self.tables:
                cursor.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(self._retired, name)))
        except errors.DependentObjectsStillExist as error:
            raise RebuildNotPossible(self.live, error.diag.message_detail or "something depends on it") from error
        for schema in (self._retired, self.schema):
            cursor.execute(sql.SQL("DROP SCHEMA {}").format(sql.Identifier(schema)))


def _qualify_everything(cursor: pg.cursor) -> None:
    """For this transaction definitions are told with all names qualified, and so can be compared and read back."""
    cursor.execute("SET LOCAL search_path = pg_catalog")


def _point_at_new_tables(cursor: pg.cursor, view: View) -> None:
    options = sql.SQL(" WITH ({})").format(sql.SQL(", ".join(view.options))) if view.options else sql.SQL("")
    # Joined, not formatted: a definition may contain braces. It is executed without parameters: it may contain %.
    head = sql.SQL("CREATE OR REPLACE VIEW {}{} AS ").format(view.identifier, options)
    cursor.execute(head + sql.SQL(view.definition))
