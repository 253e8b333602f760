"""``aduan sop``: the procedures, checked, shown and simulated."""

import os
from pathlib import Path

import click

from cli.installation import settings_for
from shared.sop.check import check_tenant
from shared.sop.finding import ERROR, SEVERITIES
from shared.tenants import Tenants


@click.group()
def command() -> None:
    """The tenants' procedures."""


def _tenants() -> Tenants:
    return Tenants(settings_for(None).tenants_dir)


@command.command(name="list")
def list_sops() -> None:
    """List the tenants with their procedures."""
    for tenant in _tenants().all():
        sop = tenant.sop
        click.echo(f"{tenant.id}\tversion {sop.version}\t{len(sop.steps)} steps\t{sop.title}")


@command.command()
@click.argument("tenant", nargs=-1)
@click.option("--least", type=click.Choice(SEVERITIES), default="info", show_default=True, help="Least severity shown.")
def check(tenant: tuple[str, ...], least: str) -> None:
    """Check the procedures of TENANT..., or of all. Ends with status 1 if there is an error."""
    tenants = _tenants()
    failed = False
    for each in tenant or tenants.ids():
        findings = check_tenant(Path(tenants.directory) / each)
        shown = [found for found in findings if SEVERITIES.index(found.severity) <= SEVERITIES.index(least)]
        counts = {severity: sum(found.severity == severity for found in findings) for severity in SEVERITIES}
        failed = failed or counts[ERROR] > 0
        click.echo(f"{each}: " + ", ".join(f"{count} {severity}" for severity, count in counts.items()))
        for found in shown:
            click.echo(f"  {_relative(str(found))}")
    if failed:
        raise SystemExit(1)


def _relative(text: str) -> str:
    return text.removeprefix(f"{os.getcwd()}/")
