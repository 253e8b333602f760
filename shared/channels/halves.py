"""Halves of letters: an emoji is two UTF-16 units, and networks cut long SMS between any two of them."""

import re
from collections.abc import Sequence
from typing import Final

MARK: Final = "\ufffd"
"""Stands for a half that never found its other, and where bytes were no text."""
_WRITTEN: Final = re.compile(r"%ED%[AB][0-9A-F]%[89AB][0-9A-F]", re.IGNORECASE)
"""A half as three bytes in a form or an address: what is no UTF-8 stays as it was written; no letter is so."""


def mended(text: str) -> str:
    """A text whose halves are put together; a half without its other is marked."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def together(pieces: Sequence[str]) -> str:
    """Pieces that were cut from one text, as that text.

    Where each side of a cut bears a mark instead of its half, the letter is lost, and was one: one mark stands for it.
    """
    whole = ""
    for piece in pieces:
        whole += piece.removeprefix(MARK) if whole.endswith(MARK) else piece
    return mended(whole)


def unwritten(text: str) -> str:
    """A text of a form or an address, with halves that were written as bytes as what they are."""
    return _WRITTEN.sub(lambda found: bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "surrogatepass"), text)


def lacks_letters(text: str, number: int, total: int) -> bool:
    """Whether something of a part was no text, other than half a letter where it was cut.

    :param number: of the part, from 1.
    """
    inside = text.removeprefix(MARK) if number > 1 else text
    return MARK in (inside.removesuffix(MARK) if number < total else inside)
