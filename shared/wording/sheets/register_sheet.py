"""A month's register, as reporting gives it, as a table in the words of the government's people."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from shared.wording.labels import month_name, word
from shared.wording.sheets.sheet import Cell, Sheet

_COLUMNS: Final = (
    ("number", "No", 2),
    ("ticket", "Nomor tiket", 7),
    ("filed_at", "Diterima", 6),
    ("channel", "Saluran", 5),
    ("name", "Nama pelapor", 8),
    ("address", "Alamat", 8),
    ("identity", "Identitas", 7),
    ("title", "Judul", 10),
    ("message", "Isi laporan", 18),
    ("category", "Kategori", 8),
    ("agency_name", "Perangkat daerah", 9),
    ("dispositions", "Disposisi", 7),
    ("answer", "Jawaban", 16),
    ("answered_at", "Dijawab", 6),
    ("delivered_at", "Disampaikan", 6),
    ("status", "Status", 6),
    ("in_time", "Tepat waktu", 4),
)
"""Names of a row's values, what people call them, and how wide they stand on paper."""
_WRITTEN: Final = frozenset({"name", "address", "identity", "title", "message", "answer", "dispositions"})


def register_sheet(register: Mapping[str, Any]) -> Sheet:
    """The register with a line for every complaint, and the place of a signature.

    Columns of what was written stand there only if the reader may see any of it.
    """
    rows: Sequence[Mapping[str, Any]] = register["rows"]
    told = any("message" in row for row in rows)
    columns = [column for column in _COLUMNS if told or column[0] not in _WRITTEN]
    titles = ", ".join(each["title"] for each in register["titles"]) or "Register aduan"
    own = register.get("channels", {})  # none of a service of the version before
    by = f", saluran {_channel(register['channel'], own)}" if register.get("channel") else ""
    rows = [{**row, "channel": _channel(row["channel"], own)} for row in rows]
    return Sheet(
        title=f"{titles}{by}, {register['government']}, {month_name(register['month'], 'id')}",
        heads=[head for _, head, _ in columns],
        rows=[[_cell(name, row, place) for name, _, _ in columns] for place, row in enumerate(rows, 1)],
        notes=[f"Jumlah: {len(rows)} aduan", "Petugas: ______________________"],
        widths=[width for _, _, width in columns],
    )


def _channel(channel: str, own: Mapping[str, str]) -> str:
    """Its name: the procedure's own, or else what people call it."""
    return own.get(channel) or word(channel, "id")


def _cell(name: str, row: Mapping[str, Any], place: int) -> Cell:
    value = row.get(name)
    match name:
        case "number":
            return place
        case "filed_at" | "answered_at" | "delivered_at":
            return _minute(value)
        case "status":
            return word(str(value), "id")
        case "in_time":
            return None if value is None else "ya" if value else "tidak"
        case "message":
            added = [f"[{_minute(each['at'])}] {each['message']}" for each in row.get("additions") or ()]
            return "\n".join([value or "", *added]) if added else value
        case "dispositions":
            return "; ".join(f"{_minute(each['at'])} {each['agency']}" for each in value or ())
        case _:
            return value


def _minute(instant: str | None) -> str | None:
    return datetime.fromisoformat(instant).strftime("%d-%m-%Y %H:%M") if instant else None
