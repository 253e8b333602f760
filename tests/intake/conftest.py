"""An installation for each test."""

from collections.abc import Iterator

import pytest

from tests.fixtures.office import Office


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """The services' own commands on a real database."""
    opened = Office(database_url)
    yield opened
    opened.close()
