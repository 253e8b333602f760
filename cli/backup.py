"""``aduan backup``: an embedded installation in one file."""

from pathlib import Path

import click

from cli.folder_copies import CopyFailed, write_folder
from cli.installation import connected, data_option, settings_for
from cli.key_copies import private
from shared.platform.secret import FILE, FORMER_FILE


@click.command()
@data_option
@click.option(
    "--to",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file, in place of an older one; readable by its owner only.",
)
@click.option(
    "--key-to",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Copy the master key, too, to a file that is kept somewhere else.",
)
def command(data: Path | None, to: Path, key_to: Path | None) -> None:
    """Copy an embedded installation into one file, while it runs or stands: database, dossiers' files, letters.

    Neither the master key nor the secrets of providers are in it. See docs/backup.md; `aduan restore` reads it.
    """
    given = settings_for(data)
    if given.embedded and not (given.data_dir / "postgres" / "data").exists():
        raise CopyFailed(f"there is no installation in {given.data_dir}; name its folder with --data")
    with connected(data) as settings:
        if not settings.embedded:
            raise CopyFailed("ADUAN_DATABASE_URL names a database, which is backed up by its own means: docs/backup.md")
        if to.is_dir() or not to.absolute().parent.is_dir():
            raise CopyFailed(f"{to} cannot be written: name a file in a folder that is there")
        if (settings.data_dir / FORMER_FILE).exists():
            raise CopyFailed("the master key is being changed: run `aduan key rotate` to its end, then copy")
        stood = write_folder(settings.data_dir, settings.database_url, to.absolute())
        if key_to is not None:
            with open(key_to, "wb", opener=private) as file:
                file.write((settings.data_dir / FILE).read_bytes())
    click.echo(f"{to} holds the log up to position {stood.position}\ndigest: {stood.position}:{stood.digest}")
    if key_to is None:
        click.echo(f"the master key is not in it: keep a copy of {settings.data_dir / FILE} somewhere else")
