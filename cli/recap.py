"""``aduan recap``: the statistics of a month."""

import json
from pathlib import Path

import click

from cli.doors import OPERATOR, ask
from cli.installation import data_option, running
from cli.printing.render import render_csv, render_text
from cli.up_to_date import come_up


@click.command()
@click.option("--tenant", required=True, help="The government.")
@click.option("--month", required=True, help="As 2026-10.")
@click.option("--format", "form", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True)
@data_option
def command(tenant: str, month: str, form: str, data: Path | None) -> None:
    """Print the recap of a month."""
    with running(data) as runtime:
        come_up(runtime, "reporting")
        recap = ask(runtime, "reporting", "recap", tenant=tenant, month=month, min_position=None, caller=OPERATOR)
    if form == "json":
        click.echo(json.dumps(recap, ensure_ascii=False, indent=2))
    else:
        click.echo(render_csv(recap) if form == "csv" else render_text(recap))
