"""Months as addresses name them."""

import re
from calendar import monthrange
from datetime import datetime
from typing import Final

from shared.base.errors import NotFound
from shared.base.names import canonical
from shared.wording.catalogue import LANGUAGES
from shared.wording.days import month_names

_MONTH: Final = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_YEAR: Final = re.compile(r"[12][0-9]{3}")
_WRITTEN: Final = re.compile(
    r"(?P<year>[12][0-9]{3})[-/.](?P<number>[0-9]{1,2})|(?P<first>[0-9]{1,2})[-/.](?P<later>[12][0-9]{3})"
)


def month_of(name: str) -> str:
    """A month in an address.

    :raises NotFound: if it is none.
    """
    if not _MONTH.fullmatch(name):
        raise NotFound("no_such_page")
    return name


def days_of(month: str) -> tuple[str, str]:
    """The first and the last day of a month, as addresses name days."""
    last = monthrange(int(month[:4]), int(month[5:]))[1]
    return f"{month}-01", f"{month}-{last:02}"


def meant(typed: str, now: datetime) -> str | None:
    """The month that somebody writes: by its name in either language, or as ``2026-10`` or ``10/2026``; none if it is
    none. Without a year, the last one of that name that has begun.
    """
    words = canonical(typed)
    if found := _WRITTEN.fullmatch(words):
        return _named(int(found["year"] or found["later"]), int(found["number"] or found["first"]))
    name, _blank, year = words.partition(" ")
    number = next((place for spoken in LANGUAGES for place, each in enumerate(_names(spoken), 1) if each == name), None)
    if number is None or (year and not _YEAR.fullmatch(year)):
        return None
    return _named(int(year) if year else now.year - (number > now.month), number)


def _named(year: int, number: int) -> str | None:
    return f"{year:04}-{number:02}" if 1 <= number <= 12 else None


def _names(spoken: str) -> tuple[str, ...]:
    return tuple(map(canonical, month_names(spoken)))


def present(now: datetime) -> str:
    """The month of an instant."""
    return f"{now.year:04}-{now.month:02}"


def before(month: str) -> str:
    """The month before."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1:04}-12" if number == 1 else f"{year:04}-{number - 1:02}"


def after(month: str) -> str:
    """The month after."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + 1:04}-01" if number == 12 else f"{year:04}-{number + 1:02}"
