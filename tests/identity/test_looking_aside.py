"""What administrators changed in the browser is looked up in the middle of anything, also by who holds a connection."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from shared.application.calendar_drafts import decreed_in
from shared.application.identity.offices import reached_in
from shared.application.letter_words import edited
from shared.application.procedure_drafts import approved_in
from shared.base.clock import SystemClock
from shared.base.errors import Unavailable
from shared.platform.database.pool import Database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """With a pool of a single connection, which nobody waits for in vain for long."""
    with closing(Database(database_url, pool_size=1, wait_seconds=0.2)) as made:
        yield made


@pytest.mark.parametrize(
    "look",
    [
        lambda database: decreed_in(database)("bantul"),
        lambda database: tuple(reached_in(database)("bantul")),
        lambda database: edited(database, "bantul"),
        lambda database: approved_in(database, SystemClock())("bantul").approved,
    ],
    ids=["decrees", "contacts", "letters", "procedures"],
)
def test_who_holds_the_last_connection_is_told(database: Database, look: Callable[[Database], Any]) -> None:
    """A projection in its transaction, a recap in its snapshot: else all would wait for one another."""
    with database.transaction() as cursor:
        cursor.execute("SELECT 1")

        assert () == look(database)


def test_the_connection_apart_ends_with_the_others(database: Database) -> None:
    """Whoever closes the database leaves nothing behind, and gets nothing any more."""
    with database.aside.autocommit() as cursor:
        apart = cursor.connection
    database.close()

    assert apart.closed
    with pytest.raises(Unavailable), database.aside.autocommit():
        pass
