"""``aduan asyncapi``: the messages on both exchanges, described for programs."""

from pathlib import Path

import click

from cli.outputs import naming
from shared.channels.contract.document import text


@click.command()
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="A file instead of the terminal.")
def command(output: Path | None) -> None:
    """Print the AsyncAPI 3 document of every event that goes out and every submission that comes in."""
    if output is None:
        click.echo(text(), nl=False)
    else:
        with naming(output):
            output.write_text(text(), encoding="utf-8")
