"""Which faults of a document are told: few, and never in words of the sender's own.

The name of a field that nobody knows may be anything: a person's name, typed into the wrong place, or a whole letter.
It is repeated only if it looks like a field's name; of the others it is said that there are some.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

MOST: Final = 20
"""So many fields are told of; whoever has mended these learns of the next."""
WHOLE: Final = "body"
"""Stands for the document as a whole."""

_MOST_UNKNOWN: Final = 5
_MOST_MESSAGES: Final = 3
_LONGEST: Final = 80
_UNKNOWN: Final = "unknown_field"
_SLUG: Final = re.compile(r"[a-z][a-z0-9_]{0,29}")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def told(faults: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The faults that are told, by field.

    :param faults: names, dotted for nested fields, with a message each. No more of them are looked at than are told.
    """
    found: dict[str, list[str]] = {}
    unknown = 0
    for name, message in faults:
        at = name if _tellable(name, message) else _above(name)
        if message == _UNKNOWN:
            unknown += 1
            if unknown > _MOST_UNKNOWN:
                at = _above(name)
        if at not in found and len(found) >= MOST:
            break
        messages = found.setdefault(at, [])
        if message not in messages and len(messages) < _MOST_MESSAGES:
            messages.append(message)
    return found


def told_of(faults: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """As :func:`told`, of faults that are sorted by field already."""
    return told((name, message) for name, messages in faults.items() for message in messages)


def _tellable(name: str, message: str) -> bool:
    if len(name) > _LONGEST or not _NAME.fullmatch(name):
        return False
    return message != _UNKNOWN or _SLUG.fullmatch(name.rpartition(".")[2]) is not None


def _above(name: str) -> str:
    """What the field lies in, if that can be told: never what only looks like it."""
    above = name.partition(".")[0]
    return above if name != above and _SLUG.fullmatch(above) and above in _PARTS else WHOLE


_PARTS: Final = frozenset({"reporter", "location"})
