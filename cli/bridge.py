"""``aduan bridge``: two systems that hold the same complaints, kept in step by files."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import click

from cli.bridging import compared, reports_of
from cli.bridging_port import fetched, sent, system_named
from cli.doors import ask
from cli.importing_layout import layout_named
from cli.installation import data_option, running
from cli.outputs import naming
from cli.up_to_date import come_up
from cli.words import Encoding
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.channels.bridges import ForeignTable
from shared.domain.complaint.bridging import Bridge
from shared.domain.complaint.layout import Layout
from shared.wording.sheets.csv_sheet import as_csv
from shared.wording.sheets.sheet import Sheet
from shared.wording.sheets.xlsx_sheet import as_xlsx

_HEADING: Final = ("row", "external_id", "ticket", "code", "why")
_FILE: Final = click.Path(dir_okay=False, path_type=Path)

_tenant = click.option("--tenant", required=True, help="The government.")
_map = click.option("--map", "layout", required=True, help="The other system's layout, as for `aduan import`.")
_channel = click.option("--channel", help="By which its complaints were filed; the layout's, else csv.")
_actor = click.option("--actor", required=True, help="For this role of the government's own, e.g. coordinator.")


@click.group()
def command() -> None:
    """Answers back to another system, and where the two disagree."""


@command.command()
@_tenant
@_map
@_channel
@_actor
@click.option("--output", type=_FILE, help="Where to write it: .csv or .xlsx.")
@click.option("--via", help="Or by what adapter it is brought over.")
@click.option("--since", type=click.IntRange(min=0), default=0, help="Only what has changed since this position.")
@data_option
def export(
    tenant: str,
    layout: str,
    channel: str | None,
    actor: str,
    output: Path | None,
    via: str | None,
    since: int,
    data: Path | None,
) -> None:
    """Bring the status and answer of its complaints back, in the other system's columns.

    Tells the position of the log up to which it stands: with --since and that number the next table holds only what
    has changed. A table that is written again holds the same again, so one that was lost harms nothing.
    """
    not_taken: Mapping[str, str] = {}
    with running(data) as runtime:
        if (output is None) == (via is None):
            raise click.UsageError("say where it goes: either --output or --via")
        read, bridge = _bridge(runtime, layout)
        system = system_named(runtime, tenant, via) if via else None
        rows, position = _ours(runtime, tenant, read, channel, actor, since)
        back = [bridge.row(each) for each in rows]
        if system is not None:
            not_taken = sent(system, ForeignTable(tuple(bridge.back), tuple(map(tuple, back))))
    if output is not None:
        _write(output, Sheet(f"Tindak lanjut {tenant}", list(bridge.back), back))
    for number, why in not_taken.items():
        click.echo(f"{number} was not taken: {why}", err=True)
    if not_taken:
        click.echo(f"{len(rows) - len(not_taken)} complaints; {len(not_taken)} not taken, so again --since {since}")
        raise SystemExit(1)
    click.echo(f"{len(rows)} complaints; the next time --since {position}")


@command.command()
@_tenant
@click.option("--via", required=True, help="The adapter, by the name under which its package brings it.")
@click.option("--output", required=True, type=_FILE, help="Where to write it: .csv or .xlsx.")
@data_option
def fetch(tenant: str, via: str, output: Path, data: Path | None) -> None:
    """Fetch the other system's complaints by an adapter, as a table for `aduan import` and `aduan bridge compare`."""
    with running(data) as runtime:
        table = fetched(system_named(runtime, tenant, via))
    _write(output, Sheet(f"Laporan {tenant}", list(table.headings), list(map(list, table.rows))))
    click.echo(f"{len(table.rows)} complaints")


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_tenant
@_map
@_channel
@_actor
@click.option("--sheet", help="Of a workbook: the sheet; the first one unless given.")
@click.option(
    "--encoding", type=Encoding(), help="How the file is encoded, if it is neither UTF-8, UTF-16 nor Windows-1252."
)
@click.option("--output", type=_FILE, help="Write the log of conflicts to this CSV file.")
@data_option
def compare(
    file: Path,
    tenant: str,
    layout: str,
    channel: str | None,
    actor: str,
    sheet: str | None,
    encoding: str | None,
    output: Path | None,
    data: Path | None,
) -> None:
    """Hold FILE, an export of the other system, against what is here; ends with status 1 if they disagree.

    Nothing is changed on either side: each conflict is told with what a person may do.
    """
    with running(data) as runtime:
        read, bridge = _bridge(runtime, layout)
        government = runtime.tenants.get(tenant)
        reports = reports_of(file, read, bridge, government, sheet, encoding)
        rows, _ = _ours(runtime, tenant, read, channel, actor, 0)
        ours = {f"{read.source}:{each['external_id']}": each for each in rows}
        found = list(compared(reports, ours, lambda dossier: _twice(runtime, tenant, dossier, actor)))
    for each in found:
        click.echo(f"line {each[0]}: {each[1]} {each[2] or '-'} {each[3]}: {each[4]}", err=True)
    if output is not None:
        with naming(output):
            output.write_text(as_csv(Sheet("", _HEADING, found)), encoding="utf-8-sig", newline="")
    click.echo(f"{len(reports)} compared, {len(found)} conflicts")
    if found:
        raise SystemExit(1)


def _write(output: Path, sheet: Sheet) -> None:
    if output.suffix.lower() == ".xlsx":
        with naming(output):
            output.write_bytes(as_xlsx(sheet))
    else:
        with naming(output):
            output.write_text(as_csv(sheet), encoding="utf-8-sig", newline="")


def _bridge(runtime: Runtime, named: str) -> tuple[Layout, Bridge]:
    layout = layout_named(runtime, named)
    if layout.bridge is None:
        raise click.UsageError(f"the layout {named} says nothing of what goes back: add bridge: to it")
    return layout, layout.bridge


def _ours(
    runtime: Runtime, tenant: str, layout: Layout, channel: str | None, actor: str, since: int
) -> tuple[list[dict[str, Any]], int]:
    """All that came from the other system, and the position of the log up to which it was told.

    :raises click.ClickException: if what is read lags behind the log: what was filed a moment ago would seem not to be
        here.
    """
    come_up(runtime, "reporting")
    asked = {"source": layout.source, "channel": channel or layout.channel or "csv", "since": since}
    caller = Caller(runtime.tenants.meant(tenant), actor, user="cli").to_dict()
    pages: list[dict[str, Any]] = []
    while not pages or pages[-1]["next"] is not None:
        after = pages[-1]["next"] if pages else None
        page = ask(runtime, "reporting", "exchange", tenant=tenant, asked={**asked, "after": after}, caller=caller)
        pages.append(page)
    return [row for page in pages for row in page["rows"]], min(page["position"] for page in pages)


def _twice(runtime: Runtime, tenant: str, dossier: str, actor: str) -> Sequence[str]:
    """The tickets of what the same person sent in the same words in another way."""
    caller = Caller(runtime.tenants.meant(tenant), actor, user="cli").to_dict()
    found = ask(runtime, "reporting", "suggestions", tenant=tenant, dossier_id=dossier, caller=caller)
    return list(_tickets(found["alike"]))


def _tickets(alike: Sequence[dict[str, Any]]) -> Iterator[str]:
    yield from (each["ticket"] for each in alike if each["sent_twice"])
