"""Tickets and tracking codes as people type, paste and hear them.

Nobody should be told that a complaint is unknown because it was asked for in small letters, with a ``#`` from a letter,
with the long dash that a word processor makes, or with an O for a zero.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

CODE_ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Tracking codes hold no I, O, 0 and 1, which are mistaken for one another, or for L."""

_YEAR: Final = 4
_NUMBER: Final = 6
_WORDS: Final = ("NOMOR", "NO", "NUMBER", "NUM", "NR", "TIKET", "TICKET", "ADUAN", "LAPORAN", "BERKAS", "KODE", "ID")
"""What people write before a ticket, in letters, a full stop or a colon between them."""
_DIGITS: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BEFORE: Final = "|".join(word.translate(_DIGITS) for word in _WORDS)
_CODES: Final = str.maketrans({"1": "L", "I": "L"})
CODE_LENGTH: Final = 10
_BEFORE_CODE: Final = re.compile(rf"(?:KODE|LACAK|PELACAKAN|TRACKING|CODE|RAHASIA|NYA|ADUAN)+(.{{{CODE_LENGTH}}})")
"""What stands before a code in a letter, pasted with it. No code is longer, so nothing of it is taken away."""


def new_ticket(prefix: str, year: int, number: int) -> str:
    """The number people quote, e.g. ``CLP-2026-000123``."""
    return f"{prefix}-{year:0{_YEAR}}-{number:0{_NUMBER}}"


def ticket_of(typed: str, prefixes: Iterable[str]) -> str:
    """The ticket that somebody means.

    :param typed: e.g. ``# clp 2026 123`` or ``No. Tiket: CLP/2026/000123``.
    :param prefixes: those that the government gives.
    :returns: e.g. ``CLP-2026-000123``; what is no ticket of these governments comes back as its letters and digits,
        which no ticket is.
    """
    plain = _plain(typed)
    folded = plain.translate(_DIGITS)
    for prefix in prefixes:
        start = f"(?:{_BEFORE})*{prefix.translate(_DIGITS)}"
        found = re.fullmatch(f"{start}([0-9]{{{_YEAR + 1},{2 * _NUMBER + _YEAR}}})", folded)
        if found is not None:
            return new_ticket(prefix, int(found[1][:_YEAR]), int(found[1][_YEAR:]))
    return plain


def alike(prefix: str, other: str) -> bool:
    """Whether tickets of two prefixes are taken for one another."""
    return prefix.translate(_DIGITS) == other.translate(_DIGITS)


def code_of(typed: str) -> str:
    """The tracking code that somebody means.

    An O or a zero stands in no code and is left, so that the code is a wrong one; a one and an I are an L.

    :param typed: e.g. ``ab2c-d3ef gh`` or ``Kode lacak: AB2CD3EFGH``.
    """
    plain = _plain(typed)
    found = _BEFORE_CODE.fullmatch(plain)
    return (found[1] if found else plain).translate(_CODES)


def _plain(typed: str) -> str:
    """Letters and digits of ASCII in capitals, whatever script they were typed in.

    A text with control characters was made by a program, not by a hand: nothing is left of it.
    """
    if any(unicodedata.category(character) == "Cc" and not character.isspace() for character in typed):
        return ""
    spelled = (_ascii(character) for character in unicodedata.normalize("NFKC", typed))
    return "".join(spelled).upper()


def _ascii(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    return character if character.isascii() and character.isalnum() else ""
