"""``aduan dead``: messages that were put aside, with their reasons."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from cli.installation import data_option, settings_for
from shared.base.services import SERVICES
from shared.messaging.consuming import dead_letters
from shared.messaging.wire.connections import BROKER_ERRORS
from shared.messaging.wire.memory import is_in_memory
from shared.platform.settings import Settings

service_argument = click.argument("service", type=click.Choice(SERVICES))
ids_argument = click.argument("ids", nargs=-1)
all_option = click.option("--all", "everything", is_flag=True, help="All of them.")


@click.group()
def command() -> None:
    """Messages that a service could not use. Needs the broker: an embedded installation's ends with its process."""


@command.command(name="list")
@click.argument("service", type=click.Choice(SERVICES), required=False)
@data_option
def list_letters(service: str | None, data: Path | None) -> None:
    """List them, oldest first: id, when, reason, what they were. Without SERVICE those of all, each behind its name."""
    broker = _broker(data)
    with _asking():
        listed = [(each, dead_letters.list_dead(broker, each)) for each in ((service,) if service else SERVICES)]
    for name, letters in listed:
        for letter in letters:
            told = (letter.id, letter.failed_at, letter.reason, letter.type, letter.error)
            click.echo("\t".join(map(printable, told if service else (name, *told))))


@command.command()
@service_argument
@ids_argument
@all_option
@data_option
def retry(service: str, ids: tuple[str, ...], everything: bool, data: Path | None) -> None:
    """Put them back where they came from."""
    with _asking():
        count = dead_letters.retry(_broker(data), service, _chosen(ids, everything))
    click.echo(f"{count} put back")
    if not everything and count < len(set(ids)):
        click.echo("the others are not there, or do not say where they came from; see `aduan dead list`", err=True)


@command.command()
@service_argument
@ids_argument
@all_option
@data_option
def discard(service: str, ids: tuple[str, ...], everything: bool, data: Path | None) -> None:
    """Throw them away for good."""
    with _asking():
        count = dead_letters.discard(_broker(data), service, _chosen(ids, everything))
    click.echo(f"{count} discarded")


def printable(text: str) -> str:
    """A stranger's words for a terminal: what would move its cursor, or cannot be written at all, as its number."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in text)


def _chosen(ids: tuple[str, ...], everything: bool) -> list[str] | None:
    if bool(ids) == everything:
        raise click.UsageError("name the ids, or --all")
    return None if everything else list(ids)


def _broker(data: Path | None) -> str:
    settings: Settings = settings_for(data)
    if is_in_memory(settings.broker_url):
        raise click.UsageError(
            "an in-memory broker can be reached from its own process only: there an administrator finds what was put "
            "aside at /pusat/disisihkan. For another broker set ADUAN_BROKER_URL"
        )
    return settings.broker_url


@contextmanager
def _asking() -> Iterator[None]:
    """The broker may be away, and then says so in many ways."""
    try:
        yield
    except BROKER_ERRORS as error:
        why = " ".join(str(error).split()) or type(error).__name__
        raise click.ClickException(f"the broker does not answer ({why}); see ADUAN_BROKER_URL, and start it") from error
