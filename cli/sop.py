"""``aduan sop``: the procedures, checked, shown and simulated."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import click

from cli.doors import OPERATOR, ask
from cli.installation import running, settings_for
from cli.lost import lost_names
from cli.outputs import naming
from cli.printing.what_if import render_what_if
from cli.up_to_date import LAGGING, come_up, is_up
from shared.application.letter_words import texts_counting
from shared.channels.checking import check_channels
from shared.domain.all_tenants import Tenants
from shared.domain.sop.checking.check import check_tenant
from shared.domain.sop.checking.finding import ERROR, SEVERITIES
from shared.domain.sop.drawing.mermaid import mermaid
from shared.domain.sop.drawing.show import table
from shared.domain.sop.drawing.svg import svg
from shared.domain.sop.simulate.plan import Plan, load_plan
from shared.domain.sop.simulate.report import report
from shared.domain.sop.simulate.result import simulate
from shared.domain.tenants import Tenant
from shared.domain.whatif.standing import check_standing

_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


_data: Final = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Look also at this installation: what was approved and edited there, and what its open dossiers need.",
)


@click.group()
def command() -> None:
    """The tenants' procedures."""


@contextmanager
def _tenants(data: Path | None) -> Iterator[Tenants]:
    """The governments: by their files, and by what was approved in the browser where an installation is named."""
    if data is None and settings_for(None).embedded:
        yield Tenants(settings_for(None).tenants_dir)
        return
    with running(data) as runtime:
        yield runtime.tenants


@command.command(name="list")
@_data
def list_sops(data: Path | None) -> None:
    """List the tenants with their procedures.

    With --data, or where ADUAN_DATABASE_URL names a database, versions approved in the browser count.
    """
    with _tenants(data) as tenants:
        for tenant in tenants.all():
            sop = tenant.sop
            approved = "\tapproved in the browser" if sop.version in {each.version for each in tenant.approved} else ""
            click.echo(f"{tenant.id}\tversion {sop.version}\t{len(sop.steps)} steps\t{sop.title}{approved}")


@command.command()
@click.argument("tenant", nargs=-1)
@click.option("--least", type=click.Choice(SEVERITIES), default="info", show_default=True, help="Least severity shown.")
@_data
def check(tenant: tuple[str, ...], least: str, data: Path | None) -> None:
    """Check the procedures of TENANT..., or of all. Ends with status 1 if there is an error.

    With --data, or where ADUAN_DATABASE_URL names a database, names that open dossiers need and no file holds any more
    are errors too, letters' texts that were edited in the browser are checked instead of their files, and versions that
    were approved there beside them.
    """
    tenants = Tenants(settings_for(None).tenants_dir)
    failed = False
    edited: dict[str, dict[str, str]] = {}
    approved: dict[str, Tenant] = {}
    if data is not None or not settings_for(None).embedded:
        with running(data) as runtime:
            if not is_up(runtime, "reporting"):
                click.echo(f"{LAGGING}: what the latest dossiers need is not looked for", err=True)
            needed = lost_names(runtime)
            edited = {each: texts_counting(runtime.database, each) for each in runtime.tenants.ids()}
            approved = {each: home for each in edited if (home := runtime.tenants.get(each)).approved}
        for sentence in needed:
            click.echo(f"error: {sentence} [lost]")
        failed = bool(needed)
    for each in tenant or tenants.ids():
        folder = Path(tenants.directory) / each
        texts = edited.get(each, {})
        findings = (
            check_standing(approved[each], texts, check_channels)
            if each in approved
            else (*check_tenant(folder, texts), *check_channels(folder))
        )
        shown = [one for one in findings if SEVERITIES.index(one.severity) <= SEVERITIES.index(least)]
        counts = {severity: sum(one.severity == severity for one in findings) for severity in SEVERITIES}
        failed = failed or counts[ERROR] > 0
        click.echo(f"{each}: " + ", ".join(f"{count} {severity}" for severity, count in counts.items()))
        for one in shown:
            click.echo(f"  {_relative(str(one))}")
    if failed:
        raise SystemExit(1)


