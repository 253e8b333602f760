"""``aduan rebuild PROJECTION``: make a service's tables anew from the log, while everything runs."""

from importlib import import_module
from pathlib import Path

import click

from cli.hosting import SERVICES
from cli.installation import data_option, running
from shared.application.dossiers.codec import decode
from shared.store.projection.projection import Projection
from shared.store.projection.rebuild import rebuild


def projection_of(service: str) -> Projection:
    """The projection of a service."""
    module = import_module(f"services.{service}.projection")
    for candidate in vars(module).values():
        if isinstance(candidate, type) and issubclass(candidate, Projection) and candidate is not Projection:
            return candidate()
    raise LookupError(f"{module.__name__} holds no projection")


@click.command()
@click.argument("projection", type=click.Choice([*SERVICES, "all"]))
@data_option
def command(projection: str, data: Path | None) -> None:
    """Rebuild the tables of PROJECTION beside the old ones, and switch when they have caught up."""
    with running(data, owner=True) as runtime:
        for service in SERVICES if projection == "all" else [projection]:
            rebuilt = rebuild(runtime.database, projection_of(service), decode)
            click.echo(f"{service}: {rebuilt}")
