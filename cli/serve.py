"""``aduan serve SERVICE``: one service in one process, for compose and clusters."""

import signal
from pathlib import Path

import click
import eventlet

from cli.hosting import PORTAL, SERVICES, runner_for
from cli.installation import data_option, running
from shared.health import ADDRESS
from shared.logging import configure_logging


@click.command()
@click.argument("service", type=click.Choice([*SERVICES, PORTAL]))
@data_option
def command(service: str, data: Path | None) -> None:
    """Run one SERVICE until it is told to stop."""
    with running(data) as runtime:
        configure_logging(runtime.settings, service)
        settings = runtime.settings
        pages = {ADDRESS: (settings.listen_host, settings.health_port)} if settings.health_port else {}
        runner = runner_for(runtime, [service], **pages)
        runner.start()
        wait_for_signal()
        runner.stop()


def wait_for_signal() -> None:
    """Sleep until SIGTERM or SIGINT: what runs finishes, acknowledges and leaves."""
    stopped = eventlet.event.Event()

    def stop(_number: int, _frame: object) -> None:
        if not stopped.ready():
            stopped.send(True)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    # Signals reach Python between two turns of the hub: it must not sleep for ever.
    while not stopped.ready():
        with eventlet.Timeout(0.5, exception=False):
            stopped.wait()
