"""The names of days and months, in Indonesian and in English, as the Unicode consortium has them (CLDR, by Babel)."""

from datetime import date
from functools import cache

from babel.dates import get_day_names, get_month_names


@cache
def day_names(language: str) -> tuple[str, ...]:
    """Monday first.

    :param language: ``id`` or ``en``.
    """
    names = get_day_names("wide", locale=language)
    return tuple(names[day] for day in range(7))


@cache
def month_names(language: str) -> tuple[str, ...]:
    """January first.

    :param language: ``id`` or ``en``.
    """
    names = get_month_names("wide", locale=language)
    return tuple(names[month] for month in range(1, 13))


def date_text(day: date, language: str) -> str:
    """A day as people write it, e.g. ``5 Oktober 2026``."""
    return f"{day.day} {month_names(language)[day.month - 1]} {day.year}"
