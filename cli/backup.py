"""``aduan backup``: an embedded installation in one file."""

from functools import partial
from pathlib import Path

import click

from cli.folder_copies import CopyFailed, write_folder
from cli.installation import connected, data_option
from cli.outputs import require_replaceable, write_new_secret
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
    require_replaceable(to)
    with connected(data) as settings:
        if not settings.embedded:
            raise CopyFailed("ADUAN_DATABASE_URL names a database, which is backed up by its own means: docs/backup.md")
        if to.is_dir() or not to.absolute().parent.is_dir():
            raise CopyFailed(f"{to} cannot be written: name a file in a folder that is there")
        key = (settings.data_dir / FILE).read_bytes()
        still_fit = partial(_check_key, settings.data_dir, key)
        still_fit()
        if _place_of(to).is_relative_to(settings.data_dir.resolve()) or (key_to and key_to.resolve() == _place_of(to)):
            raise CopyFailed(f"{to} is in what is copied; name a file somewhere else, and another than that of the key")
        lacking = key_to is not None and _lacks(key_to, key)
        stood = write_folder(settings.data_dir, settings.database_url, to.absolute(), still_fit)
        if key_to is not None and lacking:
            _write_key(key_to, key)
    click.echo(f"{to} holds the log up to position {stood.position}\ndigest: {stood.position}:{stood.digest}")
    if key_to is None:
        click.echo(f"the master key is not in it: keep a copy of {settings.data_dir / FILE} somewhere else")


def _check_key(data: Path, key: bytes) -> None:
    """Make sure that what lies in the vault is wrapped by one master key, which is the one that is kept with the copy.

    :raises CopyFailed: if that is being changed, or was changed since it was read.
    """
    if (data / FORMER_FILE).exists() or (data / FILE).read_bytes() != key:
        raise CopyFailed("the master key is being changed: run `aduan key rotate` to its end, then copy")


def _place_of(file: Path) -> Path:
    """Where a file lies that is put in place of another, which may be a link."""
    return file.parent.resolve() / file.name


def _lacks(key_to: Path, key: bytes) -> bool:
    """Whether the key is still to be written there.

    :raises CopyFailed: if another lies there, which may be the only one that opens something else.
    """
    try:
        if key_to.read_bytes() == key:
            return False
    except FileNotFoundError:
        if key_to.absolute().parent.is_dir() and not key_to.is_symlink():
            return True
        raise CopyFailed(f"{key_to} cannot be written: name a file in a folder that is there") from None
    except OSError as error:
        raise CopyFailed(f"{key_to} cannot be read ({error.strerror}); name another file") from error
    raise CopyFailed(f"{key_to} is there already and is another key; nothing was done. Name another file")


def _write_key(key_to: Path, key: bytes) -> None:
    try:
        write_new_secret(key_to, key)
    except OSError as error:
        raise CopyFailed(
            f"the copy is made, and the key could not be written to {key_to} ({error.strerror})"
        ) from error
