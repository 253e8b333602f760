"""``aduan import FILE.csv``: file complaints from a table, one per row."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from cli.doors import ask
from cli.failures import sentence
from cli.installation import data_option, running
from shared.application.runtime import Runtime
from shared.base.blank import is_blank
from shared.base.errors import AduanError, Invalid
from shared.base.times import from_iso
from shared.domain.complaint.channels import known_channel
from shared.domain.complaint.rows import MESSAGE, columns, load_row
from shared.domain.complaint.sides import AS_WRITTEN
from shared.domain.complaint.table import WESTERN, TableFile, read_table
from shared.domain.entries import Entries
from shared.domain.tenants import Tenant
from shared.wording.codes import field_message
from shared.wording.yaml_lines import FileError

Remarks = Callable[[dict[str, Any]], Iterator[str]]

_BY = {"user": "import"}
_CHANNEL = "csv"


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--tenant", required=True, help="The government.")
@click.option("--channel", default=_CHANNEL, show_default=True, help="Where a row names no channel of its own.")
@click.option("--encoding", help="How the file is encoded, if it is neither UTF-8, UTF-16 nor Windows-1252.")
@click.option("--dry-run", is_flag=True, help="Say what would be filed and refused, and file nothing.")
@data_option
def command(file: Path, tenant: str, channel: str, encoding: str | None, dry_run: bool, data: Path | None) -> None:
    """File the complaints of FILE, a CSV table as spreadsheet programs save it.

    Columns: message, title, reporter.name, location.desa, external_id, ... in any order; attachments are written one
    on each line of the cell, or with semicolons between them. A row with an external_id that was filed before changes
    nothing, so a file may be imported again. Rows that cannot be used are told with their line and leave the others
    alone; the status is then 1. A table that cannot be read is told in one sentence, and nothing is filed of it.
    """
    table = _read(file, encoding)
    if table.encoding == WESTERN and encoding is None:
        click.echo(f"{file.name} is not in UTF-8; it was read as Windows-1252", err=True)
    done: Counter[str] = Counter()
    with running(data) as runtime:
        government = runtime.tenants.get(tenant)
        sop = government.sop
        channel = known_channel(sop, _CHANNEL if is_blank(channel) else channel)
        earliest = runtime.clock.now() - timedelta(days=runtime.settings.backdate_days)

        def remarks(complaint: dict[str, Any]) -> Iterator[str]:
            return _remarks(complaint, government.entries, earliest)

        try:
            for line, complaint in _complaints(table, channel, government, remarks, done):
                done[_filed(runtime, tenant, complaint, line, dry_run=dry_run)] += 1
        finally:
            filed = "would be filed" if dry_run else "filed"
            click.echo(f"{done['filed']} {filed}, {done['repeated']} filed before, {done['refused']} refused")
    if done["refused"]:
        raise SystemExit(1)


def _read(file: Path, encoding: str | None) -> TableFile:
    try:
        return read_table(file, columns(), MESSAGE, encoding)
    except LookupError:
        raise click.BadParameter(f"there is no encoding {encoding!r}", param_hint="--encoding") from None
    except FileError:
        click.echo("0 filed: the table cannot be read")
        raise


def _complaints(
    table: TableFile, channel: str, government: Tenant, remarks: Remarks, done: Counter[str]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The complaints of the rows, each with its line; what is wrong with the others is told."""
    seen: dict[tuple[str, str], tuple[int, dict[str, Any]]] = {}
    for record in table.records:
        try:
            row = table.row(record)
            if is_blank(row.get("channel")):
                row["channel"] = channel
            complaint = load_row(row, government.zone)
            complaint["channel"] = known_channel(government.sop, complaint["channel"])
            _check_once(seen, complaint, record.line)
        except Invalid as error:
            _refused(record.line, sentence(error), done)
            continue
        except ValueError as error:
            _refused(record.line, str(error), done)
            continue
        for remark in remarks(complaint):
            click.echo(f"line {record.line}: {remark}", err=True)
        yield record.line, complaint


def _remarks(complaint: dict[str, Any], entries: Entries, earliest: datetime) -> Iterator[str]:
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
    if "occurred_at" in complaint and from_iso(complaint["occurred_at"]) < earliest:
        yield "occurred_at lies further back than ADUAN_BACKDATE_DAYS lets a complaint count: it counts from now"


def _check_once(seen: dict[tuple[str, str], tuple[int, dict[str, Any]]], complaint: dict[str, Any], line: int) -> None:
    """Two complaints of one table under one number: the second would be taken for the first, and lost."""
    if "external_id" not in complaint:
        return
    key = complaint["channel"], complaint["external_id"]
    first, same = seen.setdefault(key, (line, complaint))
    if same != complaint:
        raise Invalid("invalid_fields", fields={"external_id": [field_message("given_in_line", line=first)]})


def _filed(runtime: Runtime, tenant: str, complaint: dict[str, Any], line: int, *, dry_run: bool) -> str:
    if dry_run:
        return "filed"
    try:
        receipt = ask(runtime, "intake", "file", tenant=tenant, complaint=complaint, caller=_BY)
    except AduanError as error:
        click.echo(f"line {line}: {sentence(error)}", err=True)
        return "refused"
    return "filed" if receipt["created"] else "repeated"


def _refused(line: int, why: str, done: Counter[str]) -> None:
    click.echo(f"line {line}: {why}", err=True)
    done["refused"] += 1
