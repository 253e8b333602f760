"""JSON in which every field stands once.

Parsers take the last of two fields of one name and say nothing: a complaint would lose its first message.
"""

import json
import re
from typing import Any, Final

from shared.base.errors import Invalid

_WHOLE: Final = "body"
_TELLABLE: Final = re.compile(r"[a-z][a-z0-9_]{0,29}(\.[a-z][a-z0-9_]{0,29})*")

_Doubled = dict[int, tuple[dict[str, Any], str]]
"""Objects in which a field stands twice, each with that field's name, by their identity."""
_Way = tuple[Any, ...]
"""The objects in which one lies, from the inside: those around it, and the name of the innermost."""


def parsed(text: str | bytes) -> object:
    """The document.

    :raises ValueError: if it is no JSON.
    :raises RecursionError: if it lies too deep for the parser.
    :raises Invalid: naming a field that was given twice in one object, with a dot before it where it lies in another.
    """
    doubled: _Doubled = {}

    def fold(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            doubled[id(found)] = (found, _first_again(pairs))  # kept here, so that no other object gets its identity
        return found

    document = json.loads(text, object_pairs_hook=fold)
    if doubled:
        raise Invalid("invalid_fields", fields={_place(document, doubled): ["given_twice"]})
    return document


def _first_again(pairs: list[tuple[str, Any]]) -> str:
    """The first name that comes a second time, each looked at once: a stranger may send a hundred thousand."""
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            return name
        seen.add(name)
    raise ValueError("no name stands twice")


def _place(document: object, doubled: _Doubled) -> str:
    """Where one of them is; the document as a whole where its name is too odd to be repeated.

    The way to an object is kept as links and written out for one alone: written for each, names of half a megabyte with
    a hundred thousand objects below them would fill any memory.
    """
    level: list[tuple[_Way, object]] = [((), document)]
    while level:
        way, each = level.pop()
        if not isinstance(each, dict):
            continue
        if id(each) in doubled:
            return _told(way, doubled[id(each)][1])
        level.extend(((way, name), below) for name, below in each.items())
    return _WHOLE  # it lies in a list, or in what was given twice itself


def _told(way: _Way, name: str) -> str:
    parts = [name]
    while way:
        way, above = way
        parts.append(above)
    told = ".".join(reversed(parts))
    return told if _TELLABLE.fullmatch(told) else _WHOLE