@command.command()
@click.argument("tenant")
@click.option("--form", type=click.Choice(["table", "mermaid", "svg"]), default="table", show_default=True)
@click.option("--version", type=int, help="An older version; the current one if not given.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
@_data
def show(tenant: str, form: str, version: int | None, output: Path | None, data: Path | None) -> None:
    """Show the procedure of TENANT: as a table, or its flow as Mermaid or as a drawing with swim lanes.

    With --data, or where ADUAN_DATABASE_URL names a database, versions approved in the browser count.
    """
    with _tenants(data) as tenants:
        found = tenants.get(tenant)
    if version is not None and version not in found.sops:
        raise click.UsageError(f"{tenant} has the versions {', '.join(map(str, sorted(found.sops)))}")
    sop = found.sop if version is None else found.sops[version]
    text = {"table": table, "mermaid": mermaid, "svg": svg}[form](sop)
    if output is None:
        click.echo(text)
    else:
        with naming(output):
            output.write_text(text, encoding="utf-8")


@command.command(name="simulate")
@click.argument("tenant", nargs=-1, required=True)
@click.option(
    "--plan", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Arrivals and times, as YAML."
)
@click.option("--per-day", type=click.FloatRange(0.01, 10_000), help="Complaints a day.")
@click.option("--runs", type=click.IntRange(1, 10_000), help="How often the month is played.")
@click.option("--seed", type=int, help="The same seed gives the same complaints.")
@click.option("--history", is_flag=True, help="Replay what has really happened under a draft instead.")
@click.option("--sop", "draft", type=_FILE, help="With --history: the draft of sop.yaml.")
@click.option("--calendar", type=_FILE, help="With --history: the draft of calendar.yaml.")
@click.option("--months", type=click.IntRange(1, 24), default=3, help="With --history: how far back; 3.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="With --history: the installation.")
def simulate_sops(
    tenant: tuple[str, ...],
    plan: Path | None,
    per_day: float | None,
    runs: int | None,
    seed: int | None,
    **history: Any,
) -> None:
    """Play a month of the same complaints under the procedures of TENANT..., with assumed handling times.

    Tells the share within the standard, the queues before each desk, and which desk is the bottleneck.

    With --history, replay the complaints of the last months under a draft of one TENANT's procedure or calendar, with
    the handling times and the ways that they really took: who was late, who would have been, desk by desk.
    """
    if history.pop("history"):
        _replay(tenant, **history)
        return
    if history["draft"] or history["calendar"] or history["data"]:
        raise click.UsageError("--sop, --calendar and --data are for --history: say it too")
    chosen = load_plan(plan) if plan else Plan()
    chosen = replace(
        chosen,
        per_day=chosen.per_day if per_day is None else per_day,
        runs=chosen.runs if runs is None else runs,
        seed=chosen.seed if seed is None else seed,
    )
    tenants = Tenants(settings_for(None).tenants_dir)
    homes = [tenants.get(each) for each in tenant]
    click.echo(report([simulate(each.sop, each.calendar, chosen) for each in homes]))


def _replay(tenant: tuple[str, ...], draft: Path | None, calendar: Path | None, months: int, data: Path | None) -> None:
    if len(tenant) != 1 or (draft is None and calendar is None):
        raise click.UsageError("--history takes one TENANT, and --sop or --calendar or both")
    files = {"sop": draft, "calendar": calendar}
    texts = {name: file.read_text(encoding="utf-8") if file else None for name, file in files.items()}
    with running(data) as runtime:
        come_up(runtime, "reporting")
        told = ask(
            runtime, "reporting", "what_if", tenant=tenant[0], **texts, months=months, most=5000, caller=OPERATOR
        )
    click.echo(render_what_if(told))
    if "broken" in told:
        raise SystemExit(1)


def _relative(text: str) -> str:
    return text.removeprefix(f"{Path.cwd()}/")
