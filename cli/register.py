"""``aduan register``: a month's complaints, one line each, for the binder or the spreadsheet."""

import json
from pathlib import Path

import click

from cli.doors import OPERATOR, ask
from cli.installation import data_option, running
from cli.printing.register import print_register, register_csv


@click.command()
@click.option("--tenant", required=True, help="The government.")
@click.option("--month", required=True, help="As 2026-10.")
@click.option("--format", "form", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True)
@data_option
def command(tenant: str, month: str, form: str, data: Path | None) -> None:
    """Print the register of a month, without names or texts."""
    with running(data) as runtime:
        register = ask(runtime, "reporting", "register", tenant=tenant, month=month, min_position=None, caller=OPERATOR)
    if form == "json":
        click.echo(json.dumps(register, ensure_ascii=False, indent=2))
    else:
        click.echo(register_csv(register) if form == "csv" else print_register(register))
