"""Layouts: how the table of another system says what a complaint says. A file for each system, no code.

.. code-block:: yaml

    source: sp4n                           # first half of external_id
    header: {find: Tracking ID}            # the first row with this cell is the heading; rows above it are skipped
    channel: lapor_sp4n
    columns:
      external_id: Tracking ID
      message: [Isi Laporan Akhir, Isi Laporan Awal]             # the first that is not blank
      occurred_at: {columns: [Tanggal, Waktu], formats: ["%d %b %Y %H:%M"]}     # put together, in the tenant's zone
      privacy: {column: Tipe Laporan, values: {Anonim: anonymous}, else: open}
    skip: {Status Laporan: [Ditutup]}
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from marshmallow import Schema, ValidationError, fields

from shared.base.blank import is_blank
from shared.base.errors import Invalid
from shared.base.names import canonical, spelled
from shared.domain.complaint.bridging import Bridge, BridgeSchema
from shared.domain.complaint.rows import MESSAGE, columns
from shared.domain.complaint.table import Record, refuse_doubled
from shared.domain.sop.reading.schema import Name, WordField
from shared.wording.codes import field_message
from shared.wording.yaml_lines import FileError, load_yaml
from shared.wording.yaml_schema import load_with

_NAMES: Final = ("jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des")
_MONTHS: Final = {
    **{name: f"{number:02}" for number, name in enumerate(_NAMES, 1)},
    "may": "05",
    "aug": "08",
    "oct": "10",
    "dec": "12",
    "agt": "08",
    "ags": "08",
    "peb": "02",
    "nop": "11",
}
"""The first three letters of months, as Indonesian and English exports write them."""
_MONTH: Final = re.compile(r"(?<![^\W\d_])([A-Za-z]{3})[A-Za-z]*\.?(?![^\W\d_])")
_DAY_NAME: Final = re.compile(r"^[^\W\d_]+['\u2019]?[^\W\d_]*\s*,\s*")
_MIDNIGHT: Final = re.compile(r"^([0-9]{4}-[0-9]{2}-[0-9]{2}) 00:00(?::00)? (?=[0-9]{1,2}[:.])")
"""A cell that is a date, with the time's own cell behind it."""
_DOTTED_TIME: Final = re.compile(r"(?<= )([0-9]{1,2})\.([0-9]{2})(?:\.([0-9]{2}))?\Z")
_ZONE: Final = re.compile(r" (WIB|WITA|WIT)\Z", re.IGNORECASE)
_ZONES: Final = {name: timezone(timedelta(hours=hours)) for name, hours in (("WIB", 7), ("WITA", 8), ("WIT", 9))}
_REMEDY: Final = {"remedy": "write a heading, a list of them, or {column: ..., values: {...}}"}


@dataclass(frozen=True)
class From:
    """Where a field's value comes from.

    :param columns: headings; the first whose cell is not blank, or all of them where ``formats`` are given.
    :param values: what a cell means, by what stands in it; of a cell that is none of them ``other``, if that is given.
    :param formats: of an instant, as ``strptime`` has them.
    :param zone: of its instants, where the source keeps another than the government that reads it.
    """

    columns: tuple[str, ...]
    values: Mapping[str, str | None] = field(default_factory=dict)
    other: str | None = None
    formats: tuple[str, ...] = ()
    strict: bool = False
    zone: ZoneInfo | None = None


@dataclass(frozen=True)
class Layout:
    """One system's tables.

    :param find: a cell by which the heading is known; the first row that is not blank if none is named.
    :param fields: by the name of a complaint's field.
    :param skip: rows that are no complaints for us, by heading and cell.
    :param bridge: what goes back to the system, if anything.
    """

    source: str
    fields: Mapping[str, From]
    find: str | None = None
    channel: str | None = None
    skip: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    bridge: Bridge | None = None

    @property
    def headings(self) -> tuple[str, ...]:
        """All headings that it names."""
        named = (column for each in self.fields.values() for column in each.columns)
        bridged = self.bridge.headings if self.bridge else ()
        return tuple(dict.fromkeys([*named, *self.skip, *bridged]))


