"""Reading what strangers send: JSON that may be anything."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from shared.base.strict_json import parsed

MOST_BYTES: Final = 3 * 1024 * 1024
_MOST_DEPTH: Final = 40


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
    """An instant from seconds since 1970, as a number or a text.

    :raises ValueError: if it is none.
    """
    try:
        return datetime.fromtimestamp(int(str(seconds)), UTC)
    except (OverflowError, OSError) as error:
        raise ValueError("no instant") from error


def _depth_fits(value: object, left: int = _MOST_DEPTH) -> bool:
    if left == 0:
        return False
    if isinstance(value, Mapping):
        return all(_depth_fits(each, left - 1) for each in value.values())
    if isinstance(value, list):
        return all(_depth_fits(each, left - 1) for each in value)
    return True
