"""``aduan import FILE``: file complaints from a table, one per row."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from cli.doors import ask
from cli.importing_layout import layout_named, layout_records
from cli.importing_progress import Progress, progress
from cli.importing_report import RefusedRows
from cli.installation import data_option, running
from cli.words import Encoding
from shared.application.runtime import Runtime
from shared.base.blank import is_blank
from shared.base.errors import AduanError, Invalid, Unavailable, Unworkable
from shared.base.times import from_iso
from shared.domain.complaint.channels import known_channel
from shared.domain.complaint.layout import Layout, is_skipped, row_of
from shared.domain.complaint.rows import MESSAGE, columns, load_row
from shared.domain.complaint.sides import AS_WRITTEN
from shared.domain.complaint.table import WESTERN, Record, heading_of, read_table
from shared.domain.complaint.workbook import SUFFIX, read_workbook
from shared.domain.entries import Entries
from shared.domain.tenants import Tenant
from shared.wording.codes import field_message
from shared.wording.yaml_lines import FileError

Remarks = Callable[[dict[str, Any]], Iterator[str]]
RowOf = Callable[[Record], dict[str, str | None] | None]

_BY = {"user": "import"}
_CHANNEL = "csv"


@dataclass(frozen=True)
class _Rows:
    """The rows of a table.

    :param encoding: by which it was read; blank of a workbook.
    :param row_of: a row in our own columns; none if it is left out.
    """

    encoding: str
    records: tuple[Record, ...]
    row_of: RowOf


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--tenant", required=True, help="The government.")
@click.option("--map", "layout", help="How another system's table is read: a file, or the name of one in _layouts.")
@click.option("--sheet", help="Of a workbook: the sheet; the first one that is not hidden unless given.")
@click.option("--channel", default=_CHANNEL, show_default=True, help="Where a row names no channel of its own.")
@click.option(
    "--encoding", type=Encoding(), help="How the file is encoded, if it is neither UTF-8, UTF-16 nor Windows-1252."
)
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write refused rows to this CSV file.")
@click.option("--resume", is_flag=True, help="Go on with an import that was stopped.")
@click.option("--dry-run", is_flag=True, help="Say what would be filed and refused, and file nothing.")
@data_option
def command(
    file: Path,
    tenant: str,
    layout: str | None,
    sheet: str | None,
    channel: str,
    encoding: str | None,
    report: Path | None,
    resume: bool,
    dry_run: bool,
    data: Path | None,
) -> None:
    """File the complaints of FILE: a CSV table as spreadsheet programs save it, or a workbook (XLSX).

    Columns: message, title, reporter.name, location.desa, external_id, ... in any order, or another system's by --map;
    attachments are written one on each line of the cell, or with semicolons between them. A row with an external_id
    that was filed before changes nothing, so a file may be imported again. Rows that cannot be used are told with
    their line and leave the others alone; the status is then 1. A table that cannot be read is told in one sentence,
    and nothing is filed of it. An import that was stopped goes on with --resume.
    """
    if not file.is_file():
        raise click.BadParameter(f"{file} is read more than once; write it to a file on the disk", param_hint="FILE")
    done: Counter[str] = Counter()
    refused = RefusedRows(report, goes_on=resume)
    refused.begin()
    options = (tenant, layout, sheet, channel, encoding)
    with running(data, new=not dry_run) as runtime, progress(file, options, resume=resume, keep=not dry_run) as come:
        government = runtime.tenants.get(tenant)
        sop = government.sop
        rows = _read(file, encoding, sheet, layout_named(runtime, layout) if layout else None, government)
        if rows.encoding == WESTERN and encoding is None:
            click.echo(f"{file.name} is not in UTF-8; it was read as Windows-1252", err=True)
        channel = known_channel(sop, _CHANNEL if is_blank(channel) else channel)
        now = runtime.clock.now()
        earliest = now - timedelta(days=runtime.settings.backdate_days)

        def remarks(complaint: dict[str, Any]) -> Iterator[str]:
            return _remarks(complaint, government.entries, earliest, now)

        try:
            with _progress(rows.records) as records:
                found = _complaints(records, rows.row_of, channel, government, remarks, done, refused, come)
                for line, complaint in found:
                    try:
                        done["filed" if dry_run else _filed(runtime, tenant, complaint)] += 1
                    except (Unavailable, Unworkable):
                        raise  # that is no fault of the row's, and the next one would fare no better
                    except AduanError as error:
                        refused.refuse(line, error)
                    come.done(line)
        finally:
            refused.end()
            filed = "would be filed" if dry_run else "filed"
            left_out = f", {done['skipped']} left out" if done["skipped"] else ""
            before = f", {come.passed_over} done before it was stopped" if come.passed_over else ""
            told = f"{done['filed']} {filed}, {done['repeated']} filed before, {refused.count} refused"
            click.echo(f"{told}{left_out}{before}")
    if refused.count:
        raise SystemExit(1)


def _progress(records: tuple[Record, ...]) -> Any:
    """The rows, with a bar for who watches."""
    if not sys.stderr.isatty():
        return nullcontext(records)
    return click.progressbar(records, file=sys.stderr)


def _read(file: Path, encoding: str | None, sheet: str | None, layout: Layout | None, government: Tenant) -> _Rows:
    try:
        if layout is not None:
            return _by_layout(file, encoding, sheet, layout, government)
        if file.suffix.lower() == SUFFIX:
            table = heading_of(file, read_workbook(file, sheet), columns(), MESSAGE)
        else:
            table = read_table(file, columns(), MESSAGE, encoding)
    except FileError:
        click.echo("0 filed: the table cannot be read")
        raise
    return _Rows(table.encoding, table.records, lambda record: {**table.row(record)})


def _by_layout(file: Path, encoding: str | None, sheet: str | None, layout: Layout, government: Tenant) -> _Rows:
    found, heading, below = layout_records(file, layout, sheet, encoding)

    def row_in_ours(record: Record) -> dict[str, str | None] | None:
        return None if is_skipped(layout, heading, record) else row_of(layout, heading, record, government.zone)

    return _Rows(found, tuple(below), row_in_ours)


def _complaints(
    records: Any,
    row_of_ours: RowOf,
    channel: str,
    government: Tenant,
    remarks: Remarks,
    done: Counter[str],
    refused: RefusedRows,
    come: Progress,
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The complaints of the rows, each with its line; what is wrong with the others is told.

    Rows that were done before are read once more, since a later one may bear the number of one of them.
    """
    seen: dict[tuple[str, str], tuple[int, dict[str, Any]]] = {}
    for record in records:
        again = come.passes(record.line)
        try:
            row = row_of_ours(record)
            if row is None:
                done["skipped"] += not again
                continue
            if is_blank(row.get("channel")):
                row["channel"] = channel
            complaint = load_row(row, government.zone)
            complaint["channel"] = known_channel(government.sop, complaint["channel"])
            _check_once(seen, complaint, record.line)
        except (Invalid, ValueError) as error:
            if not again:
                refused.refuse(record.line, error)
                come.done(record.line)
            continue
        if again:
            continue
        for remark in remarks(complaint):
            click.echo(f"line {record.line}: {remark}", err=True)
        yield record.line, complaint


