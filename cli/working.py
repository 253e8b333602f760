"""``aduan second``: what :mod:`cli.second` starts. Not for people."""

import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import eventlet
from eventlet.hubs import trampoline

from cli.hosting import CHANNELS, check_channels, runner_for
from cli.installation import data_option, settings_for
from cli.lifetime import Life
from cli.second import FIGURES, NOT_READY, PASSED_ON, READY, STOPPED, packed
from shared.application.bootstrap import bootstrap
from shared.base.services import SERVICES
from shared.messaging.wire.configuration import WORKS
from shared.platform.database.pool import APPLICATION_ROLE
from shared.platform.health import Checks, checks_of
from shared.platform.logging import configure_logging
from shared.platform.metrics import exposition
from shared.platform.tracing_otlp import traced

_LOOK_SECONDS = 0.05
_TELL_SECONDS = 1.0


@click.command(hidden=True)
@data_option
def command(data: Path | None) -> None:
    """Follow the log and keep the clocks for an ``aduan up``, which tells by standard input where."""
    passed = _passed_on()
    with Life() as life:
        settings = replace(settings_for(data), **{name: passed[name] for name in PASSED_ON})
        configure_logging(settings, "up.second")
        watching = eventlet.spawn(_until_alone, life)
        runtime = bootstrap(settings, role=APPLICATION_ROLE)
        try:
            runner = runner_for(runtime, [*SERVICES, CHANNELS], **{WORKS: True})
            check_channels(runtime, [CHANNELS])
            with traced(settings, "up.second"), life.serving(runner):
                checks = checks_of(runner.config)
                with life.heeding():
                    while not checks.readiness().ok:
                        time.sleep(_LOOK_SECONDS)
                click.echo(READY)
                telling = eventlet.spawn(_tell, checks)
                try:
                    life.wait()
                finally:
                    telling.kill()
        finally:
            watching.kill()
            runtime.database.close()


def _passed_on() -> dict[str, Any]:
    """The line that the first process says.

    :raises click.UsageError: if nobody says it.
    """
    try:
        passed = json.loads(sys.stdin.readline())
    except (OSError, ValueError) as error:
        raise click.UsageError("it is started by 'aduan up', and by nobody else") from error
    if not isinstance(passed, dict) or not passed.keys() >= set(PASSED_ON):
        raise click.UsageError("it is started by 'aduan up', and by nobody else")
    return passed


def _tell(checks: Checks) -> None:
    """Say whenever this process gets unable to work, or able again, or a part stops: the first shows it for both."""
    said, told = True, dict[str, str]()
    while True:
        time.sleep(_TELL_SECONDS)
        report = checks.readiness()
        if report.stopped != told:
            told = report.stopped
            click.echo(f"{STOPPED} {json.dumps(told)}")
        if report.ok != said:
            said = report.ok
            click.echo(READY if report.ok else NOT_READY)


def _until_alone(life: Life) -> None:
    """Stop when the first process is gone: nobody would stop this one. Until then, tell it our figures when it asks."""
    while True:
        trampoline(sys.stdin.fileno(), read=True)
        asked = os.read(sys.stdin.fileno(), 1024)
        if not asked or not _answered(asked):
            life.told = True
            return


def _answered(asked: bytes) -> bool:
    """Whether the first heard what it asked for; it is gone otherwise."""
    try:
        for _ in range(asked.count(FIGURES.encode())):
            click.echo(f"{FIGURES} {packed(exposition())}")
    except OSError:
        return False
    return True
