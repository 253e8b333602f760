"""Reading what strangers send: JSON that may be anything."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from shared.base.strict_json import parsed
from shared.base.whole_numbers import whole_number
from shared.channels.incoming import NO_TIME, Request

MOST_BYTES: Final = 3 * 1024 * 1024
_MOST_DEPTH: Final = 40
_MOST_KEPT: Final = 64 * 1024
_LATEST: Final = 10**11 - 1
"""Seconds since 1970: thousands of years."""


def json_object(body: bytes) -> dict[str, Any]:
    """A body as a JSON object; empty if it is none, too large or too deep.

    :raises Invalid: if a field was given twice in one object: one of the two would be lost.
    """
    if len(body) > MOST_BYTES:
        return {}
    try:
        data = parsed(body)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) and _depth_fits(data) else {}


def unusable(request: Request, why: str) -> dict[str, Any]:
    """What was signed and is no delivery, as an item: kept with its reason, each of them once.

    :param why: a code; :meth:`shared.channels.incoming.Incoming.read` tells it as ``odd``.
    """
    given = {"odd": why, "body": request.body[:_MOST_KEPT].decode("utf-8", "backslashreplace")}
    return {**given, "digest": sha256(request.body).hexdigest()}


def no_delivery(request: Request, why: str = "not_a_delivery") -> list[dict[str, Any]]:
    """What was signed and is no delivery, as the items of its request: of one without a body there are none.

    :param why: see :func:`unusable`.
    """
    return [unusable(request, why)] if request.body else []


def objects(value: object) -> list[Mapping[str, Any]]:
    """The objects of a list, if it is one."""
    return (
        [each for each in value if isinstance(each, Mapping)]
        if isinstance(value, Sequence) and not isinstance(value, str)
        else []
    )


def part(value: object, *names: str) -> Mapping[str, Any]:
    """The object found under these names, one below the other; empty if there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def text(value: object, most: int = 20_000) -> str:
    """A text; blank if it is none."""
    return value[:most].replace("\x00", "") if isinstance(value, str) else ""


def instant(seconds: object) -> datetime:
    """An instant from seconds since 1970, as a number or a text; :data:`~shared.channels.incoming.NO_TIME` if none."""
    found = whole_number(str(seconds), _LATEST)
    return NO_TIME if found is None else datetime.fromtimestamp(found, UTC)


def _depth_fits(value: object, left: int = _MOST_DEPTH) -> bool:
    if left == 0:
        return False
    if isinstance(value, Mapping):
        return all(_depth_fits(each, left - 1) for each in value.values())
    if isinstance(value, list):
        return all(_depth_fits(each, left - 1) for each in value)
    return True
