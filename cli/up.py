"""``aduan up``: the whole installation on one machine, with an embedded database and an in-memory broker.

In one process, or in two where there is a second core (:mod:`cli.second`).
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from cli.doors import outstanding_in
from cli.hosting import CLIENTS, PORTAL, check_channels, runner_for
from cli.installation import data_option, settings_for
from cli.lifetime import Life
from cli.lost import lost_names
from cli.migrating import bring_up_to_date
from cli.processes import cores
from cli.second import second
from portal.server import SIMULATION, TELEPHONES, address_of
from portal.telephones import PlayedTelephones
from shared.application.bootstrap import bootstrap, require_fit
from shared.application.folder import REAL, SIMULATED, gather_files, held, keep_clock
from shared.application.runtime import Runtime
from shared.application.simulation import Simulation, remembered
from shared.base.clock import EARLIEST, LATEST, Clock, SimulatedClock, SystemClock
from shared.base.services import SERVICES
from shared.base.times import from_iso
from shared.messaging.consuming.positions import positions_of
from shared.messaging.publishing.catchup import resume
from shared.messaging.wire.configuration import WORKS
from shared.platform.database.embedded_postgres import EmbeddedPostgres
from shared.platform.database.pool import APPLICATION_ROLE, Database
from shared.platform.health import Checks, Report, checks_of
from shared.platform.listening import kept
from shared.platform.logging import configure_logging
from shared.platform.settings import Settings
from shared.platform.tracing_otlp import traced
from shared.store.eventstore.reading import head, last_event
from shared.store.projection.lag import caught_up, low_water

_READY_SECONDS = 30.0
_LOOK_SECONDS = 1.0  # a look that took longer counts as this: the process, or the whole machine, stood still
_TICK_MS = 100


class NotReady(click.ClickException):
    """What was started does not get ready.

    :param behind: the services whose tables do not get on.
    :param report: what the checks said last.
    """

    def __init__(self, behind: Sequence[str], report: Report) -> None:
        failed = [f"{name}: {said}" for name, said in sorted(report.checks.items()) if said != "ok"]
        late = [f"the tables of {', '.join(behind)} do not get on"] if behind else []
        super().__init__(
            f"not ready after {_READY_SECONDS:g} seconds: {'; '.join([*late, *failed])}. Everything is stopped again; "
            "the log above says more, and `aduan rebuild` makes a service's tables anew"
        )


class _Instant(click.ParamType):
    name = "instant"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            return SimulatedClock(from_iso(str(value))).now()
        except ValueError:
            self.fail(
                f"{value} is no instant with a zone between {EARLIEST.year} and {LATEST.year}, "
                "e.g. 2026-10-01T08:00:00+07:00",
                param,
                ctx,
            )


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Port of the portal; 8000 if nothing is set, 0 for any.")
@data_option
@click.option(
    "--simulated-clock",
    type=_Instant(),
    help="Stand at this instant until moved by POST /api/v1/clock, e.g. 2026-10-01T08:00:00+07:00.",
)
@click.option(
    "--processes",
    type=click.IntRange(1, 2),
    help="1: everything in one process. 2: one answers, the other follows the log and writes letters. As many as there "
    "are cores, if not given; always 1 with a simulated clock.",
)
def command(port: int | None, data: Path | None, simulated_clock: datetime | None, processes: int | None) -> None:
    """Run everything on this machine, in one process or two. Data survive a restart."""
    settings = settings_for(data)
    if port is not None:
        settings = replace(settings, portal_port=port)
    configure_logging(settings, "up")
    two = simulated_clock is None and (processes or cores()) > 1
    with traced(settings, "up"), Life() as life, installation(settings, life, simulated_clock, two=two) as address:
        click.echo(f"ready {address}")
        life.wait()


@contextmanager
def installation(
    settings: Settings,
    life: Life,
    simulated: datetime | None = None,
    *,
    telephones: PlayedTelephones | None = None,
    durable: bool = True,
    two: bool = False,
) -> Iterator[str]:
    """Everything running, stopped afterwards.

    :param life: the process's.
    :param simulated: where a simulated clock starts; the machine's clock if not given.
    :param telephones: that a demo shows; only with a simulated clock.
    :param durable: whether the embedded database survives a loss of power; not needed for what is thrown away.
    :param two: whether a second process does the work and this one only answers; not with a simulated clock, which
        is one process's.
    :returns: the portal's address.
    :raises SettingsError: if the portal's port is taken; told before anything is started.
    :raises Conflict: if another process has the data directory, or another kind of clock made it.
    """
    # Letters tell the portal's address, so that a port left to chance is drawn here and not where it is listened on.
    with kept(settings.listen_host, settings.portal_port, "ADUAN_PORTAL_PORT") as port:
        settings = replace(settings, portal_port=port)
        extra = {} if telephones is None else {TELEPHONES: telephones}
        with held(settings.data_dir), _running(settings, life, simulated, extra, durable=durable, two=two) as address:
            yield address


@contextmanager
def _running(
    settings: Settings, life: Life, simulated: datetime | None, extra: Mapping[str, Any], *, durable: bool, two: bool
) -> Iterator[str]:
    """Likewise, of a folder that is this process's.

    :param extra: entries of nameko's configuration.
    """
    settings.master_key  # noqa: B018 - made, or found missing, before there is a database that needs it
    remembered(settings.data_dir)
    gather_files(settings.data_dir)
    ease = {} if durable else {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    server = EmbeddedPostgres(settings.data_dir / "postgres", ease) if settings.embedded else None
    try:
        if server is not None:
            settings = replace(settings, database_url=server.start(), tick_ms=_TICK_MS, consumer_linger_ms=2)
        bring_up_to_date(settings.database_url)
        runtime = bootstrap(settings, clock=_clock(settings, simulated), role=APPLICATION_ROLE)
        require_fit(runtime)
        resume(runtime.database, SERVICES)
        with runtime.database.autocommit() as cursor:
            before = head(cursor)
        simulation = Simulation(runtime, outstanding_in(runtime)) if simulated else None
        clock = {} if simulation is None else {SIMULATION: simulation}
        names = [*SERVICES, PORTAL] if two else [*SERVICES, *CLIENTS]
        runner = runner_for(runtime, names, **extra, **clock, **({WORKS: False} if two else {}))
        check_channels(runtime, names)
        another = second(settings, life, checks_of(runner.config)) if two else nullcontext()
        try:
            with another, life.serving(runner):
                with life.heeding():
                    _get_ready(runtime, checks_of(runner.config), before)
                for each in lost_names(runtime):
                    click.echo(f"aduan: {each}", err=True)
                yield address_of(runner)
        finally:
            if simulation is not None:
                simulation.close()
            runtime.database.close()
    finally:
        if server is not None:
            server.stop()


def _get_ready(runtime: Runtime, checks: Checks, before: int) -> None:
    """Wait, for a bounded time, until messages are taken and the tables tell what the log told before this start.

    A start should not show an older state, nor lose what is published to queues that are not there yet. What clocks
    that fell due meanwhile add to the log is not waited for: they fire in their order, behind whoever asks already.

    The time begins anew whenever a table gets on: a long log takes as long as it takes. Time in which the process stood
    still is not counted: nothing could get ready in it. What was looked at and put aside is not waited for, only told:
    one event that cannot be applied must not keep everything else from starting.

    :param before: the end of the log before anything was started.
    :raises NotReady: naming what is not ready, if nothing has got on for that time.
    """
    patience, reached = _READY_SECONDS, tuple[int, ...]()
    now = time.monotonic()
    while True:
        with runtime.database.autocommit() as cursor:
            lacking = [name for name in SERVICES if not caught_up(cursor, [name], before)]
            looked = positions_of(cursor, lacking)
            behind = [name for name in lacking if looked.get(name, 0) < before]
            marks = tuple(low_water(cursor, name, note=False) for name in behind)
        report = checks.readiness()
        stopped = {name.partition(":")[0] for name in report.stopped}
        behind = [name for name in behind if name not in stopped]
        if not behind and report.ok:
            for said in report.stopped.values():
                click.echo(f"aduan: {said}", err=True)
            for name in lacking:
                if name in stopped:
                    continue
                click.echo(f"aduan: the tables of {name} lack events that were put aside; the log says why", err=True)
            return
        since, now = now, time.monotonic()
        patience -= min(now - since, _LOOK_SECONDS)
        if marks != reached:
            patience, reached = _READY_SECONDS, marks
        if patience <= 0:
            raise NotReady(behind, report)
        time.sleep(0.02)


def _clock(settings: Settings, simulated: datetime | None) -> Clock:
    """A simulated clock never starts before where it stood, or before what was already recorded."""
    database = Database(settings.database_url, pool_size=1)
    try:
        with database.autocommit() as cursor:
            last = last_event(cursor)
    finally:
        database.close()
    keep_clock(settings.data_dir, SIMULATED if simulated else REAL, used=last is not None)
    if simulated is None:
        return SystemClock()
    recorded = from_iso(last.data["recorded_at"]) if last else simulated
    return SimulatedClock(max(simulated, recorded, remembered(settings.data_dir) or simulated))
