"""``aduan restore``: an embedded installation from the file that ``aduan backup`` has made."""

from dataclasses import replace
from pathlib import Path

import click

from cli.folder_copies import CopyFailed, hold_against, read_database, unpacked
from cli.installation import data_option, settings_for
from cli.migrating import bring_up_to_date
from shared.application.bootstrap import bootstrap, require_fit
from shared.platform.database.embedded_postgres import EmbeddedPostgres


@click.command()
@click.argument("copied", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@data_option
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The file of the master key, if it does not lie in the folder already.",
)
def command(copied: Path, data: Path | None, key: Path | None) -> None:
    """Make an embedded installation of COPIED, in a folder that is empty or not there.

    The log is audited and held against what it was when it was copied, and the master key must open what lies there;
    else nothing is left behind.
    """
    settings = settings_for(data)
    if not settings.embedded:
        raise CopyFailed("ADUAN_DATABASE_URL names a database: it is restored by its own means, see docs/backup.md")
    with unpacked(copied, settings.data_dir.absolute(), key) as (folder, copy):
        server = EmbeddedPostgres(folder / "postgres")
        url = server.start()
        try:
            read_database(folder / "postgres", url, copy)
            bring_up_to_date(url)
            runtime = bootstrap(replace(settings, data_dir=folder, database_url=url))
            try:
                require_fit(runtime)
            finally:
                runtime.database.close()
            hold_against(url, copy.stood)
        finally:
            server.stop()
    click.echo(f"{settings.data_dir} holds the log up to position {copy.stood.position}, as it was copied")
