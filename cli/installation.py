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


class NothingThere(click.ClickException):
    """There is no installation to be looked at.

    :param data: the folder where it was looked for.
    """

    def __init__(self, data: Path) -> None:
        self.found = f"{data} holds no installation"
        super().__init__(f"{self.found}: name its folder by --data; `aduan up` makes a new one")


def require_there(data: Path) -> None:
    """Refuse a folder in which no embedded installation was ever started: a mistyped one does not become one.

    :raises NothingThere: if that is so, or it cannot be looked into.
    """
    made = data / "postgres" / "data" / "PG_VERSION"
    try:
        there = made.exists()
    except OSError:
        there = False
    if not there:
        raise NothingThere(data)


def settings_for(data: Path | None) -> Settings:
    """The configuration, with the data directory as given on the command line.

    :raises SettingsError: naming every variable at fault.
    """
    settings = Settings.from_environment(os.environ)
    return replace(settings, data_dir=data.absolute()) if data is not None else settings


def settings_with_key(data: Path | None) -> Settings:
    """The configuration, for a command that needs the installation's master key and nothing else of it.

    :raises NothingThere: if the key would be an embedded installation's, and there is none.
    """
    settings = settings_for(data)
    if settings.embedded and settings.has_master_key and not settings.given_master_key:
        require_there(settings.data_dir)
    return settings


@contextmanager
def connected(data: Path | None, *, new: bool = False) -> Iterator[Settings]:
    """Settings with a database to connect to; the embedded one is started, or joined if it runs, and left.

    :param new: for commands with which an installation may begin: an embedded one that is not there is made.
    :raises NothingThere: if there is none, and none is to be made.
    """
    settings = settings_for(data)
    if not settings.embedded:
        yield settings
        return
    if not new:
        require_there(settings.data_dir)
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
    data: Path | None, *, clock: Clock | None = None, owner: bool = False, admit: bool = True, new: bool = False
) -> Iterator[Runtime]:
    """A runtime on the installation, closed afterwards.

    :param clock: the machine's unless given, or the simulated one where the installation's stands.
    :param owner: for commands that change structure: act as the login itself instead of the application role.
    :param admit: whether the database is asked now if it can be used; who does not want it so asks later.
    :param new: as for :func:`connected`.
    :raises AduanError: as :func:`~shared.application.bootstrap.require_fit` says.
    :raises NothingThere: as for :func:`connected`.
    """
    at = remembered(settings_for(data).data_dir) if clock is None else None
    with connected(data, new=new) as settings:
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