def _remarks(complaint: dict[str, Any], entries: Entries, earliest: datetime, now: datetime) -> Iterator[str]:
    """What of a complaint is filed otherwise than the table might have meant."""
    if kept := complaint.get(AS_WRITTEN):
        yield f"kept as written, since it cannot be used: {', '.join(kept)}"
    place = complaint.get("location") or {}
    named = (
        ("location.kecamatan", place.get("kecamatan"), entries.kecamatan),
        ("location.desa", place.get("desa"), entries.desa),
        ("category", complaint.get("category"), entries.category),
    )
    if unknown := [name for name, written, entry in named if written and entry(written) is None]:
        yield f"kept as written, since the government's lists have no such entry: {', '.join(unknown)}"
    stated = from_iso(complaint["occurred_at"]) if "occurred_at" in complaint else None
    if stated is not None and stated > now:
        yield "kept as written, since it is still to come: occurred_at"
    if stated is not None and stated < earliest:
        yield "occurred_at lies further back than ADUAN_BACKDATE_DAYS lets a complaint count: it counts from now"


def _check_once(seen: dict[tuple[str, str], tuple[int, dict[str, Any]]], complaint: dict[str, Any], line: int) -> None:
    """Two complaints of one table under one number: the second would be taken for the first, and lost."""
    if "external_id" not in complaint:
        return
    key = complaint["channel"], complaint["external_id"]
    first, same = seen.setdefault(key, (line, complaint))
    if same != complaint:
        raise Invalid("invalid_fields", fields={"external_id": [field_message("given_in_line", line=first)]})


def _filed(runtime: Runtime, tenant: str, complaint: dict[str, Any]) -> str:
    receipt = ask(runtime, "intake", "file", tenant=tenant, complaint=complaint, caller=_BY)
    return "filed" if receipt["created"] else "repeated"
