"""A table as people get it, whatever it is written as."""

from collections.abc import Sequence
from dataclasses import dataclass
from string import whitespace
from typing import Final
from unicodedata import normalize

_FORMULA: Final = ("=", "+", "-", "@")
_BREAKS: Final = ("\t", "\r", "\n")
_UNSEEN: Final = f"{whitespace}\u00a0\u00ad\u2007\u200b\u200c\u200d\u200e\u200f\u202f\u2060\u3000\ufeff"

Cell = str | int | float | bool | None


@dataclass(frozen=True)
class Sheet:
    """A table with its heading.

    :param title: what it is.
    :param heads: the names of its columns.
    :param rows: as many cells each as there are heads.
    :param notes: lines that stand under it, e.g. a sum or the place of a signature.
    :param widths: how wide the columns are beside one another; all alike if left out.
    """

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()
    widths: Sequence[int] = ()


def harmless(cell: Cell) -> Cell:
    """A cell of which no spreadsheet makes a formula: a text that begins like one is marked as text.

    What reporters and officers write comes into tables, and a formula there acts for whoever opens it. Signs in any
    width count (some programs take a full-width ``=`` for one), and what cannot be seen before them does not.
    """
    if not isinstance(cell, str):
        return cell
    first = normalize("NFKC", cell.lstrip(_UNSEEN)[:1])[:1]
    if first in _FORMULA or cell.lstrip(" ").startswith(_BREAKS):
        return f"'{cell}"
    return cell


def shown(cell: Cell) -> str:
    """A cell as a text: blank for none."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "ya" if cell else "tidak"
    return str(cell)
