"""Each service under a login of its own: it appends what it decides, writes what is its own, and nothing else."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import get_args
from uuid import uuid4

import psycopg2
import pytest
from eventsourcing.persistence import StoredEvent
from psycopg2.errors import InsufficientPrivilege

from shared.application.dossiers.owners import OWNERS
from shared.application.service_roles import give_rights, writers
from shared.base.errors import Unavailable
from shared.domain.dossier.event_name import EventName
from shared.platform.database.pool import APPLICATION_ROLE, Database
from shared.store.eventstore.appending import append
from tests.fixtures.postgres import execute
from tests.tamper.logins import LOGINS, as_login, database_with_logins

WRITTEN = {
    "intake": {"intake", "vault.keys", "identity.erasures"},
    "routing": {"routing", "readings.readings"},
    "sla": {"sla", "eventstore.checkpoints"},
    "notify": {"notify", "citizens.codes"},
    "reporting": {"reporting", "readings.readings"},
    "portal": {"identity", "citizens", "channels", "vault.keys", "readings.readings"},
    "channels": {"channels", "vault.keys"},
}
"""What each may write, a schema or a table, told again by hand."""
EVERYBODYS = {"messaging", "eventstore.relay", "vault.masters"}
_TABLES = """
    SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^(pg_|information_schema)' ORDER BY 1
"""
_MAY = "SELECT bool_or(has_table_privilege(current_user, %s, kind)) FROM unnest(%s::text[]) AS kind"
_FORBIDDEN = (
    "UPDATE eventstore.events SET state = '{}'",
    "DELETE FROM eventstore.events",
    "TRUNCATE eventstore.events",
    "INSERT INTO eventstore.events SELECT * FROM eventstore.events",
    "INSERT INTO eventstore.writers VALUES ('Erased', current_user)",
    "UPDATE eventstore.checkpoints SET document = ''",
    "ALTER TABLE eventstore.events DISABLE TRIGGER ALL",
    "SELECT setval('eventstore.position', 1)",
    "SELECT eventstore.adopt_restored()",
    "SET ROLE aduan_app",
    "UPDATE vault.keys SET wrapped = ''",
    "DELETE FROM migrations.steps",
    "CREATE TABLE eventstore.mine (id int)",
    "CREATE SCHEMA mine",
)


@pytest.fixture(scope="module")
def url(postgres_url: str, migrated_template: str) -> Iterator[str]:
    """One database for all cases."""
    with database_with_logins(postgres_url, migrated_template) as made:
        yield made


@pytest.mark.parametrize("login", LOGINS)
def test_each_login_appends_its_own_types(url: str, login: str) -> None:
    """Every type there is, alone, and none that nobody has heard of."""
    own = {kind for kind in get_args(EventName) if set(LOGINS[login]) & OWNERS[kind]}
    with closing(Database(as_login(url, login))) as database:
        found = set()
        for kind in (*get_args(EventName), "Unheard"):
            with database.transaction() as cursor:
                try:
                    cursor.execute("SAVEPOINT before")
                    cursor.execute("SELECT eventstore.append(%s, 1, %s, '{}')", (str(uuid4()), kind))
                    found.add(kind)
                except InsufficientPrivilege:
                    cursor.execute("ROLLBACK TO before")
    assert own == found


def test_no_other_type_comes_along(url: str) -> None:
    """Neither as the second of several, nor by way of a role that the session sets: none of them is appended."""
    dossier = uuid4()
    with (
        closing(Database(as_login(url, "aduan_sla"))) as database,
        pytest.raises(Exception, match="may not append Answered"),
        database.autocommit() as cursor,
    ):
        append(cursor, [StoredEvent(dossier, 1, "Lapsed", b"{}"), StoredEvent(dossier, 2, "Answered", b"{}")])
    with closing(Database(url)) as owner, owner.autocommit() as cursor:
        cursor.execute("SELECT count(*) FROM eventstore.events WHERE dossier = %s", (str(dossier),))
        assert (0,) == cursor.fetchone()


@pytest.mark.parametrize("login", LOGINS)
def test_each_login_writes_its_own_tables(url: str, login: str) -> None:
    """Of all tables there are."""
    allowed = EVERYBODYS.union(*(WRITTEN[each] for each in LOGINS[login]))
    with closing(psycopg2.connect(as_login(url, login))) as session, session.cursor() as cursor:
        cursor.execute(_TABLES)
        tables = [name for (name,) in cursor.fetchall()]
        written = set()
        for table in tables:
            cursor.execute(_MAY, (table, ["INSERT", "UPDATE", "DELETE", "TRUNCATE"]))
            if cursor.fetchone() == (True,):
                written.add(table)

    assert {each for each in tables if {each, each.partition(".")[0]} & allowed} == written


@pytest.mark.parametrize("login", LOGINS)
def test_password_hashes_are_read_by_who_logs_people_in(url: str, login: str) -> None:
    """Notify knows officers' addresses, and not even the hash of their passwords."""
    with closing(psycopg2.connect(as_login(url, login))) as session, session.cursor() as cursor:
        cursor.execute(
            """
            SELECT has_schema_privilege('identity', 'USAGE')
                   AND has_column_privilege('identity.users', 'password_hash', 'SELECT, INSERT, UPDATE')
            """
        )
        assert ("portal" in LOGINS[login],) == cursor.fetchone()


