"""Migrations are known by their content: what was edited, taken away or brought further is told, not worked with."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.base.errors import Unavailable
from shared.platform.database.pool import Database
from shared.platform.migrations import SchemaDiffers, migrate, require_migrated, rooms
from tests.database.test_migrations import Rooms, rows

THINGS = "-- Things.\n\nCREATE TABLE toy.things (\n    id int,\n    name text DEFAULT 'x'\n);\n"


@pytest.fixture
def own(tmp_path: Path) -> Rooms:
    """A room of two steps."""
    made = Rooms(tmp_path)
    made.step("toy", "0001", THINGS)
    made.step("toy", "0002", "CREATE TABLE toy.more (id int)")
    return made


@pytest.fixture
def owner(empty_database_url: str) -> Iterator[Database]:
    """An empty database."""
    database = Database(empty_database_url)
    yield database
    database.close()


def _of_before(owner: Database, *, number: str = "0002", things: str = THINGS) -> None:
    """As the version before left it: with its own table of versions, and no record of contents."""
    with owner.transaction() as cursor:
        cursor.execute(f"CREATE SCHEMA toy; {things}; CREATE TABLE toy.more (id int)")
        cursor.execute("CREATE TABLE toy.alembic_version (version_num varchar(32) PRIMARY KEY)")
        cursor.execute("INSERT INTO toy.alembic_version VALUES (%s)", (number,))
        cursor.execute("INSERT INTO toy.things VALUES (1)")


def test_a_migrated_database_is_taken(own: Rooms, owner: Database) -> None:
    """After a migrate the services find nothing to complain of; before it they wait, and say for what."""
    with pytest.raises(Unavailable) as waiting:
        require_migrated(owner, own.found)
    migrate(owner.url, own.found)
    require_migrated(owner, own.found)
    own.step("toy", "0003", "SELECT 1")
    with pytest.raises(Unavailable) as again:
        require_migrated(owner, own.found)

    assert [{"steps": "toy:0001, toy:0002"}, {"steps": "toy:0003"}] == [waiting.value.params, again.value.params]


@pytest.mark.parametrize(
    ("edited", "told"),
    [
        (THINGS.replace("text", "varchar"), True),
        (THINGS.replace("-- Things.", "-- All things."), True),
        (THINGS.replace("\n", "\r\n"), False),
        (f"\n{THINGS}\n\n", False),
        (THINGS.replace("(\n", "(   \n"), False),
    ],
    ids=["a type", "a comment", "line ends", "blank lines around", "blanks at a line's end"],
)
def test_an_edited_step_is_told(own: Rooms, owner: Database, edited: str, told: bool) -> None:
    """A step that says something else than when it was taken stops migrate and start; line ends do not count."""
    migrate(owner.url, own.found)
    own.step("toy", "0001", edited)

    for check in (lambda: migrate(owner.url, own.found), lambda: require_migrated(owner, own.found)):
        if told:
            with pytest.raises(SchemaDiffers) as refused:
                check()
            assert "migration_edited" == refused.value.code
            assert "toy:0001" in str(refused.value.params["steps"])
        else:
            check()


@pytest.mark.parametrize("change", ["DROP COLUMN name", "ALTER COLUMN name TYPE varchar(7)", "RENAME name TO nama"])
def test_a_missing_column_is_told(own: Rooms, owner: Database, change: str) -> None:
    """The column and the statement that adds it; a column of the administrator's own is none of our business."""
    migrate(owner.url, own.found)
    with owner.transaction() as cursor:
        cursor.execute("ALTER TABLE toy.things ADD COLUMN ours int")
    require_migrated(owner, own.found)
    with owner.transaction() as cursor:
        cursor.execute(f"ALTER TABLE toy.things {change}")

    for check in (lambda: migrate(owner.url, own.found), lambda: require_migrated(owner, own.found)):
        with pytest.raises(SchemaDiffers) as refused:
            check()
        assert {"statements": "ALTER TABLE toy.things ADD COLUMN name text DEFAULT 'x'::text"} == refused.value.params


def test_a_step_may_take_a_column_away(own: Rooms, owner: Database) -> None:
    """What a step drops is not missed."""
    migrate(owner.url, own.found)
    own.step("toy", "0003", "ALTER TABLE toy.things DROP COLUMN name; DROP TABLE toy.more")
    migrate(owner.url, own.found)

    require_migrated(owner, own.found)
    assert [] == migrate(owner.url, own.found)


def test_a_newer_database_is_not_changed(own: Rooms, owner: Database) -> None:
    """An older version may go on beside a newer one during an upgrade, but takes no steps on its database."""
    own.step("toy", "0003", "CREATE TABLE toy.newer (id int)")
    migrate(owner.url, own.found)
    next(own.root.rglob("0003_step.sql")).unlink()

    require_migrated(owner, own.found)
    with pytest.raises(SchemaDiffers) as refused:
        migrate(owner.url, own.found)
    assert ("database_newer", {"steps": "toy:0003"}) == (refused.value.code, refused.value.params)


@pytest.mark.parametrize(("number", "left"), [("0002", []), ("0001", ["toy:0002"])])
def test_a_database_of_before_keeps_its_history(own: Rooms, owner: Database, number: str, left: list[str]) -> None:
    """What it took is not taken again, the rest is, its rows stay, and from now on its contents are known."""
    _of_before(owner, number=number)
    if left:
        with owner.transaction() as cursor:
            cursor.execute("DROP TABLE toy.more")

    assert left == migrate(owner.url, own.found)
    assert [(1,)] == rows(owner, "SELECT id FROM toy.things")
    assert [] == migrate(owner.url, own.found)
    own.step("toy", "0001", THINGS.replace("name", "nama"))
    with pytest.raises(SchemaDiffers):
        migrate(owner.url, own.found)


def test_a_database_of_before_that_lacks_a_column(own: Rooms, owner: Database) -> None:
    """A step was edited after this database had taken it: told at the first start, and until the column is there."""
    _of_before(owner, things="CREATE TABLE toy.things (id int)")
    for _ in range(2):
        with pytest.raises(SchemaDiffers) as refused:
            migrate(owner.url, own.found)
        assert "columns_missing" == refused.value.code
    with owner.transaction() as cursor:
        cursor.execute(str(refused.value.params["statements"]))

    assert [] == migrate(owner.url, own.found)
    assert [(1, "x")] == rows(owner, "SELECT * FROM toy.things")


@pytest.mark.parametrize("name", ["0002_again.sql", "3_short.sql", "notes.sql"])
def test_a_history_that_is_not_one(own: Rooms, owner: Database, name: str) -> None:
    """Two steps of one number, or a file that is named like none, are told before anything is taken."""
    (own.root / "services" / "toy" / "migrations" / "versions" / name).write_text("SELECT 1")

    with pytest.raises(ValueError, match=name):
        migrate(owner.url, own.found)


def test_every_step_is_plain_sql_and_says_what_it_is_for() -> None:
    """A database administrator can read all that is ever done to the tables, without running anything."""
    for room in rooms():
        for step in room.steps:
            assert re.match(r"-- \S", step.sql), step.file
            assert ".sql" == step.file.suffix, step.file


def test_landed_steps_are_as_they_were() -> None:
    """A step that an installation may have taken is never edited: its hash is written here too."""
    known = dict(
        line.split()
        for line in (Path(__file__).parent / "landed_steps.txt").read_text(encoding="ascii").splitlines()
        if line
    )
    now = {step.name: step.sha256 for room in rooms() for step in room.steps}

    assert known == {name: now.get(name) for name in known}
