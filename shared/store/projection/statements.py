"""Statements with many rows, as bytes that can be sent together: the driver takes its time over each value."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg2 import extensions as pg

_JSON_TYPES: Final = {114, 3802}
"""PostgreSQL's own numbers for `json` and `jsonb`."""
_NULL: Final = b"NULL"
_PLAIN: Final = re.compile(r"[ -&(-\[\]-~]*").fullmatch
"""What stands between two quotes as it is, however the connection is set: printable ASCII without ``'`` and ``\\``."""
_SHORT: Final = 40
_MOST_KEPT: Final = 10_000


def with_values(cursor: pg.cursor, statement: str, width: int, values: Sequence[Any]) -> bytes:
    """A statement with rows of so many values each in the place of its ``%s``.

    What most values are, it writes as the driver would; the driver writes the others.
    """
    written = [
        _NULL
        if value is None
        else _texts.get(value) or _text(cursor, value)
        if type(value) is str
        else _other(cursor, value)
        for value in values
    ]
    rows = b", ".join([b"(%b)" % b", ".join(written[at : at + width]) for at in range(0, len(written), width)])
    before, after = statement.encode().split(b"%s")
    return before + rows + after


_texts: Final[dict[str, bytes]] = {}
"""Those that are met again and again are short: names of steps, states and governments."""


def _text(cursor: pg.cursor, text: str) -> bytes:
    if not _PLAIN(text):
        return cursor.mogrify("%s", (text,))
    made = b"'%b'" % text.encode()
    if len(text) <= _SHORT:
        if len(_texts) >= _MOST_KEPT:
            _texts.clear()
        _texts[text] = made
    return made


def _other(cursor: pg.cursor, value: Any) -> bytes:
    kind = type(value)
    if kind is datetime and value.tzinfo is not None:
        return b"'%b'::timestamptz" % value.isoformat().encode()
    if kind is UUID:
        return b"'%b'::uuid" % str(value).encode()
    if kind is bool:
        return b"true" if value else b"false"
    if kind is int and value >= 0:
        return b"%d" % value
    return cursor.mogrify("%s", (value,))


def json_found(cursor: pg.cursor) -> frozenset[str]:
    """Which columns of what a cursor has just asked for hold JSON: those need another writing."""
    return frozenset(each.name for each in cursor.description or () if each.type_code in _JSON_TYPES)
