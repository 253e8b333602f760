"""``aduan broker``: who may do what on RabbitMQ."""

import json
from pathlib import Path

import click

from cli.outputs import naming
from shared.messaging.wire.rights import NotAName, definitions

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


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
@click.option(
    "--password-file", envvar="BROKER_PASSWORD_FILE", type=_FILE, help="A file that holds it; BROKER_PASSWORD_FILE."
)
@click.option(
    "--adapters-file", envvar="BROKER_ADAPTERS_FILE", type=_FILE, help="A file that holds them; BROKER_ADAPTERS_FILE."
)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="A file instead of the terminal.")
def print_definitions(
    password: str | None, adapters: str, password_file: Path | None, adapters_file: Path | None, output: Path | None
) -> None:
    """Print what RabbitMQ loads by load_definitions: users, rights and limits. Passwords stand in it as hashes."""
    if password_file is not None:
        password = password_file.read_text(encoding="utf-8").strip()
    if adapters_file is not None:
        adapters = adapters_file.read_text(encoding="utf-8")
    try:
        told = definitions(password or None, dict(map(_adapter, adapters.split())))
    except NotAName as error:
        raise click.UsageError(f"{error} cannot be a channel: small letters, digits, - and _ only") from None
    text = json.dumps(told, indent=2) + "\n"
    if output is None:
        click.echo(text, nl=False)
    else:
        with naming(output):
            output.write_text(text, encoding="utf-8")


def _adapter(given: str) -> tuple[str, str]:
    channel, colon, password = given.partition(":")
    if not colon or not password:
        raise click.UsageError(f"{channel} has no password: write {channel}:password")
    return channel, password
