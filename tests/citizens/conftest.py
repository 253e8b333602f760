"""An installation whose machine clock the test moves."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from shared.base.clock import SimulatedClock
from tests.fixtures.office import Office


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """An installation."""
    opened = Office(database_url)
    yield opened
    opened.close()


@pytest.fixture
def machine() -> SimulatedClock:
    """The machine's clock."""
    return SimulatedClock(datetime.fromisoformat("2026-10-05T08:00:00+07:00"))
