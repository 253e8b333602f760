"""Telephone numbers as people write them, compared as one number: 0812-3456-7890, +62 812 3456 7890, 62812..."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

_REGION = "ID"
_INTERNATIONAL = re.compile(r"62[2-9][0-9]{6,}")


def telephone(text: str) -> str | None:
    """The number in E.164, e.g. ``+6281234567890``; none if the text holds no number that could be called.

    :param text: as written, with any blanks and signs; a number without a country's code is an Indonesian one.
    """
    digits = re.sub(r"\D", "", text)
    candidate = f"+{digits}" if _INTERNATIONAL.fullmatch(digits) else text
    try:
        number = phonenumbers.parse(candidate, _REGION)
    except NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
