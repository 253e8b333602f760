"""One installation for all journeys: each test walks with complaints of its own."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from shared.domain.all_tenants import Tenants
from shared.platform.settings import PROJECT
from tests.journey.installation import ADMIN, START, Api, up


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """``aduan up`` on a simulated clock."""
    data: Path = tmp_path_factory.mktemp("journey") / "data"
    with up(data, "--simulated-clock", START) as api:
        yield api


@pytest.fixture
def api(installed: Api) -> Api:
    """The installation on the morning of a fresh working Monday: no test depends on where another left the clock."""
    calendar = Tenants(PROJECT / "tenants").get("cilacap").calendar
    now = datetime.fromisoformat(installed.ok("GET", "/clock")["now"]).astimezone(calendar.zone)
    monday = now + timedelta(days=7 - now.weekday())
    while not calendar.is_working_day(monday.date()):
        monday += timedelta(days=7)
    installed.ok("POST", "/clock", ADMIN, json={"to": monday.replace(hour=8, minute=0, second=0).isoformat()})
    return installed
