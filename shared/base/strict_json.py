"""JSON in which every field stands once.

Parsers take the last of two fields of one name and say nothing: a complaint would lose its first message.
"""

import json
import re
from typing import Any, Final

from shared.base.errors import Invalid

_WHOLE: Final = "body"
_TELLABLE: Final = re.compile(r"[a-z][a-z0-9_]{0,29}(\.[a-z][a-z0-9_]{0,29})*")

_Doubled = list[tuple[dict[str, Any], str]]


def parsed(text: str | bytes) -> object:
    """The document.

    :raises ValueError: if it is no JSON.
    :raises RecursionError: if it lies too deep for the parser.
    :raises Invalid: naming a field that was given twice in one object, with a dot before it where it lies in another.
    """
    doubled: _Doubled = []

    def fold(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            doubled.append((found, next(name for place, name in enumerate(names) if name in names[:place])))
        return found

    document = json.loads(text, object_pairs_hook=fold)
    if doubled:
        raise Invalid("invalid_fields", fields={_place(document, doubled): ["given_twice"]})
    return document


def _place(document: object, doubled: _Doubled) -> str:
    """Where one of them is; the document as a whole where its name is too odd to be repeated."""
    level: list[tuple[str, object]] = [("", document)]
    while level:
        above, each = level.pop()
        if not isinstance(each, dict):
            continue
        for found, name in doubled:
            if found is each:
                return f"{above}{name}" if _TELLABLE.fullmatch(f"{above}{name}") else _WHOLE
        level.extend((f"{above}{name}.", below) for name, below in each.items())
    return _WHOLE  # it lies in a list, or in what was given twice itself
