"""What is odd about the number of an identity: a NIK says where its bearer was entered and when they were born.

Source: PP 37/2007, art. 37: sixteen digits, six of a region (province, kabupaten or city, kecamatan), six of the day of
birth (to a woman's day 40 is added), four that count.

An odd number is a mark for whoever compares it with the card, never a reason to refuse a complaint: people mistype, and
some have another document.
"""

import re
from datetime import date
from typing import Final, Literal

from shared.base.whole_numbers import in_our_digits

IdentityOddity = Literal["length", "region", "date"]

_BETWEEN: Final = re.compile(r"[\s.\-]")
_DIGITS: Final = re.compile(r"[0-9]{16}")
_PROVINCES: Final = frozenset(
    {*range(11, 20), 21, *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77), 81, 82, *range(91, 98)}
)
_A_WOMANS: Final = 40
_LEAP: Final = 2000
"""A year in which each day is one: two digits do not tell the century."""


def plain_identity(written: str) -> str:
    """A number without what people write between its digits."""
    return _BETWEEN.sub("", in_our_digits(written))


def identity_oddity(written: str) -> IdentityOddity | None:
    """What a number cannot be right about; none if nothing speaks against it.

    :returns: ``length`` if it is not sixteen digits, or counts nobody; ``region`` if there is no such province,
        kabupaten or kecamatan; ``date`` if there is no such day.
    """
    digits = plain_identity(written)
    if not _DIGITS.fullmatch(digits):
        return "length"
    if int(digits[:2]) not in _PROVINCES or "00" in (digits[2:4], digits[4:6]):
        return "region"
    day, month, year = int(digits[6:8]), int(digits[8:10]), int(digits[10:12])
    try:
        date(_LEAP if year % 4 == 0 else _LEAP + 1, month, day - _A_WOMANS if day > _A_WOMANS else day)
    except ValueError:
        return "date"
    return "length" if digits[12:] == "0000" else None
