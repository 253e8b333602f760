"""A runtime on a benchmark's database, under a clock that the benchmark moves."""

from datetime import UTC, datetime

from shared.application.bootstrap import bootstrap
from shared.application.runtime import Runtime
from shared.base.clock import SimulatedClock
from shared.platform.secret import new_secret
from shared.platform.settings import Settings

START = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)
"""A Monday, nine o'clock in western Indonesia."""


def runtime_on(database_url: str) -> Runtime:
    """What the services of an installation are given; the keys that it makes are of no use to another runtime."""
    settings = Settings.from_environment(
        {"ADUAN_DATABASE_URL": database_url, "ADUAN_BROKER_URL": "memory://", "ADUAN_MASTER_KEY": new_secret()}
    )
    return bootstrap(settings, clock=SimulatedClock(START))
