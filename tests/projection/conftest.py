from collections.abc import Iterator

import pytest

from shared.platform.database.pool import Database
from tests.projection.toy import SCHEMA, Log, clean_pass, random_events, record


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The owner's connections to a database with the log and the toy's tables."""
    owner = Database(database_url, pool_size=20)
    with owner.transaction() as cursor:
        cursor.execute(SCHEMA)
    yield owner
    owner.close()


@pytest.fixture
def application(database: Database) -> Iterator[Database]:
    """The same as a service sees it."""
    restricted = Database(database.url, role="aduan_app")
    yield restricted
    restricted.close()


@pytest.fixture
def log(database: Database) -> Log:
    """200 events of 9 dossiers are recorded; the tables are empty."""
    events = record(database, *random_events(seed=1, count=200, dossiers=9))
    return Log(events, clean_pass(database, events))