@pytest.mark.parametrize("login", LOGINS)
def test_nobody_changes_the_log(url: str, login: str) -> None:
    """Nor the table of who may append what, nor any structure, nor acts as the role that may do everything."""
    execute(url, "SELECT eventstore.append(gen_random_uuid(), 1, 'Lapsed', '{}')")
    with closing(psycopg2.connect(as_login(url, login))) as session, session.cursor() as cursor:
        for statement in _FORBIDDEN:
            with pytest.raises((InsufficientPrivilege, psycopg2.errors.RaiseException)):
                cursor.execute(statement)
            session.rollback()


def test_each_acts_as_itself_where_it_may_not_act_for_all(url: str) -> None:
    """A process that is given a login of its own finds out by itself; one with the shared login acts as ever."""
    execute(url, "DROP ROLE IF EXISTS stranger", "CREATE ROLE stranger LOGIN")
    try:
        acting = []
        for login in ("aduan_intake", "aduan_back", "postgres"):
            with (
                closing(Database(as_login(url, login), role=APPLICATION_ROLE)) as database,
                database.autocommit() as cursor,
            ):
                cursor.execute("SELECT current_user")
                acting += cursor.fetchall()
        with (
            closing(Database(as_login(url, "stranger"), role=APPLICATION_ROLE)) as database,
            pytest.raises(Unavailable),
        ):
            database.connect()
    finally:
        execute(url, "DROP ROLE stranger")

    assert [("aduan_intake",), ("aduan_back",), (APPLICATION_ROLE,)] == acting


def test_rights_are_given_once(url: str) -> None:
    """A migration that changes nothing touches nothing; what was given by hand is taken away with the next change."""
    with closing(Database(url)) as owner, owner.autocommit() as cursor:
        assert not give_rights(cursor)
        cursor.execute(
            """
            GRANT DELETE ON routing.inbox TO aduan_sla;
            GRANT ALL ON ALL SEQUENCES IN SCHEMA eventstore TO aduan_sla;
            GRANT CREATE ON SCHEMA routing TO aduan_sla;
            COMMENT ON TABLE eventstore.writers IS ''
            """
        )
        assert give_rights(cursor)
        cursor.execute(
            """
            SELECT has_table_privilege('aduan_sla', 'routing.inbox', 'DELETE'),
                   has_schema_privilege('aduan_sla', 'routing', 'CREATE'),
                   has_sequence_privilege('aduan_sla', 'eventstore.position', 'USAGE, UPDATE')
            """
        )
        assert (False, False, False) == cursor.fetchone()
        cursor.execute("REVOKE ALL ON ALL TABLES IN SCHEMA eventstore FROM aduan_sla")
        assert give_rights(cursor)
        assert not give_rights(cursor)


def test_several_may_give_them_at_once(url: str) -> None:
    """As several processes may migrate: each waits for the other, and all come to the same."""
    execute(url, "COMMENT ON TABLE eventstore.writers IS ''")

    def give(_: int) -> bool:
        with closing(Database(url)) as owner, owner.autocommit() as cursor:
            return give_rights(cursor)

    with ThreadPoolExecutor(4) as pool:
        assert any(pool.map(give, range(4)))
    with closing(Database(url)) as owner, owner.autocommit() as cursor:
        cursor.execute("SELECT type, role FROM eventstore.writers")
        assert writers() == sorted(cursor.fetchall())
