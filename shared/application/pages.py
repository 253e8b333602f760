"""Lists by pages: the one cursor, which says after what the next page begins.

It is opaque to whoever carries it from one request to the next, and says nothing that the page did not. Whatever else
comes in its place is refused before the database sees it.
"""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from shared.base.errors import Invalid
from shared.base.whole_numbers import whole_number

INFINITY: Final = "infinity"
"""Stands for an instant that never comes, as in PostgreSQL: what has no due time is sorted last."""

_LONGEST: Final = 500
_LONGEST_TEXT: Final = 100
_MOST: Final = 2**63 - 1

Kind = Callable[[str], Any]


def cursor_of(*values: object) -> str:
    """The cursor behind a row.

    :param values: those by which the list is sorted: instants (none for never), UUIDs, texts, whole numbers.
    """
    told = [
        value.isoformat() if isinstance(value, datetime) else INFINITY if value is None else str(value)
        for value in values
    ]
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode()


def position_of(after: str | None, *kinds: Kind) -> tuple[Any, ...]:
    """The values of a cursor, as a statement takes them; as many nones where there is no cursor.

    :param kinds: one for each value: :func:`instant`, :class:`uuid.UUID`, :func:`word`, :func:`whole`.
    :raises Invalid: if it is not one of ours.
    """
    if not after:
        return (None,) * len(kinds)
    try:
        return tuple(kind(value) for kind, value in zip(kinds, _told(after), strict=True))
    except (ValueError, OverflowError, RecursionError):
        raise Invalid("invalid_cursor", fields={"after": ["invalid_cursor"]}) from None


def instant(told: str) -> datetime | str:
    """An instant, or :data:`INFINITY`.

    :raises ValueError: if it is neither, or has no zone.
    :raises OverflowError: if it lies outside of the years that can be told in UTC.
    """
    if told == INFINITY:
        return told
    at = datetime.fromisoformat(told)
    if at.tzinfo is None:
        raise ValueError
    return at.astimezone(UTC)


def word(told: str) -> str:
    """A short printable text.

    :raises ValueError: if it is none.
    """
    if len(told) > _LONGEST_TEXT or not told.isascii() or not told.isprintable():
        raise ValueError
    return told


def whole(told: str) -> int:
    """A whole number that PostgreSQL takes for one: what a table counts for years is of 64 bits.

    :raises ValueError: if it is none.
    """
    found = whole_number(told, _MOST)
    if found is None:
        raise ValueError
    return found


def _told(after: str) -> list[str]:
    if len(after) > _LONGEST:
        raise ValueError
    told = json.loads(base64.b64decode(after.encode("ascii"), altchars=b"-_", validate=True))
    if not isinstance(told, list) or not all(isinstance(value, str) for value in told):
        raise ValueError
    return told
