"""Rows by the names of their columns."""

from typing import Any


def named_rows(cursor: Any) -> list[dict[str, Any]]:
    """All rows, or all that are left, of what a cursor has just asked for."""
    names = [column.name for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
