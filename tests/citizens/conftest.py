"""A machine clock that the test moves."""

from datetime import datetime

import pytest

from shared.base.clock import SimulatedClock


@pytest.fixture
def machine() -> SimulatedClock:
    """The machine's clock."""
    return SimulatedClock(datetime.fromisoformat("2026-10-05T08:00:00+07:00"))
