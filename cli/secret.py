"""``aduan secret``: make a master key."""

import click

from shared.platform.secret import new_secret


@click.command()
def command() -> None:
    """Print a new master key for ADUAN_MASTER_KEY. Keep it apart from the database: without it nothing can be read."""
    click.echo(new_secret())
