"""``aduan rebuild PROJECTION``: make a service's tables anew from the log, while everything runs."""

from pathlib import Path

import click

from cli.bars import bar
from cli.filling import fillers_for
from cli.installation import data_option, running
from cli.projections import projection_of, readable
from shared.base.services import SERVICES
from shared.store.projection.rebuild import rebuild_together


@click.command()
@click.argument("projection", type=click.Choice([*SERVICES, "all"]))
@data_option
def command(projection: str, data: Path | None) -> None:
    """Rebuild the tables of PROJECTION beside the old ones, and switch when they have caught up."""
    services = SERVICES if projection == "all" else (projection,)
    with running(data, owner=True) as runtime, bar(projection) as progress:
        database = runtime.database
        rebuilt = rebuild_together(
            database,
            [projection_of(service, database) for service in services],
            readable,
            crew=fillers_for(database, *services),
            progress=progress,
        )
    for service, told in zip(services, rebuilt, strict=True):
        click.echo(f"{service}: {told}")
