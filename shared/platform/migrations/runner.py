"""Brings every room's schema up to date, and gives the services their rights."""

from collections.abc import Sequence
from contextlib import closing

from psycopg2.extensions import connection, cursor
from psycopg2.sql import SQL, Identifier

from shared.platform.database.locks import Lock, wait_to_hold
from shared.platform.database.pool import APPLICATION_ROLE, Database
from shared.platform.migrations import record
from shared.platform.migrations.adopting import adopt
from shared.platform.migrations.checking import SchemaDiffers, require_columns, require_same
from shared.platform.migrations.rooms import Room, rooms
from shared.platform.migrations.step import MigrationStep

_MAY_BECOME = "CASE WHEN current_setting('server_version_num')::integer < 160000 THEN 'MEMBER' ELSE 'SET' END"
LOG_SCHEMA = "eventstore"
"""The one room whose rights are not given here: its own steps say who may append."""


def migrate(url: str, only: Sequence[Room] | None = None) -> list[str]:
    """Bring all rooms up to date. Several processes may do so at once: the others wait, and find nothing left to do.

    Each step is committed by itself; one that fails leaves the steps before it in place and can be tried again.

    :param url: of a login that owns the database's schemas (never the application role).
    :param only: these rooms, for tests; all by default.
    :returns: the steps that were taken, as ``<room>:<number>``.
    :raises Unavailable: if the database cannot be reached.
    :raises SchemaDiffers: if a step was edited after it was taken, a column is missing, or a newer version was here.
    """
    found = rooms() if only is None else list(only)
    with closing(Database(url, statement_seconds=0).connect()) as session, session.cursor() as own:
        wait_to_hold(own, Lock.MIGRATING, "all rooms")  # let go when the session is closed
        _make_role(own)
        record.make_tables(own)
        adopt(session, found, {room for room, _ in record.taken(own)})
        known = record.taken(own)
        require_same(known, found)
        _refuse_newer(known, found)
        require_columns(own, found)
        steps = [step for room in found for step in _take_steps(session, room, known)]
        for room in found:
            apply_views(own, room)
        for room in found:
            _grant(own, room)
        _grant_record(own)
    return [step.name for step in steps]


def apply_views(opened: cursor, room: Room) -> None:
    """Make a room's views anew, e.g. after new tables took the place of those that the views stood on."""
    if room.views is not None:
        opened.execute(room.views)


def _take_steps(session: connection, room: Room, known: dict[tuple[str, str], str]) -> list[MigrationStep]:
    with session.cursor() as own:
        own.execute(SQL("CREATE SCHEMA IF NOT EXISTS {}").format(Identifier(room.name)))
    left = [step for step in room.steps if (room.name, step.number) not in known]
    for step in left:
        session.autocommit = False
        try:
            with session.cursor() as own:
                own.execute(step.sql)
                record.note(own, [step])
                record.note_columns(own, [room.name])
            session.commit()
        except Exception as error:
            session.rollback()
            error.add_note(f"while taking the step {step.name} ({step.file})")
            raise
        finally:
            session.autocommit = True
    return left


def _refuse_newer(known: dict[tuple[str, str], str], found: Sequence[Room]) -> None:
    ours = {(room.name, step.number) for room in found for step in room.steps}
    names = {room.name for room in found}
    newer = sorted(f"{room}:{number}" for room, number in known if room in names and (room, number) not in ours)
    if newer:
        raise SchemaDiffers("database_newer", {"steps": ", ".join(newer)})


def _make_role(own: cursor) -> None:
    """The application role, which all databases of a server share; another database may be making it right now."""
    own.execute(
        f"""
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APPLICATION_ROLE}') THEN
                BEGIN
                    CREATE ROLE {APPLICATION_ROLE} NOLOGIN;
                EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
                END;
            END IF;
            IF NOT pg_has_role('{APPLICATION_ROLE}', {_MAY_BECOME}) THEN
                GRANT {APPLICATION_ROLE} TO CURRENT_USER;
            END IF;
        END $$
        """
    )


def _grant(own: cursor, room: Room) -> None:
    """Let the services work with the rows of a room, and with those of tables that a rebuild will make there."""
    schema, role = Identifier(room.name), Identifier(APPLICATION_ROLE)
    own.execute(SQL("GRANT USAGE ON SCHEMA {schema} TO {role}").format(schema=schema, role=role))
    if room.name == LOG_SCHEMA:
        return
    own.execute(
        SQL(
            """
            GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA {schema} TO {role};
            GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA {schema} TO {role};
            ALTER DEFAULT PRIVILEGES IN SCHEMA {schema}
                GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON TABLES TO {role};
            ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {role};
            """
        ).format(schema=schema, role=role)
    )


def _grant_record(own: cursor) -> None:
    """Let the services see whether their tables are up to date."""
    schema, role = Identifier(record.SCHEMA), Identifier(APPLICATION_ROLE)
    own.execute(
        SQL("GRANT USAGE ON SCHEMA {schema} TO {role}; GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}").format(
            schema=schema, role=role
        )
    )


__all__ = ["LOG_SCHEMA", "apply_views", "migrate"]
