from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from shared.application.bootstrap import bootstrap
from shared.application.runtime import Runtime
from shared.base.clock import SimulatedClock
from shared.base.randomness import SeededRandomness
from shared.platform.secret import new_secret
from shared.platform.settings import Settings


@pytest.fixture
def runtime(database_url: str, tmp_path: Path) -> Iterator[Runtime]:
    """A runtime on a fresh database, on the last day of 2026."""
    settings = Settings(
        database_url=database_url,
        broker_url="memory://",
        given_master_key=new_secret(SeededRandomness("master")),
        data_dir=tmp_path,
        embedded=False,
    )
    opened = bootstrap(settings, clock=SimulatedClock(datetime.fromisoformat("2026-12-31T09:00:00+07:00")))
    yield opened
    opened.database.close()
