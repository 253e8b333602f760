"""One installation for all journeys: each test walks with complaints of its own."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journey.installation import ADMIN, START, Api, up


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """``aduan up`` on a simulated clock."""
    data: Path = tmp_path_factory.mktemp("journey") / "data"
    with up(data, "--simulated-clock", START) as api:
        yield api


@pytest.fixture
def api(installed: Api) -> Api:
    """The installation on the morning of a fresh Monday, so that no test depends on where another left the clock."""
    from datetime import datetime

    now = datetime.fromisoformat(installed.ok("GET", "/clock")["now"])
    days = (7 - now.weekday()) % 7 or 7
    monday = (now + timedelta(days=days)).replace(hour=8, minute=0, second=0, microsecond=0)
    installed.ok("POST", "/clock", ADMIN, json={"to": monday.isoformat()})
    return installed
