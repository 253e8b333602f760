"""Where a command finds the installation: the database named by the environment, or the embedded one of a directory."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from cli.migrating import bring_up_to_date
from shared.application.bootstrap import bootstrap, require_fit
from shared.application.runtime import Runtime
from shared.application.simulation import remembered
from shared.base.clock import Clock, SimulatedClock
from shared.platform.database.embedded_postgres import EmbeddedPostgres
from shared.platform.database.pool import APPLICATION_ROLE
from shared.platform.settings import Settings

data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Directory of an embedded installation; .aduan if nothing is set.",
)


def settings_for(data: Path | None) -> Settings:
    """The configuration, with the data directory as given on the command line.

    :raises SettingsError: naming every variable at fault.
    """
    settings = Settings.from_environment(os.environ)
    return replace(settings, data_dir=data) if data is not None else settings


@contextmanager
def connected(data: Path | None) -> Iterator[Settings]:
    """Settings with a database to connect to; the embedded one is started, or joined if it runs, and left."""
    settings = settings_for(data)
    if not settings.embedded:
        yield settings
        return
    settings.master_key  # noqa: B018 - made, or found missing, before there is a database that needs it
    server = EmbeddedPostgres(settings.data_dir / "postgres")
    url = server.start()
    try:
        bring_up_to_date(url)
        yield replace(settings, database_url=url)
    finally:
        server.stop()


@contextmanager
def running(
    data: Path | None, *, clock: Clock | None = None, owner: bool = False, admit: bool = True
) -> Iterator[Runtime]:
    """A runtime on the installation, closed afterwards.

    :param clock: the machine's unless given, or the simulated one where the installation's stands.
    :param owner: for commands that change structure: act as the login itself instead of the application role.
    :param admit: whether the database is asked now if it can be used; who does not want it so asks later.
    :raises AduanError: as :func:`~shared.application.bootstrap.require_fit` says.
    """
    at = remembered(settings_for(data).data_dir) if clock is None else None
    with connected(data) as settings:
        at = at if settings.embedded else None
        runtime = bootstrap(
            settings, clock=SimulatedClock(at) if at else clock, role=None if owner else APPLICATION_ROLE
        )
        try:
            if admit:
                require_fit(runtime)
            yield runtime
        finally:
            runtime.database.close()
