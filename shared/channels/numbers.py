"""Telephone numbers of persons, told from short codes, names and machines."""

import re
import unicodedata
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from shared.base.whole_numbers import in_our_digits

_REGION: Final = "ID"
_LONGEST: Final = 200
"""Characters: no number is longer, however many signs somebody has written into it."""
_NOT_DIALLED: Final = re.compile(r"[^0-9+]")
_DOUBLED: Final = re.compile(r"\+?62\s*0(?=[0-9])")


def persons_number(written: str) -> str | None:
    """The number in E.164 by which a person is known; none if it is no person's.

    ``0812...``, ``62812...``, ``+62 812...``, ``+62 0812...``, ``620812...`` and ``0062812...`` are one number, in
    digits of any script. Short codes, names (``TELKOMSEL``) and numbers that cannot be are nobody's.
    """
    if len(written) > _LONGEST:
        return None
    text = in_our_digits(unicodedata.normalize("NFKC", written)).strip()
    if any(sign.isalpha() for sign in text):
        return None
    text = _NOT_DIALLED.sub("", text)
    if text.startswith("00"):
        text = f"+{text[2:]}"
    text = _DOUBLED.sub("+62", text, count=1)
    if text.startswith("62"):
        text = f"+{text}"
    for candidate in (text, f"+{text}"):
        try:
            number = phonenumbers.parse(candidate, _REGION)
        except NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return None
