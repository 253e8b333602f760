"""Whether a database is what this version's steps make, by their content and not by their numbers alone."""

from collections.abc import Mapping, Sequence

from psycopg2.extensions import cursor

from shared.base.errors import AduanError, Unavailable
from shared.platform.database.pool import Database
from shared.platform.migrations import record
from shared.platform.migrations.record import Column
from shared.platform.migrations.rooms import Room, rooms


class SchemaDiffers(AduanError):
    """The database is not what the steps make, and no step of ours will mend that. Nothing was changed."""

    status = 503


def require_migrated(database: Database, only: Sequence[Room] | None = None) -> None:
    """Make sure that a database can be worked on. Asked by every service before it starts.

    A database that a newer version has brought further is taken: during an upgrade both run.

    :param only: these rooms, for tests; all by default.
    :raises Unavailable: if it cannot be reached, or steps have still to be taken.
    :raises SchemaDiffers: if a step was edited after it was taken, or a column is missing.
    """
    found = rooms() if only is None else list(only)
    with database.autocommit() as own:
        known = record.taken(own) if record.exists(own) else {}
        open_steps = [step.name for room in found for step in room.steps if (room.name, step.number) not in known]
        if open_steps:
            raise Unavailable("database_not_migrated", {"steps": ", ".join(open_steps)})
        require_same(known, found)
        require_columns(own, found)


def require_same(known: Mapping[tuple[str, str], str], found: Sequence[Room]) -> None:
    """Refuse steps that say something else than when they were taken.

    :param known: the hashes of those that were taken, by room and number.
    :raises SchemaDiffers: naming them.
    """
    edited = [
        f"{step.name} ({step.file})"
        for room in found
        for step in room.steps
        if known.get((room.name, step.number), step.sha256) != step.sha256
    ]
    if edited:
        raise SchemaDiffers("migration_edited", {"steps": ", ".join(edited)})


def require_columns(own: cursor, found: Sequence[Room]) -> None:
    """Refuse a database that lacks a column which its steps have made.

    :raises SchemaDiffers: naming each, with the statement that would add it.
    """
    names = [room.name for room in found]
    refuse_lacking(record.lacking(record.noted_columns(own, names), record.columns(own, names)))


def refuse_lacking(lacking: Sequence[Column]) -> None:
    """Say which columns are not there.

    :raises SchemaDiffers: if there is one.
    """
    if lacking:
        raise SchemaDiffers("columns_missing", {"statements": "; ".join(each.sql for each in lacking)})
