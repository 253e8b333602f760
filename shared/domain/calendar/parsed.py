"""Values of a calendar file that are more than plain text: spans of days, weeks of windows, zones, lead times."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from marshmallow import ValidationError, fields

from shared.domain.calendar.duration import Duration, DurationError
from shared.domain.calendar.week import DAYS, Week, Window
from shared.wording.days import day_names

T = TypeVar("T")

_SPAN: Final = re.compile(r"^(\d{4}-\d{2}-\d{2})(?:\.\.(\d{4}-\d{2}-\d{2}))?$")
_INDONESIAN_DAYS: Final = tuple(name.lower() for name in day_names("id"))
_DAY_NUMBERS: Final = {name: number for names in (DAYS, _INDONESIAN_DAYS) for number, name in enumerate(names)}
_LONGEST_SPAN_DAYS: Final = 3_660


class Parsed(fields.Field[T]):
    """A field that a function reads.

    :param parse: turns what the file says into the value.
    :param remedy: what to write instead, when it cannot.
    """

    def __init__(self, parse: Callable[[Any], T], remedy: str, **options: Any) -> None:
        super().__init__(metadata={"remedy": remedy}, **options)
        self._parse = parse

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> T:
        return self._parse(value)


def span(value: Any) -> tuple[date, ...]:
    """A day, or the days from one to another, both included: ``2023-04-22`` or ``2023-04-22..2023-04-23``."""
    match = _SPAN.match(str(value))
    if match is None:
        raise ValidationError("this is neither a date nor a span of dates.")
    try:
        first = date.fromisoformat(match[1])
        last = date.fromisoformat(match[2] or match[1])
    except ValueError as error:
        raise ValidationError(f"there is no such day: {error}.") from None
    length = (last - first).days
    if not 0 <= length <= _LONGEST_SPAN_DAYS:
        raise ValidationError("the first day must come before the last, by ten years at most.")
    return tuple(first + timedelta(days=number) for number in range(length + 1))


def week(value: Any) -> Week:
    """Windows by day or run of days: ``{mon-thu: ["07:30-12:00", "13:00-16:00"], fri: [...]}``; other days are off."""
    if not isinstance(value, Mapping):
        raise ValidationError("this must name days and their windows.")
    days: list[tuple[Window, ...]] = [()] * len(DAYS)
    seen: set[int] = set()
    for name, texts in value.items():
        numbers = _day_numbers(str(name))
        if seen.intersection(numbers):
            raise ValidationError({name: ["these days are given twice."]})
        seen.update(numbers)
        for number in numbers:
            days[number] = _windows(name, texts)
    try:
        return Week(tuple(days))
    except ValueError as error:
        raise ValidationError(f"{error}.") from None


def zone(value: Any) -> ZoneInfo:
    """An IANA time zone."""
    try:
        return ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValidationError(f"there is no time zone {value!r}.") from None


def before(value: Any) -> Fraction | Duration:
    """A share of the standard (``0.25``) or a duration (``30 min``)."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not 0 <= value <= 1:
            raise ValidationError("a share of the standard lies between 0 and 1.")
        return Fraction(str(value))
    try:
        return Duration.parse(str(value))
    except DurationError as error:
        raise ValidationError(f"{error}.") from None


def _day_numbers(name: str) -> range:
    first, _, last = name.lower().partition("-")
    if first not in _DAY_NUMBERS or (last and last not in _DAY_NUMBERS):
        raise ValidationError({name: ["this is neither a day nor a run of days."]})
    numbers = range(_DAY_NUMBERS[first], _DAY_NUMBERS[last or first] + 1)
    if not numbers:
        raise ValidationError({name: ["a run of days goes forward, Monday to Sunday."]})
    return numbers


def _windows(name: str, texts: Any) -> tuple[Window, ...]:
    if not isinstance(texts, list):
        raise ValidationError({name: ["this must be a list of windows."]})
    try:
        return tuple(Window.parse(str(text)) for text in texts)
    except ValueError as error:
        raise ValidationError({name: [f"{error}."]}) from None
