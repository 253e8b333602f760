"""``aduan tenant``: a government as a whole."""

import os
from contextlib import closing
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

import click

from cli.auditing import auditors_for
from cli.bars import bar
from cli.filling import fillers_for
from cli.projections import projection_of, readable
from shared.application.bootstrap import bootstrap
from shared.application.moving.moving import Moving
from shared.base.services import SERVICES, ServiceName
from shared.domain.all_tenants import Tenants
from shared.platform.database.pool import Database
from shared.platform.migrations import require_migrated
from shared.platform.settings import Settings
from shared.platform.settings_values import database_url
from shared.store.eventstore.audit import verify
from shared.store.eventstore.reading import read_after
from shared.store.projection.lag import low_water
from shared.store.projection.rebuild import rebuild
from shared.store.projection.runner import apply_batch
from shared.store.vault.auditing import verify_keys
from shared.store.vault.sweeping import sweep

_BATCH: Final = 500
_ERASED: Final = "Erased"
_MOST_FAULTS: Final = 5


class _Address(click.ParamType):
    name = "url"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return database_url(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


@click.group()
def command() -> None:
    """A government as a whole."""


@command.command()
@click.argument("tenant")
@click.option(
    "--to",
    type=_Address(),
    required=True,
    envvar="MOVE_TO",
    show_envvar=True,
    help="The other database, as the login that owns its tables; migrated, and empty.",
)
@click.option("--finish", "then", flag_value="finish", help="Bring the rest over, compare, and let the other serve it.")
@click.option("--undo", "then", flag_value="undo", help="Serve it from here again, if the other has written nothing.")
@click.option("--forget", "then", flag_value="forget", help="Destroy its keys here, and delete what can be deleted.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def move(tenant: str, to: str, then: str | None, yes: bool) -> None:
    """Take the government TENANT, with all of its complaints, from this database to another.

    First without an option, while everything runs and as often as you like: its log is copied. Then stop every process
    that works on this database, and say it again with --finish, which prints the line for ADUAN_DATABASES; start them
    with it. --finish takes seconds if the former was done a moment ago. May be killed anywhere, and said again.

    See docs/operations.md, "To take a government to another database".
    """
    settings = Settings.from_environment(os.environ)
    if settings.embedded:
        raise click.UsageError("an installation of `aduan up` has one database for all; set ADUAN_DATABASE_URL")
    if then == "forget" and not yes:
        click.confirm(f"Nobody will ever read here again what was written of {tenant}. Go on?", abort=True)
    there = replace(settings, database_url=to)
    for each in (settings, there):
        _admit(each)
    known = Tenants(settings.tenants_dir).ids()
    if tenant not in known:
        raise click.UsageError(f"there is no government {tenant}; there are {', '.join(known)}")
    with bar(f"the log of {tenant}") as progress:
        moving = Moving(
            tenant,
            _opened(settings.database_url),
            _opened(to),
            project=lambda: _project(to),
            audit=lambda: _audit(there),
            progress=progress,
        )
        _done(moving, then)
    _tell(settings, tenant, to, then)


def _done(moving: Moving, then: str | None) -> None:
    if then == "finish":
        moving.finish()
    elif then == "undo":
        moving.undo()
    elif then == "forget":
        moving.forget()
    else:
        moving.ahead()


def _tell(settings: Settings, tenant: str, to: str, then: str | None) -> None:
    if then == "finish":
        where = urlsplit(to)
        address = f"{where.scheme}://...@{where.netloc.rpartition('@')[2]}{where.path}"
        click.echo(f"{tenant} lies in the other database, the same as it was here; this one serves it no more")
        click.echo("Put this line into ADUAN_DATABASES, with the addresses of services' logins and of a virtual host,")
        click.echo("take an older line of it out, and start all processes with it:")
        click.echo(f"  {tenant} = {address} amqp://...@.../{tenant}")
    elif then == "undo":
        with closing(_opened(settings.database_url)) as database:
            # Clocks that came due while nobody served it were passed over here.
            rebuild(database, projection_of("sla", database), readable, crew=fillers_for(database, "sla"))
        click.echo(f"{tenant} is served from this database again; take its line out of ADUAN_DATABASES")
    elif then == "forget":
        with closing(_opened(settings.database_url)) as database:
            swept = sweep(database)
        click.echo(f"the keys of {tenant} are destroyed here; its events stay, and cannot be read any more")
        if not swept.pages:
            click.echo("keys lie on the table's pages: have its owner run VACUUM (FULL) vault.keys")
        if not swept.checkpoint:
            click.echo("keys lie in the write-ahead log until PostgreSQL's next checkpoint but one")
    else:
        click.echo(f"the log of {tenant} is copied so far; stop every process that works on this database, and go on")
        click.echo(f"with `aduan tenant move {tenant} --to ... --finish`")


def _opened(url: str) -> Database:
    """As the login itself, and without limits: copying takes its time."""
    return Database(url, pool_size=1, statement_seconds=0, idle_in_transaction_seconds=0)


def _admit(settings: Settings) -> None:
    """Make sure that a database is of this version, and that the one master key opens what lies there."""
    runtime = bootstrap(replace(settings, read_database_url=""), role=None)
    with closing(runtime.database):
        require_migrated(runtime.database)
        runtime.vault.admit()


def _project(url: str) -> None:
    with closing(_opened(url)) as database:
        for service in SERVICES:
            _brought_up(database, service)


def _brought_up(database: Database, service: ServiceName) -> None:
    """A projection as far as its log: at first by a rebuild, which is the faster, then by what is new."""
    projection = projection_of(service, database)
    with database.autocommit() as cursor:
        position = low_water(cursor, service)
        cursor.execute("SELECT EXISTS (SELECT FROM eventstore.events WHERE position > %s)", (position,))
        [(more,)] = cursor.fetchall()
    if more and not position:
        rebuild(database, projection, readable, crew=fillers_for(database, service))
        return
    while more:
        with database.autocommit() as cursor:
            events = read_after(cursor, position, _BATCH)
        apply_batch(database, projection, readable, events)
        position, more = (events[-1].position, True) if events else (position, False)


def _audit(settings: Settings) -> list[str]:
    """What is wrong with a log and its keys."""
    runtime = bootstrap(replace(settings, read_database_url=""), role=None)
    with closing(runtime.database):
        report = verify(runtime.database, crew=auditors_for(runtime.database))
        _, faults = verify_keys(runtime.database, runtime.vault, _ERASED)
    return [str(each) for each in (*report.faults, *faults)][:_MOST_FAULTS]
