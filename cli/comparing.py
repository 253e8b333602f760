"""``aduan projections verify``: whether the tables that people are shown are what the log comes to."""

from pathlib import Path

import click

from cli.failures import sentence
from cli.filling import fillers_for
from cli.installation import data_option, running
from cli.projections import projection_of, readable
from shared.base.services import SERVICES
from shared.store.projection.comparing import Compared, TableDifference, compare
from shared.store.projection.errors import EventUnreadable


@click.group()
def command() -> None:
    """The tables that the services keep."""


@command.command()
@click.argument("projection", type=click.Choice([*SERVICES, "all"]), default="all")
@click.option(
    "--patience",
    type=click.FloatRange(min=0),
    default=60.0,
    show_default=True,
    help="Seconds to wait for a service that has not applied all of the log.",
)
@data_option
def verify(projection: str, patience: float, data: Path | None) -> None:
    """Make the tables of PROJECTION anew beside the live ones, compare, and throw the new ones away. Ends with status 1
    if a row was edited, removed or put in by hand.
    """
    same = True
    with running(data, owner=True) as runtime:
        for service in SERVICES if projection == "all" else [projection]:
            try:
                found = compare(
                    runtime.database,
                    projection_of(service, runtime.database),
                    readable,
                    crew=fillers_for(runtime.database, service),
                    patience_seconds=patience,
                )
            except EventUnreadable as error:
                click.echo(f"{service}: {sentence(error)}\nWhat to do: as `aduan audit verify` says")
                same = False
                continue
            _tell(service, found)
            same = same and found.same
    if not same:
        raise SystemExit(1)


def _tell(service: str, found: Compared) -> None:
    for each in found.differences:
        click.echo(f"{each.table} is not what the log comes to: {_where(each)}")
    if found.behind:
        click.echo(
            f"{found.behind.table}: {_where(found.behind)} are not at the log's last event; if {service} runs, see why "
            "it is behind (`aduan dead list`), else somebody has edited this table"
        )
    if found.same:
        click.echo(f"{service}: the tables are what {found.events} events come to")
    else:
        click.echo(f"What to do: find out who may write to the schema {service}, then `aduan rebuild {service}`")


def _where(each: TableDifference) -> str:
    more = f" and {each.count - len(each.where)} more" if each.count > len(each.where) else ""
    return f"{', '.join(each.where)}{more}"
