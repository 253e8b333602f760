"""``aduan catchup``: have the relay publish again what a broker lost."""

from pathlib import Path

import click

from cli.installation import data_option, running
from shared.base.services import SERVICES
from shared.messaging.publishing.catchup import catch_up


@click.command()
@data_option
def command(data: Path | None) -> None:
    """Publish again everything from the position that the slowest projection has reached. Duplicates are harmless."""
    with running(data) as runtime:
        position = catch_up(runtime.database, SERVICES)
    click.echo(f"the relay goes on from position {position}")
