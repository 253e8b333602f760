"""A complaint as one row of text, as in a CSV file: columns named like the fields, nested ones with a dot."""

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any, Final

from shared.base.blank import is_blank
from shared.base.errors import Invalid
from shared.domain.complaint.schema import ComplaintSchema, LocationSchema, ReporterSchema, load_submission
from shared.domain.complaint.sides import AS_WRITTEN

_NESTED: Final = {"reporter": ReporterSchema, "location": LocationSchema}
_LISTS: Final = frozenset({"attachments"})
_NUMBERS: Final = frozenset({"location.lat", "location.lon"})
_DIGITS: Final = ("reporter.phone", "reporter.identity", "external_id")

# As people and spreadsheets write a coordinate, with the decimal comma of Indonesia; not all that Python reads.
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,3}(?:[.,][0-9]+)?")
_EXPONENT: Final = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+")
_TOO_NARROW: Final = re.compile(r"#{2,}")
"""What a spreadsheet shows, and saves, of a number or a date that is wider than its column."""
_FAILED: Final = re.compile(r"#(?:N/A|NV|REF!|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!|ERROR!)", re.IGNORECASE)
"""What it puts in the place of a text that began like a formula (``-jalan rusak``)."""
_AS_TEXT: Final = re.compile(r'="([^"]*)"')
"""How exports keep a spreadsheet from reading a text as a number: a formula that is a text and nothing else."""
_BETWEEN_ITEMS: Final = re.compile(r"[;\r\n]+")

MESSAGE: Final = "message"
OF_CHANNELS: Final = "reporter.contacts"
"""What only a channel writes."""


def columns() -> tuple[str, ...]:
    """The columns that a table of complaints may have."""
    names: list[str] = []
    for name in ComplaintSchema().fields:
        names += [f"{name}.{below}" for below in _NESTED[name]().fields] if name in _NESTED else [name]
    return tuple(name for name in names if name != OF_CHANNELS)


def load_row(row: Mapping[str, str | None], zone: tzinfo | None = None) -> dict[str, Any]:
    """A complaint from a row, e.g. ``{"message": "...", "reporter.name": "...", "location.lat": "-7.7"}``.

    Blank cells count as absent. ``attachments`` holds one on each line, or several with semicolons between them.

    :param zone: in which ``occurred_at`` is meant where it names no offset, as in a spreadsheet (``2026-10-05 08:00``).
    :raises Invalid: as :func:`shared.domain.complaint.schema.load_submission`; and for what a spreadsheet has not kept:
        a number of which a few digits are left (``8.12346E+11``, ``#####``), or a text in whose place an error stands
        (``#NAME?``). What it was cannot be told any more.
    """
    row = {name: _unwrapped(cell) for name, cell in row.items()}
    _check_kept(row)
    complaint: dict[str, Any] = {}
    written: dict[str, str] = {}
    for column, cell in sorted(row.items(), key=_nested_first):
        if cell is None or is_blank(cell):
            continue
        value = _value(column, cell, zone)
        if value is None:
            written[column] = cell.strip()
            continue
        part, _, name = column.partition(".")
        if name:
            complaint.setdefault(part, {})[name] = value
        else:
            complaint[part] = value
    loaded = load_submission(complaint)
    return {**loaded, AS_WRITTEN: {**loaded.get(AS_WRITTEN, {}), **written}} if written else loaded


def _unwrapped(cell: str | None) -> str | None:
    found = _AS_TEXT.fullmatch(cell.strip()) if cell else None
    return found[1] if found else cell


def _check_kept(row: Mapping[str, str | None]) -> None:
    damaged: dict[str, list[str]] = {}
    for name, cell in row.items():
        written = (cell or "").strip()
        if _FAILED.fullmatch(written):
            damaged[name] = ["formula_failed"]
        elif _TOO_NARROW.fullmatch(written) or (name in _DIGITS and _EXPONENT.fullmatch(written)):
            damaged[name] = ["digits_lost"]
    if damaged:
        raise Invalid("invalid_fields", fields=damaged)


def _nested_first(item: tuple[str, str | None]) -> bool:
    return "." not in item[0]  # a column `reporter` beside `reporter.name` then shows as the mistake that it is


def _value(column: str, cell: str, zone: tzinfo | None) -> object:
    """The cell as its field takes it; none if it cannot."""
    if column == "occurred_at":
        return _instant(cell.strip(), zone)
    if column in _LISTS:
        return [item for item in _BETWEEN_ITEMS.split(cell) if not is_blank(item)]
    if column not in _NUMBERS:
        return cell
    number = cell.strip()
    return float(number.replace(",", ".")) if _NUMBER.fullmatch(number) else None


def _instant(cell: str, zone: tzinfo | None) -> str:
    try:
        instant = datetime.fromisoformat(cell)
    except ValueError:
        return cell
    return cell if instant.tzinfo is not None or zone is None else instant.replace(tzinfo=zone).isoformat()
