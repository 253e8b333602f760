"""A month's register, as reporting gives it, made into lines to print or rows for a spreadsheet."""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from cli.printing.labels import month_name

Register = Mapping[str, Any]

_HEADS = ("No", "Tiket", "Masuk", "Saluran", "Kategori", "Perangkat daerah", "Status", "Dijawab", "Tepat waktu")
_WIDTHS = (4, 16, 16, 10, 30, 34, 12, 16, 11)
_IN_TIME = {True: "ya", False: "tidak", None: ""}


def print_register(register: Register) -> str:
    """The register as a page to be printed and kept by hand, with room for a signature."""
    titles = ", ".join(each["title"] for each in register["titles"] if each["form"] == "manual")
    heading = f"{titles or 'Register aduan'}, {register['government']}, {month_name(register['month'], 'id')}"
    lines = [heading, "", _line(_HEADS), "-" * (sum(_WIDTHS) + 2 * (len(_WIDTHS) - 1))]
    lines += [_line(cells) for cells in _cells(register)]
    lines += ["", f"Jumlah: {len(register['rows'])} aduan", "", "Petugas: ______________________", ""]
    return "\n".join(lines)


def register_csv(register: Register) -> str:
    """The register as CSV, whole values, one complaint per row."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    rows = register["rows"]
    names = [name for name in (rows[0] if rows else {}) if name != "agency"]
    writer.writerow(names)
    writer.writerows([["" if row[name] is None else row[name] for name in names] for row in rows])
    return written.getvalue()


def _cells(register: Register) -> Iterator[tuple[str, ...]]:
    for number, row in enumerate(register["rows"], start=1):
        yield (
            str(number),
            row["ticket"],
            _minute(row["filed_at"]),
            row["channel"],
            (row["category"] or "").capitalize(),
            row["agency_name"] or "",
            row["status"],
            _minute(row["answered_at"]),
            _IN_TIME[row["in_time"]],
        )


def _minute(instant: str | None) -> str:
    return datetime.fromisoformat(instant).strftime("%d-%m-%Y %H:%M") if instant else ""


def _line(cells: tuple[str, ...]) -> str:
    return "  ".join(_fit(cell, width) for cell, width in zip(cells, _WIDTHS, strict=True)).rstrip()


def _fit(cell: str, width: int) -> str:
    return f"{cell if len(cell) <= width else cell[: width - 1] + '…':<{width}}"
