"""``aduan secret``: make a master key, or tell the one key of it that a process needs which opens nothing."""

import base64
import os
from pathlib import Path

import click

from cli.installation import settings_with_key
from shared.platform.secret import new_secret


@click.command()
@click.option("--calls", is_flag=True, help="Instead ADUAN_CALLS_KEY, which follows from ADUAN_MASTER_KEY.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="A file instead of the terminal.")
def command(*, calls: bool, output: Path | None) -> None:
    """Print a new master key for ADUAN_MASTER_KEY. Keep it apart from the database: without it nothing can be read.

    With --calls, print what a process needs in its place that opens nothing: it cannot be turned back. While the master
    key is changed, one for each master key that is set.
    """
    text = _calls_keys() if calls else new_secret()
    if output is None:
        click.echo(text)
    elif calls:
        draft = output.with_name(f"{output.name}.new")
        draft.unlink(missing_ok=True)
        _write(draft, text, 0o444)  # for a process of another user than its own
        draft.replace(output)
    else:
        try:
            _write(output, text, 0o400)
        except FileExistsError:
            raise click.ClickException(
                f"{output} is there already; without the key in it nothing could be read any more"
            ) from None


def _calls_keys() -> str:
    return " ".join(base64.b64encode(each).decode() for each in settings_with_key(None).calls_keys)


def _write(file: Path, text: str, mode: int) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="ascii") as opened:
        opened.write(f"{text}\n")
