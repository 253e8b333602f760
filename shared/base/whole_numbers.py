"""Whole numbers that strangers write: in digits of ours only, and never longer than a number can be.

``int`` takes digits of every script, signs, blanks and underscores, and gives up on more than 4,300 digits with an
error of its own; ``isdigit`` takes a raised two for a digit, which ``int`` does not.
"""

import unicodedata
from typing import Final

MOST: Final = 2**31 - 1
"""What an integer of the database holds."""


def in_our_digits(text: str) -> str:
    """A text with the digits of every script as ours: whoever types them means the same."""
    return "".join(sign if (value := unicodedata.decimal(sign, None)) is None else str(value) for sign in text)


def whole_number(told: str, most: int = MOST) -> int | None:
    """The number that a text is; none if it is none, or too great.

    :param told: blanks around it do not count.
    :param most: the greatest that is taken; leading zeros may make a text no longer than this one is.
    """
    digits = told.strip(" \t\r\n")
    if not digits.isascii() or not digits.isdigit() or len(digits) > len(str(most)):
        return None
    number = int(digits)
    return number if number <= most else None
