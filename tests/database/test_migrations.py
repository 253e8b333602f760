import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg2
import pytest

from shared.platform.database.pool import APPLICATION_ROLE, Database
from shared.platform.migrations import Room, apply_views, migrate, rooms
from shared.platform.migrations.rooms import rooms_in
from tests.fixtures.waiting import eventually, patience

ROOT = Path(__file__).resolve().parents[2]


class Rooms:
    """Rooms of this test's own."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def step(self, room: str, number: str, sql: str) -> None:
        """Write down one step."""
        folder = self.root / "services" / room / "migrations" / "versions"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}_step.sql").write_text(sql)

    def views(self, room: str, sql: str) -> None:
        """Write down the views."""
        (self.root / "services" / room / "migrations" / "views.sql").write_text(sql)

    def every_time(self, room: str, sql: str) -> None:
        """What a room runs at every migrate."""
        (self.root / "services" / room / "migrations" / "every_time.sql").write_text(sql)

    @property
    def found(self) -> tuple[Room, ...]:
        """As the runner would find them."""
        return rooms_in(self.root)


@pytest.fixture
def own(tmp_path: Path) -> Rooms:
    """No room yet."""
    return Rooms(tmp_path)


@pytest.fixture
def owner(empty_database_url: str) -> Iterator[Database]:
    """An empty database."""
    database = Database(empty_database_url)
    yield database
    database.close()


def rows(database: Database, statement: str) -> list:
    """What a query gives."""
    with database.autocommit() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def test_all_rooms_in_one_go(empty_database_url: str) -> None:
    """An empty database is brought up to date within moments, the log first; a second time there is nothing to do."""
    started = time.monotonic()
    taken = migrate(empty_database_url)

    assert time.monotonic() - started < patience(30)
    assert ["eventstore", "vault"] == list(dict.fromkeys(step.partition(":")[0] for step in taken))[:2]
    assert {f"{room.name}:0001" for room in rooms()} <= set(taken)
    assert [] == migrate(empty_database_url)


def test_two_at_once(empty_database_url: str) -> None:
    """Of processes that migrate at the same time one takes the steps, and the others find nothing left to do."""
    program = f"from shared.platform.migrations import migrate; print(*migrate({empty_database_url!r}))"
    processes = [
        subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    said = [process.communicate(timeout=patience(60))[0].split() for process in processes]

    assert [0, 0, 0] == [process.returncode for process in processes]
    assert len(rooms()) <= sum(map(len, said))
    assert [0, 0] == [len(steps) for steps in sorted(said)[:2]]


def test_steps_are_taken_in_order(own: Rooms, owner: Database) -> None:
    """A new step is taken where the older ones were, and only it."""
    own.step("toy", "0001", "CREATE TABLE toy.things (id int)")
    assert ["toy:0001"] == migrate(owner.url, own.found)

    own.step("toy", "0002", "ALTER TABLE toy.things ADD name text")
    own.step("toy", "0003", "ALTER TABLE toy.things DROP id")

    assert ["toy:0002", "toy:0003"] == migrate(owner.url, own.found)
    assert [("name",)] == rows(
        owner, "SELECT column_name FROM information_schema.columns WHERE table_schema='toy' AND table_name='things'"
    )


def test_sql_means_what_it_says(own: Rooms, owner: Database) -> None:
    """Colons and percent signs in a step are not taken for parameters."""
    own.step("toy", "0001", "CREATE TABLE toy.texts AS SELECT '100 % :sure %s'::text AS text")

    migrate(owner.url, own.found)

    assert [("100 % :sure %s",)] == rows(owner, "SELECT text FROM toy.texts")


def test_a_failing_step_names_its_room(own: Rooms, owner: Database) -> None:
    """A step that fails leaves nothing of itself, keeps those before it, says where it is, and can be tried again."""
    own.step("first", "0001", "CREATE TABLE first.things (id int)")
    own.step("second", "0001", "CREATE TABLE second.things (id int); SELECT 1/0")
    with pytest.raises(psycopg2.errors.DivisionByZero) as failed:
        migrate(owner.url, own.found)
    assert "second" in failed.value.__notes__[0]

    own.step("second", "0001", "CREATE TABLE second.things (id int)")

    assert ["second:0001"] == migrate(owner.url, own.found)


def test_views_follow_the_tables(own: Rooms, owner: Database) -> None:
    """Views are made anew at every migrate, after all rooms' steps, and by hand after tables changed places."""
    own.step("toy", "0001", "CREATE TABLE toy.things (id int)")
    own.step("zoo", "0001", "CREATE TABLE zoo.animals (id int)")
    own.views("toy", "CREATE OR REPLACE VIEW toy.counts AS SELECT count(*) AS things FROM toy.things, zoo.animals")
    migrate(owner.url, own.found)
    assert [(0,)] == rows(owner, "SELECT things FROM toy.counts")

    own.views("toy", "CREATE OR REPLACE VIEW toy.counts AS SELECT 7::bigint AS things")
    migrate(owner.url, own.found)
    assert [(7,)] == rows(owner, "SELECT things FROM toy.counts")

    with owner.transaction() as cursor:
        cursor.execute("DROP VIEW toy.counts")
        apply_views(cursor, own.found[0])
    assert [(7,)] == rows(owner, "SELECT things FROM toy.counts")


