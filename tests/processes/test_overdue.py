"""A start after a long sleep: ready at once, while what fell due meanwhile fires in its order behind it."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from benchmarks.complaints import CHANNEL, TENANT
from benchmarks.parts import START
from cli.filling import fillers_for
from cli.migrating import bring_up_to_date
from cli.projections import projection_of
from shared.application.bootstrap import bootstrap
from shared.application.dossiers.codec import decode
from shared.application.folder import SIMULATED, keep_clock
from shared.application.runtime import Runtime
from shared.base.caller import REPORTER, Caller
from shared.base.clock import SimulatedClock
from shared.base.services import SERVICES
from shared.domain.dossier.desk import Cause
from shared.platform.database.embedded_postgres import EmbeddedPostgres, running_url
from shared.platform.database.pool import Database
from shared.platform.settings import Settings
from shared.store.projection.rebuild import rebuild
from tests.fixtures.places import fast_directory
from tests.fixtures.rabbitmq import dying_with_us
from tests.fixtures.waiting import eventually, patience

pytestmark = [pytest.mark.process, pytest.mark.slow]

WAVES = 3
EACH = 300
_WAKES = START + timedelta(days=30)
_OVERDUE = "SELECT count(*) FROM sla.clocks WHERE fire_at < %s"
_BREACHES = """
    SELECT dossier::text, (convert_from(state, 'UTF8')::json ->> 'occurred_at')::timestamptz FROM eventstore.events
     WHERE type = 'ClockBreached' AND convert_from(state, 'UTF8')::json ->> 'target' = 'step' ORDER BY position
"""


@pytest.fixture
def sleeper() -> Iterator[Path]:
    """An installation that was stopped before waves of clocks fell due."""
    data = fast_directory("aduan-overdue") / "data"
    settings = replace(Settings.from_environment({}), data_dir=data)
    settings.master_key  # noqa: B018 - made
    with EmbeddedPostgres(data / "postgres", {"fsync": "off"}) as server:
        url = server.start()
        bring_up_to_date(url)
        runtime = bootstrap(replace(settings, database_url=url), clock=SimulatedClock(START))
        for number in range(WAVES):
            _file(runtime, START + number * timedelta(minutes=20))
        runtime.database.close()
        owner = Database(url)
        for service in SERVICES:
            rebuild(owner, projection_of(service), decode, crew=fillers_for(owner, service))
        owner.close()
    keep_clock(data, SIMULATED, used=False)
    yield data
    shutil.rmtree(data.parent, ignore_errors=True)


def _file(runtime: Runtime, at: datetime) -> None:
    """Complaints that come in at the same time, so that their clocks run out together."""
    assert isinstance(runtime.clock, SimulatedClock)
    runtime.clock.move_to(at)
    caller = Caller(tenant=TENANT, actor=REPORTER, user=CHANNEL)
    own = {"channel": CHANNEL, "privacy": "open"}
    filed = [
        runtime.desk(TENANT).file(
            uuid4(), caller, Cause(correlation_id="test"), {"ticket": f"T-{at:%H%M}-{number}", **own}
        )
        for number in range(EACH)
    ]
    runtime.dossiers("intake").append(filed)


@contextmanager
def _up(data: Path) -> Iterator[Database]:
    command = [sys.executable, "-m", "cli.main", "up", "--port", "0", "--data", str(data)]
    process = subprocess.Popen(
        dying_with_us([*command, "--simulated-clock", _WAKES.isoformat()]), stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("ready ")
        url = running_url(data / "postgres")
        assert url is not None
        database = Database(url, pool_size=1)
        yield database
        database.close()
    finally:
        process.terminate()
        process.communicate(timeout=patience(30))


def test_ready_while_overdue_clocks_fire_behind(sleeper: Path) -> None:
    """Readiness does not wait for a thousand clocks; they fire in the order in which they fell due, each once."""
    with _up(sleeper) as database:
        at_ready = _overdue(database)
        eventually(lambda: _overdue(database) == 0, within=120, what="that nothing is overdue")
        with database.autocommit() as cursor:
            cursor.execute(_BREACHES)
            breaches = cursor.fetchall()

    assert at_ready > 0
    assert WAVES * EACH == len(breaches) == len({dossier for dossier, _ in breaches})
    assert sorted(at for _, at in breaches) == [at for _, at in breaches]


def _overdue(database: Database) -> int:
    with database.autocommit() as cursor:
        cursor.execute(_OVERDUE, (_WAKES,))
        [(count,)] = cursor.fetchall()
    return int(count)
