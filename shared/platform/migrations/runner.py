"""Brings every room's schema up to date, and gives the services their rights."""

import threading
from collections.abc import Sequence
from contextlib import closing
from typing import Any, cast

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg2.extensions import connection, cursor
from psycopg2.sql import SQL, Identifier
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import StaticPool

from shared.platform.database.pool import APPLICATION_ROLE, Database
from shared.platform.migrations.rooms import Room, rooms

LOG_SCHEMA = "eventstore"
"""The one room whose rights are not given here: its own steps say who may append."""

_LOCK = 0x6164_7561_6E6D  # any constant will do: "aduanm"
_VERSION_TABLE = "alembic_version"
_one_at_a_time = threading.Lock()  # alembic keeps its context in module globals


def migrate(url: str, only: Sequence[Room] | None = None) -> list[str]:
    """Bring all rooms up to date. Several processes may do so at once: the others wait, and find nothing left to do.

    Each step is committed by itself; one that fails leaves the steps before it in place and can be tried again.

    :param url: of a login that owns the database's schemas (never the application role).
    :param only: these rooms, for tests; all by default.
    :returns: the steps that were taken, as ``<room>:<revision>``.
    :raises Unavailable: if the database cannot be reached.
    """
    found = rooms() if only is None else list(only)
    with _one_at_a_time, closing(Database(url, statement_seconds=0).connect()) as session:
        with session.cursor() as own:
            own.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))  # let go when the session is closed
            _make_role(own)
        engine = create_engine("postgresql+psycopg2://", creator=lambda: session, poolclass=StaticPool)
        taken = [step for room in found for step in _bring_up(session, engine, room)]
        session.autocommit = True
        with session.cursor() as own:
            for room in found:
                apply_views(own, room)
            for room in found:
                _grant(own, room)
    return taken


def apply_views(opened: cursor, room: Room) -> None:
    """Make a room's views anew, e.g. after new tables took the place of those that the views stood on."""
    if room.views is not None:
        opened.execute(room.views)


def _bring_up(session: connection, engine: Engine, room: Room) -> list[str]:
    session.autocommit = True
    with session.cursor() as own:
        own.execute(SQL("CREATE SCHEMA IF NOT EXISTS {}").format(Identifier(room.name)))
    session.autocommit = False
    config = Config()
    scripts = ScriptDirectory(str(room.folder))
    taken: list[str] = []

    def note(*, step: Any, **_: Any) -> None:
        taken.extend(f"{room.name}:{revision}" for revision in step.up_revision_ids)

    def to_head(revision: Any, _context: MigrationContext) -> Any:
        return scripts._upgrade_revs("head", revision)  # noqa: SLF001 - as alembic's own `upgrade` command does

    with engine.connect() as bound, EnvironmentContext(config, scripts, fn=to_head) as environment:
        environment.configure(
            connection=bound,
            version_table=_VERSION_TABLE,
            version_table_schema=room.name,
            transaction_per_migration=True,
            on_version_apply=cast("Any", note),  # called by keyword, and `step` is all we need
        )
        try:
            with environment.begin_transaction():
                environment.run_migrations()
        except Exception as error:
            error.add_note(f"while migrating the room {room.name} ({room.folder})")
            raise
    return taken


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
            IF NOT pg_has_role('{APPLICATION_ROLE}', 'SET') THEN
                GRANT {APPLICATION_ROLE} TO CURRENT_USER;
            END IF;
        END $$
        """
    )


def _grant(own: cursor, room: Room) -> None:
    """Let the services work with the rows of a room, and with those of tables that a rebuild will make there."""
    schema, role, version = Identifier(room.name), Identifier(APPLICATION_ROLE), Identifier(_VERSION_TABLE)
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
            REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {schema}.{version} FROM {role};
            """
        ).format(schema=schema, role=role, version=version)
    )


__all__ = ["LOG_SCHEMA", "apply_views", "migrate"]