def test_what_is_run_every_time_is_run_every_time(own: Rooms, owner: Database) -> None:
    """Also where there is no step to take and no view is made anew: a copied database says that all of it was done."""
    own.step("toy", "0001", "CREATE TABLE toy.runs (id int)")
    own.every_time("toy", "INSERT INTO toy.runs VALUES (1)")
    for _ in range(3):
        migrate(owner.url, own.found)

    assert [(3,)] == rows(owner, "SELECT count(*) FROM toy.runs")


def test_views_that_are_as_they_were_are_left_alone(own: Rooms, owner: Database) -> None:
    """A migration with nothing to do for them waits for nobody who reads one; what was taken away is made again."""
    own.step("toy", "0001", "CREATE TABLE toy.things (id int)")
    own.views("toy", "CREATE OR REPLACE VIEW toy.counts AS SELECT count(*) AS things FROM toy.things")
    migrate(owner.url, own.found)
    with owner.transaction() as reading:
        reading.execute("SELECT things FROM toy.counts")
        migrate(owner.url, own.found)
    rows(owner, "DROP VIEW toy.counts; SELECT 1")
    migrate(owner.url, own.found)

    assert [(0,)] == rows(owner, "SELECT things FROM toy.counts")


def test_a_step_waits_for_its_lock_and_lets_others_pass(own: Rooms, owner: Database) -> None:
    """While somebody holds a table that is to be changed, others read it; the step is taken when it is free."""
    own.step("toy", "0001", "CREATE TABLE toy.things (id int)")
    migrate(owner.url, own.found)
    own.step("toy", "0002", "ALTER TABLE toy.things ADD more int")
    waiting = "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND relation = 'toy.things'::regclass"
    with ThreadPoolExecutor(1) as pool:
        with owner.transaction() as reading:
            reading.execute("SELECT * FROM toy.things")
            taken = pool.submit(migrate, owner.url, own.found)
            eventually(lambda: [(True,)] == rows(owner, waiting), within=60, every=0.05, what="it waits")
            eventually(lambda: [(False,)] == rows(owner, waiting), within=60, every=0.05, what="it gives way")
        steps = taken.result(120)

    assert ["toy:0002"] == steps


def test_services_get_rows_but_no_structure(own: Rooms, owner: Database) -> None:
    """The application's role works with the rows of every table and view, those made later too, and changes none."""
    own.step("toy", "0001", "CREATE TABLE toy.things (id serial, name text)")
    own.views("toy", "CREATE OR REPLACE VIEW toy.names AS SELECT name FROM toy.things")
    migrate(owner.url, own.found)
    with owner.transaction() as cursor:
        cursor.execute("CREATE TABLE toy.later (id serial, name text)")
    application = Database(owner.url, role=APPLICATION_ROLE)

    for table in ("things", "later"):
        with application.transaction() as cursor:
            cursor.execute(f"INSERT INTO toy.{table} (name) VALUES ('a'), ('b')")
            cursor.execute(f"UPDATE toy.{table} SET name = 'c' WHERE name = 'a'")
            cursor.execute(f"DELETE FROM toy.{table} WHERE name = 'b'")
            cursor.execute(f"SELECT name FROM toy.{table}")
            assert [("c",)] == cursor.fetchall()
    assert [("c",)] == rows(application, "SELECT name FROM toy.names")
    for forbidden in (
        "CREATE TABLE toy.mine (id int)",
        "ALTER TABLE toy.things ADD more int",
        "DROP TABLE toy.things",
        "DELETE FROM migrations.steps",
    ):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            rows(application, forbidden)
    application.close()
