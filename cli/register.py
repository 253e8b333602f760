"""``aduan register``: a month's complaints, one line each, for the binder or the spreadsheet."""

import json
from pathlib import Path
from typing import Any

import click

from cli.doors import OPERATOR, ask
from cli.installation import data_option, running
from cli.outputs import naming
from cli.printing.register import print_register
from cli.up_to_date import come_up
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.wording.sheets.csv_sheet import as_csv
from shared.wording.sheets.pdf_sheet import as_pdf
from shared.wording.sheets.register_sheet import register_sheet
from shared.wording.sheets.xlsx_sheet import as_xlsx


@click.command()
@click.option("--tenant", required=True, help="The government.")
@click.option("--month", required=True, help="As 2026-10.")
@click.option("--register", "name", help="Which of the SOP's registers, for its title; all if left out.")
@click.option("--channel", help="Only what came in by it.")
@click.option("--actor", help="For this role of the government's own, with names and texts; without them if left out.")
@click.option(
    "--format", "form", type=click.Choice(["text", "csv", "json", "xlsx", "pdf"]), default="text", show_default=True
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it.")
@data_option
def command(
    tenant: str,
    month: str,
    name: str | None,
    channel: str | None,
    actor: str | None,
    form: str,
    output: Path | None,
    data: Path | None,
) -> None:
    """Print the register of a month."""
    caller = Caller(tenant, actor, user="cli").to_dict() if actor else OPERATOR
    with running(data) as runtime:
        come_up(runtime, "reporting")
        register = _whole(runtime, tenant=tenant, month=month, register=name, channel=channel, caller=caller)
    written = _written(register, form)
    if output is not None:
        with naming(output):
            output.write_bytes(written)
    else:
        click.echo(written, nl=not written.endswith(b"\n"))


def _whole(runtime: Runtime, **asked: Any) -> dict[str, Any]:
    """All pages as one."""
    whole: dict[str, Any] = ask(runtime, "reporting", "register", **asked, after=None, limit=None, min_position=None)
    while whole["next"] is not None:
        page = ask(runtime, "reporting", "register", **asked, after=whole["next"], limit=None, min_position=None)
        whole = {**page, "rows": [*whole["rows"], *page["rows"]]}
    return whole


def _written(register: dict[str, Any], form: str) -> bytes:
    match form:
        case "json":
            return json.dumps(register, ensure_ascii=False, indent=2).encode()
        case "csv":
            return as_csv(register_sheet(register)).encode()
        case "xlsx":
            return as_xlsx(register_sheet(register))
        case "pdf":
            return as_pdf(register_sheet(register))
        case _:
            return print_register(register).encode()
