"""Statements that are planned once."""

from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest
from psycopg2.extensions import connection

from shared.platform.database.pool import Database
from shared.platform.database.prepared import Prepared, preparing

_BELOW = Prepared("notes_below", ("integer", "text[]"), "SELECT note FROM notes WHERE id < %s AND note = ANY(%s)")


@pytest.fixture
def database(empty_database_url: str) -> Iterator[Database]:
    """A database with a table of notes."""
    pool = Database(empty_database_url, pool_size=1)
    with pool.transaction() as cursor:
        cursor.execute("CREATE TABLE notes (id integer, note text); INSERT INTO notes VALUES (1, 'a'), (2, 'b')")
    yield pool
    pool.close()


@pytest.fixture
def own(database: Database) -> Iterator[connection]:
    """A connection that prepares."""
    with closing(preparing(database.connect())) as made:
        yield made


def below(own: connection, number: int) -> list[str]:
    """The notes whose numbers are less."""
    with own.cursor() as cursor:
        _BELOW.ask(cursor, (number, "{a,b,c}"))
        return [note for (note,) in cursor.fetchall()]


def prepared(own: connection) -> list[tuple[str, int, int]]:
    """The session's prepared statements, with how often each was carried out by a plan that was kept, and by others."""
    with own.cursor() as cursor:
        cursor.execute("SELECT name, generic_plans, custom_plans FROM pg_prepared_statements")
        return cursor.fetchall()


def test_a_connection_of_ones_own_prepares_once(own: connection) -> None:
    """Each execution after the first finds it prepared, with its own values."""
    assert [["a"], ["a", "b"]] == [below(own, 2), below(own, 3)]
    assert [("notes_below", 2, 0)] == prepared(own)


def test_what_is_planned_once_is_not_compiled(database: Database) -> None:
    """Not even where a server compiles what it reckons to be dear, as a whole table is here before version 18."""
    with database.autocommit() as cursor:
        cursor.execute(f"ALTER DATABASE {cursor.connection.info.dbname} SET jit = on")
    with closing(preparing(database.connect())) as made, made.cursor() as cursor:
        cursor.execute("SHOW jit")

        assert ("off",) == cursor.fetchone()


def test_a_connection_that_is_lent_to_all_prepares_nothing(database: Database) -> None:
    """Who is lent it next knows nothing of what was prepared on it, nor does a proxy that shares sessions."""
    with database.autocommit() as cursor:
        _BELOW.ask(cursor, (2, "{a,b,c}"))

        assert [("a",)] == cursor.fetchall()
        assert [] == prepared(cursor.connection)


def test_what_was_prepared_outlives_a_transaction_that_was_undone(own: connection) -> None:
    """Neither is it forgotten then, nor prepared twice."""
    own.autocommit = False
    below(own, 3)
    own.rollback()

    assert ["a", "b"] == below(own, 3)


def test_what_could_not_be_prepared_is_prepared_the_next_time(own: connection) -> None:
    """In a transaction that has failed nothing is."""
    own.autocommit = False
    with own.cursor() as cursor, pytest.raises(psycopg2.errors.DivisionByZero):
        cursor.execute("SELECT 1/0")
    with pytest.raises(psycopg2.errors.InFailedSqlTransaction):
        below(own, 3)
    own.rollback()

    assert ["a", "b"] == below(own, 3)


def test_after_a_cut_the_next_connection_prepares_anew(database: Database, own: connection) -> None:
    """A session takes what it has prepared with it."""
    below(own, 3)
    with database.autocommit() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", (own.info.backend_pid,))
    with pytest.raises(psycopg2.OperationalError):
        below(own, 3)

    with closing(preparing(database.connect())) as another:
        assert ["a", "b"] == below(another, 3)


def test_a_table_that_was_exchanged_is_found(database: Database, own: connection) -> None:
    """As a rebuild does it: the name is what was prepared, not the table that bore it."""
    below(own, 3)
    with database.transaction() as cursor:
        cursor.execute("DROP TABLE notes; CREATE TABLE remade (id integer, note text)")
        cursor.execute("INSERT INTO remade VALUES (1, 'c'); ALTER TABLE remade RENAME TO notes")

    assert ["c"] == below(own, 3)


def test_a_column_whose_type_has_changed_is_no_fault(database: Database, own: connection) -> None:
    """The server refuses what was prepared for the former type: it is asked as it is then."""
    below(own, 3)
    with database.autocommit() as cursor:
        cursor.execute("ALTER TABLE notes ALTER COLUMN note TYPE varchar(9)")

    assert [["a", "b"], ["a"]] == [below(own, 3), below(own, 2)]


def test_within_a_transaction_it_is_a_fault_once(database: Database, own: connection) -> None:
    """The transaction has failed, and is begun again by whoever has one."""
    below(own, 3)
    with database.autocommit() as cursor:
        cursor.execute("ALTER TABLE notes ALTER COLUMN note TYPE varchar(9)")
    own.autocommit = False
    with pytest.raises(psycopg2.errors.FeatureNotSupported):
        below(own, 3)
    own.rollback()

    assert ["a", "b"] == below(own, 3)
