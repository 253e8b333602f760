from collections.abc import Iterator

import pytest

from tests.fixtures.office import Office


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """An installation on Monday, 5 October 2026, eight o'clock."""
    opened = Office(database_url)
    yield opened
    opened.close()
