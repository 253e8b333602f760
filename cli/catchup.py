"""``aduan catchup``: have the relay publish again what a broker lost."""

from pathlib import Path
from typing import Final

import click

from cli.installation import data_option, running
from shared.base.services import SERVICES, ServiceName
from shared.messaging.publishing.catchup import catch_up

_ACTING: Final[tuple[ServiceName, ...]] = ("intake", "routing")
"""Those that act on events: a step of the system's, a group whose leader has ended. Not notify: what it has never
planned it would tell of, however old; and its letters about the erased are removed with the erasure itself."""


@click.command()
@click.option(
    "--look-back",
    type=click.IntRange(min=0),
    default=100_000,
    show_default=True,
    help="How many of the last events intake and routing look at again: their queues held what was to be done then.",
)
@data_option
def command(look_back: int, data: Path | None) -> None:
    """Publish again everything from the position that the slowest projection has reached. Duplicates are harmless."""
    with running(data) as runtime:
        position = catch_up(runtime.database, SERVICES, dict.fromkeys(_ACTING, look_back))
    click.echo(f"the relay goes on from position {position}")
