"""``aduan serve SERVICE``: one service in one process, for compose and clusters."""

from pathlib import Path

import click

from cli.hosting import PORTAL, SERVICES, runner_for
from cli.installation import data_option, running
from cli.lifetime import Life
from shared.platform.health import ADDRESS
from shared.platform.logging import configure_logging


@click.command()
@click.argument("service", type=click.Choice([*SERVICES, PORTAL]))
@data_option
def command(service: str, data: Path | None) -> None:
    """Run one SERVICE until it is told to stop."""
    with Life() as life, running(data) as runtime:
        configure_logging(runtime.settings, service)
        settings = runtime.settings
        pages = {ADDRESS: (settings.listen_host, settings.health_port)} if settings.health_port else {}
        with life.serving(runner_for(runtime, [service], **pages)):
            life.wait()
