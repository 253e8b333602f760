from collections.abc import Iterator

import pytest

from shared.platform.database.pool import APPLICATION_ROLE, Database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The log as a service sees it."""
    application = Database(database_url, role=APPLICATION_ROLE, pool_size=30)
    yield application
    application.close()


@pytest.fixture
def owner(database_url: str) -> Iterator[Database]:
    """The log as the login sees it that owns it: a superuser here."""
    own = Database(database_url)
    yield own
    own.close()
