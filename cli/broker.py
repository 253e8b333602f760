"""``aduan broker``: who may do what on RabbitMQ."""

import json
from pathlib import Path

import click

from shared.messaging.wire.rights import NotAName, definitions


@click.group()
def command() -> None:
    """The broker's users and what they may do."""


@command.command(name="definitions")
@click.option("--password", envvar="BROKER_PASSWORD", help="Of the services; BROKER_PASSWORD.")
@click.option(
    "--adapters",
    envvar="BROKER_ADAPTERS",
    default="",
    help="Channel adapters as channel:password, with blanks between them; BROKER_ADAPTERS.",
)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="A file instead of the terminal.")
def print_definitions(password: str | None, adapters: str, output: Path | None) -> None:
    """Print what RabbitMQ loads by load_definitions: users, rights and limits. Passwords stand in it as hashes."""
    try:
        told = definitions(password or None, dict(map(_adapter, adapters.split())))
    except NotAName as error:
        raise click.UsageError(f"{error} cannot be a channel: small letters, digits, - and _ only") from None
    text = json.dumps(told, indent=2) + "\n"
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")


def _adapter(given: str) -> tuple[str, str]:
    channel, colon, password = given.partition(":")
    if not colon or not password:
        raise click.UsageError(f"{channel} has no password: write {channel}:password")
    return channel, password
