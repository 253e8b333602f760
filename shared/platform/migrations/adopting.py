"""A database that was made before the record of steps was kept: what it took is known by numbers only.

Its rooms hold a table ``alembic_version`` with the number of the last step. Before its history is taken over as it is
written down today, what is there is held against what these steps make: a step that was edited meanwhile shows.
"""

from collections.abc import Sequence

from psycopg2.extensions import connection, cursor
from psycopg2.sql import SQL, Identifier

from shared.platform.migrations import record
from shared.platform.migrations.checking import refuse_lacking
from shared.platform.migrations.record import Column
from shared.platform.migrations.rooms import Room
from shared.platform.migrations.step import MigrationStep

_VERSION_TABLE = "alembic_version"
_ASIDE = "_as_it_is"


def adopt(session: connection, found: Sequence[Room], known: set[str]) -> None:
    """Take over the history of rooms that are not in the record, if they have one.

    :param session: in autocommit.
    :param known: the rooms that are in the record.
    :raises SchemaDiffers: if a column is missing that the steps make; nothing is taken over then.
    """
    with session.cursor() as own:
        steps = {room.name: _steps(own, room) for room in found if room.name not in known}
        steps = {name: taken for name, taken in steps.items() if taken}
        if not steps:
            return
        there = record.columns(own, list(steps))
    made = _rehearse(session, found, steps)
    refuse_lacking(record.lacking(made, there))
    with session.cursor() as own:
        for taken in steps.values():
            record.note(own, taken)
        record.note_columns(own, list(steps))


def _steps(own: cursor, room: Room) -> tuple[MigrationStep, ...]:
    own.execute("SELECT to_regclass(%s)", (f"{room.name}.{_VERSION_TABLE}",))
    if own.fetchone() == (None,):
        return ()
    own.execute(SQL("SELECT version_num FROM {}.{}").format(Identifier(room.name), Identifier(_VERSION_TABLE)))
    row = own.fetchone()
    return tuple(step for step in room.steps if row is not None and step.number <= row[0])


def _rehearse(session: connection, found: Sequence[Room], steps: dict[str, tuple[MigrationStep, ...]]) -> set[Column]:
    """The columns that these steps make: taken beside the real ones, in a transaction that is rolled back."""
    session.autocommit = False
    try:
        with session.cursor() as own:
            for room in found:
                if room.name in steps:
                    name, aside = Identifier(room.name), Identifier(room.name + _ASIDE)
                    own.execute(SQL("ALTER SCHEMA {} RENAME TO {}; CREATE SCHEMA {}").format(name, aside, name))
            for room in found:
                for step in steps.get(room.name, ()):
                    own.execute(step.sql)
            return record.columns(own, list(steps))
    finally:
        session.rollback()
        session.autocommit = True
