"""``aduan rebuild PROJECTION``: make a service's tables anew from the log, while everything runs."""

from pathlib import Path

import click

from cli.filling import fillers_for
from cli.installation import data_option, running
from cli.projections import projection_of, readable
from shared.base.services import SERVICES
from shared.store.projection.rebuild import rebuild


@click.command()
@click.argument("projection", type=click.Choice([*SERVICES, "all"]))
@data_option
def command(projection: str, data: Path | None) -> None:
    """Rebuild the tables of PROJECTION beside the old ones, and switch when they have caught up."""
    with running(data, owner=True) as runtime:
        for service in SERVICES if projection == "all" else [projection]:
            rebuilt = rebuild(
                runtime.database, projection_of(service), readable, crew=fillers_for(runtime.database, service)
            )
            click.echo(f"{service}: {rebuilt}")
