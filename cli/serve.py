"""``aduan serve SERVICE...``: some services in one process, for compose and clusters."""

import logging
from pathlib import Path

import click

from cli.awaiting import await_database
from cli.hosting import CLIENTS, PORTAL, check_channels, runner_for
from cli.installation import data_option, running, settings_for
from cli.lifetime import Life
from cli.lost import lost_names
from shared.application.service_roles import opens_sealed
from shared.base.services import SERVICES
from shared.messaging.wire.memory import is_in_memory
from shared.platform.health import ADDRESS
from shared.platform.logging import configure_logging
from shared.platform.tracing_otlp import traced

log = logging.getLogger(__name__)


@click.command()
@click.argument("services", nargs=-1, required=True, type=click.Choice([*SERVICES, *CLIENTS]))
@data_option
def command(services: tuple[str, ...], data: Path | None) -> None:
    """Run SERVICES in one process until it is told to stop; they call each other without the broker."""
    if is_in_memory(settings_for(data).broker_url):
        raise click.UsageError("a service of its own needs a broker that others reach too: set ADUAN_BROKER_URL")
    names = list(dict.fromkeys(services))
    opening = [name for name in names if opens_sealed(name)]
    if opening and not settings_for(data).has_master_key:
        raise click.UsageError(f"{', '.join(opening)} opens what is sealed: set ADUAN_MASTER_KEY, not ADUAN_CALLS_KEY")
    with Life() as life, running(data, admit=False, new=True) as runtime:
        configure_logging(runtime.settings, "+".join(names))
        settings = runtime.settings
        pages = {ADDRESS: (settings.listen_host, settings.health_port)} if settings.health_port else {}
        runner = runner_for(runtime, names, **pages)
        with life.heeding():
            if PORTAL in names and settings.databases and set(names) <= set(CLIENTS):
                pass  # it waits for each of them by itself
            elif PORTAL in names:
                await_database(runtime, settings.listen_host, settings.portal_port, "ADUAN_PORTAL_PORT")
            else:
                await_database(runtime, settings.listen_host, settings.health_port, "ADUAN_HEALTH_PORT")
        check_channels(runtime, names)
        if "reporting" in names:
            for each in lost_names(runtime):
                log.warning("a file has lost what open dossiers need", extra={"what": each})
        with traced(settings, "+".join(names)), life.serving(runner):
            life.wait()
