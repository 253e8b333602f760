"""``aduan retention``: erase what a government need not keep any longer."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any, Final

import click

from cli.doors import OPERATOR, ask
from cli.erasing import clear, destroy, erase_wholly
from cli.failures import sentence
from cli.installation import data_option, running
from cli.up_to_date import come_up
from shared.application.runtime import Runtime
from shared.base.errors import AduanError
from shared.base.times import from_iso
from shared.domain.retention import RETENTION, RetentionClass, load_retention
from shared.domain.tenants import Tenant
from shared.platform.database.pool import Database
from shared.store.vault.sweeping import sweep

_REASON: Final = "retention"


@dataclass(frozen=True)
class _Over:
    """A complaint that need not be kept any longer."""

    id: str
    ticket: str
    kept_as: RetentionClass
    ended_at: datetime
    over_at: datetime


@click.command()
@click.option("--tenant", required=True, help="The government.")
@click.option("--apply", "applied", is_flag=True, help="Erase what is listed; without it nothing is changed.")
@click.option("--erased", "register", is_flag=True, help="Print the register of what was erased instead.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@data_option
def command(tenant: str, applied: bool, register: bool, yes: bool, data: Path | None) -> None:
    """List the complaints whose time of keeping is over, by the classes of the government's retention.yaml.

    With --apply they are erased as `aduan erase` does it: their keys are destroyed, their letters and files removed,
    and the log says so, with the reason `retention`. What happened when stays in the log and in the recaps. It may be
    stopped and run again. The register of everything that was ever erased is read from the log by --erased.
    """
    with running(data) as runtime:
        home = runtime.tenants.get(tenant)
        come_up(runtime, "reporting")
        if register:
            register_of = _pages(runtime, "erased", tenant=home.id)
            for each in sorted(register_of, key=itemgetter("position")):
                click.echo(f"{each['ticket']}  {each['erased_at']}  {each['reason']}  position {each['position']}")
            return
        if applied:
            _finish_last(runtime, home.id)
        over = sorted(_over(runtime, home), key=attrgetter("ended_at", "ticket"))
        for case in over:
            click.echo(
                f"{case.ticket}  {case.kept_as.id} ({case.kept_as.years} years)  ended {case.ended_at.date()}, "
                f"over since {case.over_at.date()}"
            )
        if not applied or not over:
            click.echo(f"{len(over)} complaints need not be kept{'; nothing was changed' if over else ''}")
            if applied:
                _sweep(runtime)  # an earlier run may have been stopped between the last of them and this
            return
        if not yes:
            click.confirm(f"Nobody will ever read these {len(over)} complaints again. Go on?", abort=True)
        left = _erase(runtime, home.id, over)
    if left:
        raise SystemExit(1)


def _over(runtime: Runtime, home: Tenant) -> Iterator[_Over]:
    table = load_retention(home.directory / RETENTION)
    if table is None:
        raise click.UsageError(
            f"{home.directory / RETENTION} is not there, so everything is kept; tenants/README.md says what it holds"
        )
    now = runtime.clock.now()
    for case in _pages(runtime, "ended_before", tenant=home.id, instant=now.isoformat()):
        ended = from_iso(case["ended_at"])
        kept_as = table.class_of(case["classification"], case["category"])
        over_at = kept_as.over_at(ended, home.zone)
        if over_at <= now:
            yield _Over(case["id"], case["ticket"], kept_as, ended.astimezone(home.zone), over_at)


def _pages(runtime: Runtime, method: str, **asked: str) -> Iterator[dict[str, Any]]:
    """All that a list of reporting's has, page by page."""
    after: str | None = None
    while True:
        page = ask(runtime, "reporting", method, **asked, after=after, caller=OPERATOR)
        yield from page["items"]
        if (after := page["next"]) is None:
            return


def _finish_last(runtime: Runtime, tenant: str) -> None:
    """Erase again what was erased last for this reason: a run that was killed, or met a fault, may have left letters or
    files of it, and of no other, since they are erased one by one and none is begun before the last is done.
    """
    register = (each for each in _pages(runtime, "erased", tenant=tenant) if each["reason"] == _REASON)
    if last := max(register, key=itemgetter("position"), default=None):
        erase_wholly(runtime, tenant, last["ticket"], _REASON)


def _erase(runtime: Runtime, tenant: str, over: Sequence[_Over]) -> int:
    """Erase them one by one; how many could not be, each told.

    :raises AduanError: if the letters of one that is erased could not be removed: the next run begins with that.
    """
    left = 0
    try:
        for case in over:
            try:
                destroy(runtime, tenant, case.ticket, _REASON)
            except AduanError as error:
                left += 1
                click.echo(f"{case.ticket}: {sentence(error)}")
            else:
                clear(runtime, tenant, case.ticket)
    finally:
        _sweep(runtime)
    click.echo(f"{len(over) - left} complaints are erased; the register says so (`aduan retention --erased`)")
    if left:
        click.echo(f"{left} could not be; run it again")
    return left


def _sweep(runtime: Runtime) -> None:
    """Take what is left of destroyed keys off the disk, however long that takes."""
    with closing(Database(runtime.settings.database_url, pool_size=1)) as owner:
        swept = sweep(owner)
    if not (swept.pages and swept.checkpoint):
        click.echo("keys lie on pages or in the write-ahead log: let the tables' owner run VACUUM (FULL) vault.keys")
