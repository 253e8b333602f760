"""Before something is read for an operator: what services keep in their tables must have come up to the log."""

import time
from typing import Final

import click

from shared.application.runtime import Runtime
from shared.base.services import ServiceName
from shared.store.eventstore.reading import latest_position
from shared.store.projection.lag import caught_up, wait_until

LAGGING: Final = "what is read lags behind the log"
PATIENCE_SECONDS: Final = 15.0
"""For so long the services may take to read what was written before this was asked."""
_GAPS_SECONDS: Final = 2.0
"""For so long what lies below the latest may still be missing: several are applied side by side."""
_POLL_SECONDS: Final = 0.05


def come_up(runtime: Runtime, *services: ServiceName) -> None:
    """Wait until the tables of services hold all that was written before this was asked.

    What they leave out for good, since it was put aside, is said and keeps nobody from reading the rest.

    :raises click.ClickException: if they lag behind the log: figures and lists would be short of something, in silence.
    """
    if not is_up(runtime, *services):
        raise click.ClickException(f"{LAGGING}: start the services (aduan up), then again")


def is_up(runtime: Runtime, *services: ServiceName) -> bool:
    """The same, for who goes on all the same: whether the tables have come up."""
    with runtime.database.autocommit() as cursor:
        upto = latest_position(cursor)
    if not wait_until(runtime.database, services, upto, PATIENCE_SECONDS):
        return False
    until = time.monotonic() + _GAPS_SECONDS
    while True:
        with runtime.database.autocommit() as cursor:
            if caught_up(cursor, services, upto):
                return True
        if time.monotonic() >= until:
            break
        time.sleep(_POLL_SECONDS)
    click.echo("some of what was written is missing here: `aduan doctor` and `aduan dead list` say what", err=True)
    return True