class _FromField(fields.Field[From]):
    def __init__(self) -> None:
        super().__init__(metadata=_REMEDY)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> From:  # noqa: ARG002
        if isinstance(value, str):
            return From((value,))
        if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
            return From(tuple(value))
        if not isinstance(value, Mapping) or set(value) - {"column", "columns", "values", "else", "formats", "zone"}:
            raise ValidationError("neither a heading nor a list of them")
        named = value.get("columns") or ([value["column"]] if "column" in value else [])
        if not named:
            raise ValidationError("no column is named")
        meant = (value.get("values") or {}).items()
        values = {canonical(str(cell)): (None if each is None else str(each)) for cell, each in meant}
        other = value.get("else")
        return From(
            tuple(str(each) for each in named),
            values,
            None if other is None else str(other),
            tuple(str(each) for each in value.get("formats") or ()),
            strict=bool(values) and "else" not in value,
            zone=_zone(value.get("zone")),
        )


def _zone(told: object) -> ZoneInfo | None:
    """The zone that a layout names.

    :raises ValidationError: if there is none of that name.
    """
    try:
        return None if told is None else ZoneInfo(str(told))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValidationError("no such zone: write one like Asia/Jakarta") from None


class _HeaderSchema(Schema):
    find = WordField(required=True)


class _LayoutSchema(Schema):
    source = Name(required=True)
    header = fields.Nested(_HeaderSchema, load_default=None)
    channel = Name(load_default=None)
    columns = fields.Dict(keys=WordField(), values=_FromField(), required=True)
    skip = fields.Dict(keys=WordField(), values=fields.List(fields.String()), load_default=dict)
    bridge = fields.Nested(BridgeSchema, load_default=None)


def load_layout(path: Path) -> Layout:
    """Read a layout.

    :raises FileError: if it is wrong, or names a field that a complaint has not.
    """
    document = load_yaml(path)
    data = load_with(document, _LayoutSchema())
    known = columns()
    unknown = [name for name in data["columns"] if name not in known]
    if unknown:
        found = [
            document.error(("columns", name), f"a complaint has no field {name!r}", f"fields are {', '.join(known)}")
            for name in unknown
        ]
        raise FileError.of(found)
    if MESSAGE not in data["columns"]:
        raise document.error(("columns",), "no column becomes the message", "add message: and its heading")
    header = data["header"]
    return Layout(
        data["source"],
        data["columns"],
        header["find"] if header else None,
        data["channel"],
        {name: tuple(canonical(each) for each in cells) for name, cells in data["skip"].items()},
        data["bridge"],
    )


def heading_row(path: Path, records: Sequence[Record], layout: Layout) -> tuple[dict[str, int], list[Record]]:
    """Where each heading stands, and the rows below.

    :raises FileError: if there is no such row, it lacks a heading without which nothing can be filed or of which every
        word is listed, or one that is read stands there twice.
    """
    for place, record in enumerate(records):
        cells = [" ".join(cell.split()) for cell in record.cells]
        if layout.find is None or any(canonical(cell) == canonical(layout.find) for cell in cells):
            named = [spelled(cell, layout.headings) for cell in cells]
            found = {name: at for at, name in enumerate(named) if name is not None}
            refuse_doubled(path, record, named)
            # Where every word is listed, a heading that has another name now is no blank: it would make secrets open.
            for field_ in (layout.fields[MESSAGE], *(each for each in layout.fields.values() if each.strict)):
                if not any(column in found for column in field_.columns):
                    wanted = " or ".join(field_.columns)
                    remedy = "choose another layout, or correct its columns"
                    raise FileError(path, record.line, f"there is no column {wanted}", remedy)
            return found, list(records[place + 1 :])
    raise FileError(
        path, 1, f"no row holds {layout.find or 'headings'}", "choose another layout, or correct its header"
    )


