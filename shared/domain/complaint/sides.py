"""The side fields of a complaint: what can be used is used, what cannot is kept as it was written.

A whole complaint is never refused for an address with a slip in it. Whoever completes a complaint can be told at once,
and is.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from marshmallow import ValidationError, validate

from shared.base.names import chosen
from shared.base.times import to_iso
from shared.domain.sop.vocabulary import CLASSES
from shared.wording.choices import not_among
from shared.wording.codes import field_message

AS_WRITTEN: Final = "as_written"
"""In a loaded complaint: texts that could not be used, by the dotted name of their field."""

EARLIEST_YEAR: Final = 2000
"""A date before it is a slip or an empty cell: no complaint is that old, and 1970 and 1900 are machines' zeros."""

MOST_PLACE: Final = 300
"""Characters of a place in words."""

_is_email: Final = validate.Email()


class UnusableValue(Exception):
    """A value that cannot be used for what its field is for.

    :param message: a code of the catalogue's ``fields``.
    """

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def _email(given: str) -> str:
    try:
        _is_email(given)
    except ValidationError:
        raise UnusableValue("not_an_email") from None
    if len(given) > 254:  # RFC 5321: no server carries a longer one
        raise UnusableValue(field_message("too_long", max=254))
    return given


def _place_in_words(given: str) -> str:
    if len(given) > MOST_PLACE:
        raise UnusableValue(field_message("too_long", max=MOST_PLACE))
    return given


def _within(most: int) -> Callable[[Any], float]:
    def check(given: float) -> float:
        try:
            number = float(given)
        except OverflowError:
            number = math.inf
        if not -most <= number <= most:
            raise UnusableValue(field_message("out_of_range", min=-most, max=most))
        return number

    return check


def _classification(given: str) -> str:
    found = chosen(given, CLASSES)
    if found is None:
        raise UnusableValue(not_among(CLASSES))
    return found


def _instant(given: str) -> str:
    try:
        instant = datetime.fromisoformat(given)
    except ValueError:
        raise UnusableValue("not_an_instant") from None
    if instant.tzinfo is None:
        raise UnusableValue("instant_without_offset")
    try:
        instant = instant.astimezone(UTC)
    except OverflowError:  # the first and last hours of the calendar, east or west of Greenwich
        raise UnusableValue("not_an_instant") from None
    if instant.year < EARLIEST_YEAR:
        raise UnusableValue(field_message("too_early", year=EARLIEST_YEAR))
    return to_iso(instant)


_FORMS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "reporter.email": _email,
    "location.text": _place_in_words,
    "location.lat": _within(90),
    "location.lon": _within(180),
    "classification": _classification,
    "occurred_at": _instant,
}


def sorted_out(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str], dict[str, list[str]]]:
    """A complaint's values, sorted by whether they can be used.

    :param given: of the right types, nothing blank.
    :returns: the complaint without what cannot be used; that as text, by dotted name; and why, by dotted name, as
        codes of the catalogue's ``fields``.
    """
    usable: dict[str, Any] = {}
    written: dict[str, str] = {}
    faults: dict[str, list[str]] = {}
    for name, value in _flat(given):
        part, _, below = name.partition(".")
        try:
            used = _FORMS[name](value) if name in _FORMS else value
        except UnusableValue as fault:
            written[name] = _as_text(value)
            faults[name] = [fault.message]
            continue
        if below:
            usable.setdefault(part, {})[below] = used
        else:
            usable[part] = used
    return usable, written, faults


def _flat(given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in given.items():
        if isinstance(value, Mapping):
            for below, inner in value.items():
                yield f"{name}.{below}", inner
        else:
            yield name, value


def _as_text(value: object) -> str:
    try:
        return str(value)
    except ValueError:  # a whole number with more digits than Python writes
        return "?"
