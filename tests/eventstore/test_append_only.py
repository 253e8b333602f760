from uuid import uuid4

import psycopg2
import pytest

from shared.platform.database.pool import Database
from shared.store.eventstore.appending import append
from tests.eventstore.making import append_now, filled, made

CHANGES = [
    "UPDATE eventstore.events SET state = '{}'",
    "DELETE FROM eventstore.events",
    "TRUNCATE eventstore.events",
]
FORBIDDEN = [
    *CHANGES,
    "INSERT INTO eventstore.events SELECT * FROM eventstore.events",
    "SELECT nextval('eventstore.position')",
    "SELECT setval('eventstore.position', 1)",
    "ALTER TABLE eventstore.events DISABLE TRIGGER ALL",
    "DROP TABLE eventstore.events",
    "SELECT eventstore.adopt_restored()",
    "CREATE TABLE eventstore.mine (id int)",
    "CREATE OR REPLACE FUNCTION eventstore.refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "SET session_replication_role = replica",
    "DELETE FROM migrations.steps",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_application_cannot_touch_the_log(database: Database, statement: str) -> None:
    """The application's role may append by the function and read, and nothing else."""
    append_now(database, made(uuid4()))

    with pytest.raises(psycopg2.errors.InsufficientPrivilege), database.transaction() as cursor:
        cursor.execute(statement)

    assert [2] == append_now(database, made(uuid4()))


@pytest.mark.parametrize("replica", [False, True])
@pytest.mark.parametrize("statement", CHANGES)
def test_owners_are_refused_too(owner: Database, statement: str, replica: bool) -> None:
    """Even the owner is refused, in a session that switches ordinary triggers off as well."""
    filled(owner, dossiers=2, events=2)

    prelude = "SET LOCAL session_replication_role = replica;" if replica else ""
    with pytest.raises(psycopg2.DatabaseError, match="append-only"), owner.transaction() as cursor:
        cursor.execute(prelude + statement)


def test_the_function_trusts_no_search_path(database: Database, owner: Database) -> None:
    """What a caller puts before the system's own functions in its search path does not get into the append."""
    with owner.autocommit() as cursor:
        cursor.execute("CREATE SCHEMA trap; GRANT USAGE ON SCHEMA trap TO aduan_app")
        cursor.execute("CREATE FUNCTION trap.nextval(regclass) RETURNS bigint LANGUAGE sql RETURN 666")

    with database.transaction() as cursor:
        cursor.execute("SET LOCAL search_path = trap, pg_catalog")
        cursor.execute("SELECT nextval('eventstore.relay')")
        assert (666,) == cursor.fetchone()
        assert [1] == append(cursor, made(uuid4()))
