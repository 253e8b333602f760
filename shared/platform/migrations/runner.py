"""Brings every room's schema up to date, and gives the services their rights."""

import hashlib
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial

from psycopg2.errors import DeadlockDetected, LockNotAvailable
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
_LOCK_TIMEOUT = "2s"
"""How long any one lock is waited for: whoever comes later waits behind it, and the log's readers for its end."""
_LOCK_PATIENCE_SECONDS = 600.0
_PAUSE_SECONDS = 0.5
_MARK = "\nviews: "
_VIEWS_STAND = """
    SELECT coalesce(obj_description(n.oid, 'pg_namespace'), ''),
           concat(n.nspacl,
                  (SELECT string_agg(concat(relname, relacl, pg_get_viewdef(oid)), ' ' ORDER BY relname)
                     FROM pg_class WHERE relnamespace = n.oid AND relkind = 'v'),
                  (SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles WHERE rolname ~ '^aduan_'))
      FROM pg_namespace n WHERE n.nspname = %s
"""
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
        own.execute("SELECT set_config('lock_timeout', %s, false)", (_LOCK_TIMEOUT,))
        steps = [step for room in found for step in _take_steps(session, room, known)]
        for room in found:
            _patiently(partial(_follow, own, room), session)
        for room in found:
            _grant(own, room)
        for room in found:
            _note_views(own, room)
        _grant_record(own)
    return [step.name for step in steps]


def apply_views(opened: cursor, room: Room) -> None:
    """Make a room's views anew, e.g. after new tables took the place of those that the views stood on."""
    if room.views is not None:
        opened.execute(room.views)


def _follow(opened: cursor, room: Room) -> None:
    """Run what a room runs every time, and make its views anew if anything about them is not as it was left: that keeps
    out whoever reads them.
    """
    if room.every_time is not None:
        opened.execute(room.every_time)
    if room.views is None:
        return
    _, kept, stands = _views_stand(opened, room)
    if kept != stands:
        apply_views(opened, room)


def _note_views(opened: cursor, room: Room) -> None:
    """Remember how a room's views stand, after rights were given, at the end of what is said of its schema."""
    if room.views is None:
        return
    said, kept, stands = _views_stand(opened, room)
    if kept != stands:
        opened.execute(SQL("COMMENT ON SCHEMA {} IS %s").format(Identifier(room.name)), (f"{said}{_MARK}{stands}",))


def _views_stand(opened: cursor, room: Room) -> tuple[str, str, str]:
    """What is said of the schema, the mark that was left, and the one of how its views stand now: their file, they
    themselves, their rights, and who there is to be given some.
    """
    opened.execute(_VIEWS_STAND, (room.name,))
    [(comment, stands)] = opened.fetchall()
    said, _, kept = comment.partition(_MARK)
    return said, kept, hashlib.sha256(f"{room.views}\n{stands}".encode()).hexdigest()


def _patiently(work: Callable[[], None], session: connection) -> None:
    """Do it as soon as the locks are free, without keeping others waiting behind it for longer than a moment.

    :raises psycopg2.errors.LockNotAvailable: if somebody keeps one for all of the patience.
    """
    until = time.monotonic() + _LOCK_PATIENCE_SECONDS
    while True:
        try:
            return work()
        except (LockNotAvailable, DeadlockDetected):
            session.rollback()
            if time.monotonic() > until:
                raise
        time.sleep(_PAUSE_SECONDS)


def _take_steps(session: connection, room: Room, known: dict[tuple[str, str], str]) -> list[MigrationStep]:
    with session.cursor() as own:
        own.execute(SQL("CREATE SCHEMA IF NOT EXISTS {}").format(Identifier(room.name)))
    left = [step for step in room.steps if (room.name, step.number) not in known]
    for step in left:
        session.autocommit = False
        try:
            _patiently(partial(_take, session, room, step), session)
        except Exception as error:
            session.rollback()
            error.add_note(f"while taking the step {step.name} ({step.file})")
            raise
        finally:
            session.autocommit = True
    return left


def _take(session: connection, room: Room, step: MigrationStep) -> None:
    with session.cursor() as own:
        own.execute(step.sql)
        record.note(own, [step])
        record.note_columns(own, [room.name])
    session.commit()


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