def is_skipped(layout: Layout, heading: Mapping[str, int], record: Record) -> bool:
    """Whether a row is no complaint for us."""
    return any(canonical(cell_of(heading, record, name)) in cells for name, cells in layout.skip.items())


def row_of(layout: Layout, heading: Mapping[str, int], record: Record, zone: ZoneInfo) -> dict[str, str | None]:
    """A row in our own columns, for :func:`shared.domain.complaint.rows.load_row`.

    :param zone: in which the source tells its times, where its layout names none.
    :raises Invalid: naming each field at fault.
    """
    row: dict[str, str | None] = {}
    faults: dict[str, list[str]] = {}
    for name, source in layout.fields.items():
        try:
            row[name] = _value(source, heading, record, zone)
        except _UnfitCell as unfit:
            faults[name] = [unfit.message]
    if faults:
        raise Invalid("invalid_fields", fields=faults)
    if row.get("external_id"):
        row["external_id"] = f"{layout.source}:{row['external_id']}"
    if layout.channel and not row.get("channel"):
        row["channel"] = layout.channel
    return row


class _UnfitCell(Exception):
    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def _value(source: From, heading: Mapping[str, int], record: Record, zone: ZoneInfo) -> str | None:
    cells = [cell_of(heading, record, column) for column in source.columns]
    if source.formats:
        return _instant(" ".join(cell for cell in cells if not is_blank(cell)), source.formats, source.zone or zone)
    cell = next((each for each in cells if not is_blank(each)), "")
    if not source.values:
        return cell or None
    if canonical(cell) in source.values:
        return source.values[canonical(cell)]
    if source.strict and not is_blank(cell):
        raise _UnfitCell(field_message("not_a_choice", choices=" | ".join(filter(None, source.values))))
    return source.other


def _instant(text: str, formats: Sequence[str], zone: tzinfo) -> str | None:
    """An instant in one of several forms; months by their names become numbers, and ``%b`` stands for such a number.

    Where none fits what was written, a day's name before it counts for nothing, a time may be written with full stops
    (``07.15``), and a zone's letters behind it (WIB, WITA, WIT) say more than the layout does.
    """
    if is_blank(text):
        return None
    written = " ".join(text.split())
    plain, own_zone = _plain(written, zone)
    found = _read(written, formats)
    if found is None:
        found, zone = _read(plain, formats) or _iso(plain), own_zone
    if found is None:
        return text  # kept as it was written: no complaint is refused for its date
    return (found if found.tzinfo else found.replace(tzinfo=zone)).isoformat()


def _plain(written: str, zone: tzinfo) -> tuple[str, tzinfo]:
    """What is left to be read where no form fits what was written, and the zone that was written."""
    plain = _DAY_NAME.sub("", written)
    if told := _ZONE.search(plain):
        plain, zone = plain[: told.start()], _ZONES[told[1].upper()]
    plain = _MIDNIGHT.sub(r"\1 ", plain)
    return _DOTTED_TIME.sub(lambda found: ":".join(filter(None, found.groups())), plain), zone


def _read(text: str, formats: Sequence[str]) -> datetime | None:
    numbered = _MONTH.sub(lambda found: _MONTHS.get(found[1].lower(), found[0]), text)
    for form in formats:
        numeric = form.replace("%b", "%m").replace("%B", "%m")
        with suppress(ValueError):
            return datetime.strptime(numbered, numeric)  # noqa: DTZ007 - the zone follows
    return None


def _iso(text: str) -> datetime | None:
    with suppress(ValueError):
        return datetime.fromisoformat(text)
    return None


def cell_of(heading: Mapping[str, int], record: Record, name: str) -> str:
    """What stands in a row under a heading; blank where there is no such column."""
    at = heading.get(name)
    return record.cells[at].strip() if at is not None and at < len(record.cells) else ""
