"""What a program's request says, as a form, a form with files, or JSON."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import request
from werkzeug.datastructures import MultiDict

from portal.arguments import check_unpacked, once_each
from portal.open311.faults import Fault, bad
from portal.open311.photos import most_bytes
from shared.base.blank import trimmed
from shared.base.errors import Invalid
from shared.base.strict_json import parsed

_MOST_JSON: Final = 64 * 1024
_ROOM: Final = 64 * 1024
"""Bytes that the fields of a form may take besides its files."""
_ATTRIBUTE: Final = re.compile(r"attribute\[([A-Za-z0-9_]{1,50})\](?:\[\])?\Z")
_HALF: Final = re.compile(r"[\ud800-\udfff]")
"""Half a letter, as a cut emoji leaves it: JSON can name it, and UTF-8 cannot write it."""


@dataclass(frozen=True)
class Posted:
    """What was said, by the standard's own names; what is blank was not said.

    :param attributes: by their codes.
    """

    fields: Mapping[str, str]
    attributes: Mapping[str, str]

    def get(self, name: str) -> str:
        """A field; blank if it was not given."""
        return self.fields.get(name, "")


def posted() -> Posted:
    """What this request says, as a form, a form with files, or JSON.

    :raises Fault: if it is none of them.
    :raises WrongKind: if it is packed.
    :raises Invalid: naming a field that was given twice.
    """
    check_unpacked(request)
    if request.mimetype == "multipart/form-data":
        request.max_content_length = most_bytes() + _ROOM
    asked: dict[str, Any] = once(request.args)
    said: dict[str, Any] = _json() if request.mimetype == "application/json" else once(request.form)
    twice = [name for name in asked if name in said and asked[name] != said[name]]
    if twice:
        raise Invalid("invalid_fields", fields={name: ["given_twice"] for name in twice})
    given = {**asked, **said}
    fields = {name: _text(value) for name, value in given.items() if isinstance(value, str | int | float)}
    attributes = {found[1]: text for name, text in fields.items() if (found := _ATTRIBUTE.match(name)) and text}
    nested = given.get("attribute")
    if isinstance(nested, Mapping):
        attributes |= {str(name): text for name, each in nested.items() if (text := _text(each))}
    return Posted({name: text for name, text in fields.items() if text and not _ATTRIBUTE.match(name)}, attributes)


def once(given: MultiDict[str, str]) -> dict[str, str]:
    """Each field of a form or of an address; what the standard marks as a list may be given in several parts.

    :raises Invalid: naming a field that was given twice.
    """
    return once_each(given, [name for name in given if name.endswith("[]")])


def _json() -> dict[str, Any]:
    body = request.get_data(cache=True)
    try:
        data = parsed(body) if len(body) <= _MOST_JSON else None
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise Fault([bad("bad_request")])
    return data


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_text, value)))
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return trimmed(_HALF.sub(" ", str(value).replace("\x00", "")))
