"""Where the installation lies that is looked at, and how its database is reached without changing anything."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import psutil

from cli.doctoring.line import Diagnosis, Measures, failed, well
from cli.installation import require_there
from shared.application.folder import user_of
from shared.application.simulation import remembered
from shared.base.clock import SystemClock
from shared.platform.database.embedded_postgres import EmbeddedPostgres
from shared.platform.secret import check_secret
from shared.platform.settings import Settings


@dataclass(frozen=True)
class Installed:
    """An installation.

    :param settings: with a database to connect to.
    :param runs: whether the process of an embedded one is there; None where processes may be anywhere.
    :param now: the present instant, as its clock has it.
    :param measures: by what it is judged.
    """

    settings: Settings
    runs: bool | None
    now: datetime
    measures: Measures

    @property
    def stopped(self) -> bool:
        """Whether it is embedded, and nobody is meant to work just now: then what waits is no fault."""
        return self.runs is False


@contextmanager
def installed(settings: Settings, measures: Measures) -> Iterator[Installed]:
    """The installation, with its database reachable; an embedded server is joined, or started for the block.

    Nothing is made: neither a directory nor a key nor a table.

    :raises NothingThere: if the data directory holds no installation.
    :raises SettingsError: if its key is lost or damaged.
    :raises EmbeddedPostgresError: if its server does not come up.
    """
    if not settings.embedded:
        yield Installed(settings, None, SystemClock().now(), measures)
        return
    require_there(settings.data_dir)
    check_secret(settings.master_key)  # found missing before there is a database that needs it
    now = remembered(settings.data_dir) or SystemClock().now()
    runs = _runs(settings.data_dir)
    with EmbeddedPostgres(settings.data_dir / "postgres") as server:
        yield Installed(replace(settings, database_url=server.start()), runs, now, measures)


def told_of(settings: Settings) -> Diagnosis:
    """Which installation it is."""
    if not settings.embedded:
        return well("settings", "accepted; database and broker are named by the environment")
    return well("settings", f"accepted; embedded in {settings.data_dir}")


def told_whether_it_runs(found: Installed) -> Diagnosis | None:
    """Whether an embedded installation runs; nothing of another, whose processes may be anywhere."""
    if found.runs is None:
        return None
    words = "running" if found.runs else "stopped: what waits is not counted as a fault"
    return well("process", words)


def settings_faults(faults: list[str]) -> Iterator[Diagnosis]:
    """What is wrong with the configuration."""
    for fault in faults:
        yield failed("settings", fault, "see docs/configuration.md, mend it, and look again")


def _runs(data: Path) -> bool:
    pid = user_of(data)
    return pid is not None and psutil.pid_exists(pid)
