"""``aduan migrate``: bring the database's tables up to date."""

from pathlib import Path

import click

from cli.installation import connected, data_option
from cli.migrating import bring_up_to_date


@click.command()
@data_option
def command(data: Path | None) -> None:
    """Bring all tables up to date. May be run at any time, by several at once."""
    with connected(data) as settings:
        taken = bring_up_to_date(settings.database_url)
    click.echo("\n".join(taken) if taken else "nothing to do")
