"""What a database says of its own history: which steps it took, with which content, and what came of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from psycopg2.extensions import cursor
from psycopg2.extras import execute_values

from shared.platform.migrations.step import MigrationStep

SCHEMA = "migrations"

_TABLES = """
    CREATE SCHEMA IF NOT EXISTS migrations;
    CREATE TABLE IF NOT EXISTS migrations.steps (
        room text NOT NULL,
        number text NOT NULL,
        name text NOT NULL,
        sha256 text NOT NULL,
        taken_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (room, number)
    );
    -- The columns that the steps made: what is missing later was taken away by somebody else.
    CREATE TABLE IF NOT EXISTS migrations.columns (
        room text NOT NULL,
        relation text NOT NULL,
        name text NOT NULL,
        type text NOT NULL,
        PRIMARY KEY (room, relation, name)
    );
"""

_COLUMNS = """
    SELECT n.nspname, c.relname, a.attname,
           format_type(a.atttypid, a.atttypmod) || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum AND a.attgenerated = ''
     WHERE n.nspname = ANY(%s) AND c.relkind IN ('r', 'p')
"""

# They stay in the database: done after each step, to fetch all and send them back took a sixth of making a new one.
_NOTE_COLUMNS = f"INSERT INTO migrations.columns (room, relation, name, type) {_COLUMNS}"


@dataclass(frozen=True, order=True)
class Column:
    """A column of a table.

    :param type: as PostgreSQL writes it, with the default if there is one.
    """

    room: str
    relation: str
    name: str
    type: str

    @property
    def sql(self) -> str:
        """The statement that would add it."""
        return f"ALTER TABLE {self.room}.{self.relation} ADD COLUMN {self.name} {self.type}"


def make_tables(own: cursor) -> None:
    """Make the record's own tables, where they are not there."""
    own.execute(_TABLES)


def exists(own: cursor) -> bool:
    """Whether the database keeps such a record at all."""
    own.execute("SELECT to_regclass('migrations.steps') IS NOT NULL")
    [(there,)] = own.fetchall()
    return bool(there)


def taken(own: cursor) -> dict[tuple[str, str], str]:
    """The hash of every step that was taken, by room and number."""
    own.execute("SELECT room, number, sha256 FROM migrations.steps")
    return {(room, number): sha256 for room, number, sha256 in own.fetchall()}


def note(own: cursor, steps: Iterable[MigrationStep]) -> None:
    """Note steps as taken, with what they say now."""
    execute_values(
        own,
        "INSERT INTO migrations.steps (room, number, name, sha256) VALUES %s",
        [(step.room, step.number, step.file.stem, step.sha256) for step in steps],
    )


def columns(own: cursor, rooms: Sequence[str]) -> set[Column]:
    """The columns that are there."""
    own.execute(_COLUMNS, (list(rooms),))
    return {Column(*row) for row in own.fetchall()}


def note_columns(own: cursor, rooms: Sequence[str]) -> None:
    """Note the columns that are there as those that have to be."""
    own.execute("DELETE FROM migrations.columns WHERE room = ANY(%s)", (list(rooms),))
    own.execute(_NOTE_COLUMNS, (list(rooms),))


def noted_columns(own: cursor, rooms: Sequence[str]) -> set[Column]:
    """The columns that have to be there."""
    own.execute("SELECT room, relation, name, type FROM migrations.columns WHERE room = ANY(%s)", (list(rooms),))
    return {Column(*row) for row in own.fetchall()}


def lacking(needed: Iterable[Column], there: Iterable[Column]) -> list[Column]:
    """The needed columns that are not there, or are of another type. Others may be there beside them."""
    found: Mapping[tuple[str, str, str], str] = {
        (each.room, each.relation, each.name): _bare(each.type) for each in there
    }
    return sorted(each for each in needed if found.get((each.room, each.relation, each.name)) != _bare(each.type))


def _bare(kind: str) -> str:
    return kind.partition(" DEFAULT ")[0]
