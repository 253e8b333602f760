"""How much something holds, as people read it."""

from typing import Final

from babel.numbers import format_decimal

_UNITS: Final = ((2**20, "MB"), (2**10, "KB"))
_BYTES: Final = {"id": "byte", "en": "bytes"}


def size_text(size: int, language: str) -> str:
    """``2,5 MB``, in English ``2.5 MB``; of less than a kilobyte the bytes.

    :param size: in bytes.
    :param language: ``id`` or ``en``.
    """
    for least, unit in _UNITS:
        if size >= least:
            return f"{format_decimal(round(size / least, 1), locale=language)} {unit}"
    return f"{size} {_BYTES[language]}"
