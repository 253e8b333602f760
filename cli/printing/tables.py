"""Columns set in plain text."""

from collections.abc import Sequence


def pairs(rows: Sequence[tuple[str, str]]) -> list[str]:
    """Names and values, the values in one column at the right."""
    names = max(len(name) for name, _ in rows)
    values = max(len(value) for _, value in rows)
    return [f"  {name:<{names}}  {value:>{values}}" for name, value in rows]


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows under their heads; the first column at the left, the others at the right."""
    widths = [max(len(each[place]) for each in (heads, *rows)) for place in range(len(heads))]
    return [
        _line(heads, widths),
        "  " + "  ".join("-" * width for width in widths),
        *(_line(row, widths) for row in rows),
    ]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(cells, widths, strict=True)
    return ("  " + "  ".join([f"{first[0]:<{first[1]}}", *(f"{cell:>{width}}" for cell, width in rest)])).rstrip()
