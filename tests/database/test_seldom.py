"""What everybody asks for again and again, and a table says: never a reason to wait for one another."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from shared.platform.database.pool import Database
from shared.platform.database.seldom import Seldom


@pytest.fixture
def database(empty_database_url: str) -> Iterator[Database]:
    """A pool of two connections."""
    pool = Database(empty_database_url, pool_size=2)
    yield pool
    pool.close()


def _count(database: Database, _name: str, before: int | None) -> int:
    with database.autocommit() as cursor:
        cursor.execute("SELECT %s + 1", (before or 0,))
        [(found,)] = cursor.fetchall()
        return int(found)


def test_whoever_holds_a_connection_never_waits_for_others_who_want_one_more(database: Database) -> None:
    """All connections are in transactions that ask at the same moment: one looks, the other has what was known."""
    counted, together = Seldom(_count, 0.0), Barrier(2)
    counted.of(database)

    def ask(_number: int) -> int:
        with database.transaction() as cursor:
            cursor.execute("SELECT 1")
            together.wait(60)
            return counted.of(database)

    with ThreadPoolExecutor(2) as several:
        found = sorted(several.map(ask, range(2)))

    assert [2, 3] == found


def test_what_was_changed_is_looked_for_by_the_next(database: Database) -> None:
    """What was on its way by then is not kept; each name has its own answer."""
    while_looking: list[str] = []

    def look(at: Database, name: str, before: int | None) -> int:
        found = _count(at, name, before)
        if name in while_looking:
            while_looking.remove(name)
            counted.doubt(at, name)
        return found

    counted = Seldom(look, 3600.0)
    kept = [counted.of(database, "a"), counted.of(database, "a"), counted.of(database, "b")]
    counted.doubt(database, "a")
    while_looking.append("a")
    changed = [counted.of(database, each) for each in ("a", "a", "a", "b")]

    assert [1, 1, 1] == kept
    assert [2, 2, 2, 1] == changed
    assert not while_looking
