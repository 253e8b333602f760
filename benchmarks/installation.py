"""An installation in a directory of its own: played, looked at while nothing else is at work, and started whole."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from benchmarks.pages import TimedDatabase
from cli.migrating import bring_up_to_date
from shared.application.bootstrap import bootstrap
from shared.application.runtime import Runtime
from shared.application.simulation import remembered
from shared.base.clock import SimulatedClock
from shared.platform.database.embedded_postgres import EmbeddedPostgres
from shared.platform.database.pool import APPLICATION_ROLE, Database
from shared.platform.settings import PROJECT, Settings
from tests.fixtures.rabbitmq import dying_with_us
from tests.fixtures.waiting import free_ports, patience

_PLAY_SECONDS: Final = 900.0


@dataclass(frozen=True)
class Started:
    """An installation that runs.

    :param ready: seconds until it was.
    :param pid: of the process that answers; its database server is below it.
    """

    address: str
    ready: float
    pid: int


def settings_in(data_dir: Path) -> Settings:
    """Those of an installation that has everything in one directory."""
    return replace(Settings.from_environment({}), data_dir=data_dir)


def play(settings: Settings, complaints: int) -> None:
    """Play a month through all governments' procedures, as ``aduan demo`` does.

    :param complaints: of each government.
    :raises subprocess.SubprocessError: if that fails or takes too long; its log lies beside the directory.
    """
    arguments = ["demo", "--exit", "--complaints", str(complaints), "--data", str(settings.data_dir)]
    with _log(settings) as told:
        subprocess.run(
            dying_with_us([sys.executable, "-m", "cli.main", *arguments]),
            env=_environment(),
            cwd=PROJECT,
            stdout=told,
            stderr=told,
            timeout=_PLAY_SECONDS,
            check=True,
        )


def instant_of(settings: Settings) -> datetime:
    """Where its simulated clock stands."""
    now = remembered(settings.data_dir)
    assert now is not None
    return now


@contextmanager
def at_rest(settings: Settings) -> Iterator[tuple[Runtime, Database]]:
    """The installation's database, with nothing else at work; as its services see it, and as its owner does."""
    with EmbeddedPostgres(settings.data_dir / "postgres") as server:
        url = server.start()
        bring_up_to_date(url)
        clock = SimulatedClock(instant_of(settings))
        owner = Database(url, statement_seconds=0)
        built = bootstrap(replace(settings, database_url=url), clock=clock, role=APPLICATION_ROLE)
        timed = TimedDatabase(url, role=APPLICATION_ROLE, statement_seconds=0)
        try:
            yield replace(built, database=timed), owner
        finally:
            for each in (built.database, timed, owner):
                each.close()


@contextmanager
def running(settings: Settings) -> Iterator[Started]:
    """Everything running, and ready.

    :raises RuntimeError: if it does not start; its log lies beside the directory.
    """
    [port] = free_ports(1)
    arguments = ["up", "--data", str(settings.data_dir), "--port", str(port)]
    arguments += ["--simulated-clock", instant_of(settings).isoformat()]
    began = time.perf_counter()
    with _log(settings) as log:
        process = subprocess.Popen(
            dying_with_us([sys.executable, "-m", "cli.main", *arguments]),
            env=_environment(),
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line.startswith("ready"):
            raise RuntimeError("the installation has not started, see its log")
        yield Started(line.split()[1], time.perf_counter() - began, process.pid)
    finally:
        process.terminate()
        process.wait(patience(60))


def _log(settings: Settings) -> BinaryIO:
    return settings.data_dir.with_suffix(".log").open("ab")


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ADUAN_")}
    return {**kept, "PYTHONPATH": str(PROJECT)}
