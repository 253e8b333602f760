"""``aduan import FILE.csv``: file complaints from a table, one per row."""

import csv
from pathlib import Path

import click

from cli.doors import ask
from cli.failures import sentence
from cli.installation import data_option, running
from shared.base.errors import Invalid
from shared.domain.complaint.rows import load_row


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--tenant", required=True, help="The government.")
@click.option("--channel", default="csv", show_default=True, help="Where a row names no channel of its own.")
@data_option
def command(file: Path, tenant: str, channel: str, data: Path | None) -> None:
    """File the complaints of FILE. Columns: message, title, reporter.name, location.desa, external_id, ...

    A row with an external_id that was filed before changes nothing, so a file may be imported again. Rows that cannot
    be used are told with their line and leave the others alone; the status is then 1.
    """
    filed = repeated = refused = 0
    with running(data) as runtime, file.open(encoding="utf-8-sig", newline="") as opened:
        reader = csv.DictReader(opened)
        for row in reader:
            if None in row:
                row.pop(None)
                click.echo(f"line {reader.line_num}: more cells than columns; quote texts that hold commas", err=True)
                refused += 1
                continue
            row.setdefault("channel", channel)
            row["channel"] = row["channel"] or channel
            try:
                complaint = load_row(row)
                receipt = ask(runtime, "intake", "file", tenant=tenant, complaint=complaint, caller={"user": "import"})
            except Invalid as error:
                click.echo(f"line {reader.line_num}: {sentence(error)}", err=True)
                refused += 1
                continue
            filed += receipt["created"]
            repeated += not receipt["created"]
    click.echo(f"{filed} filed, {repeated} filed before, {refused} refused")
    if refused:
        raise SystemExit(1)
