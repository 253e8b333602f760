"""A complaint as one row of text, as in a CSV file: columns named like the fields, nested ones with a dot."""

from collections.abc import Mapping
from typing import Any, Final

from shared.domain.complaint.schema import load_submission

_NUMBERS: Final = frozenset({"location.lat", "location.lon"})


def load_row(row: Mapping[str, str | None]) -> dict[str, Any]:
    """A complaint from a row, e.g. ``{"message": "...", "reporter.name": "...", "location.lat": "-7.7"}``.

    Blank cells count as absent.

    :raises Invalid: as :func:`shared.domain.complaint.schema.load_submission`.
    """
    complaint: dict[str, Any] = {}
    for column, cell in sorted(row.items(), key=_nested_first):
        if not cell or not cell.strip():
            continue
        part, _, name = column.partition(".")
        value = _number(cell) if column in _NUMBERS else cell
        if name:
            complaint.setdefault(part, {})[name] = value
        else:
            complaint[part] = value
    return load_submission(complaint)


def _nested_first(item: tuple[str, str | None]) -> bool:
    return "." not in item[0]  # a column `reporter` beside `reporter.name` then shows as the mistake that it is


def _number(cell: str) -> object:
    try:
        return float(cell)
    except ValueError:
        return cell  # the schema says what is wrong with it
