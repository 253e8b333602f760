"""A month's register as lines to print by a terminal's printer."""

from collections.abc import Mapping
from typing import Any, Final

from shared.wording.sheets.register_sheet import register_sheet
from shared.wording.sheets.sheet import shown

_CELLS: Final = 2
"""Characters for each unit of width."""


def print_register(register: Mapping[str, Any]) -> str:
    """The register as a page to be printed and kept by hand, with room for a signature."""
    sheet = register_sheet(register)
    widths = [max(4, width * _CELLS) for width in sheet.widths]
    lines = [sheet.title, "", _line(sheet.heads, widths), "-" * (sum(widths) + 2 * (len(widths) - 1))]
    lines += [_line([shown(cell) for cell in row], widths) for row in sheet.rows]
    return "\n".join([*lines, "", *(f"{note}\n" for note in sheet.notes)])


def _line(cells: Any, widths: list[int]) -> str:
    return "  ".join(_fit(cell, width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _fit(cell: str, width: int) -> str:
    text = " ".join(cell.split())
    return f"{text if len(text) <= width else text[: width - 1] + '…':<{width}}"
