from collections.abc import Iterator

import pytest

from tests.fixtures.office import Office


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """An installation on a Monday morning."""
    opened = Office(database_url)
    yield opened
    opened.close()
