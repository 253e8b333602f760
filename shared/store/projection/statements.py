"""Statements with many rows, as bytes that can be sent together: the driver takes its time over one row at a time."""

from collections.abc import Sequence
from typing import Any, Final

from psycopg2 import extensions as pg

_JSON_TYPES: Final = {114, 3802}
"""PostgreSQL's own numbers for `json` and `jsonb`."""


def with_values(cursor: pg.cursor, statement: str, width: int, values: Sequence[Any]) -> bytes:
    """A statement with rows of so many values each in the place of its ``%s``; one pass of the driver's for all."""
    row = f"({', '.join(['%s'] * width)})"
    return cursor.mogrify(statement.replace("%s", ", ".join([row] * (len(values) // width))), values)


def json_found(cursor: pg.cursor) -> frozenset[str]:
    """Which columns of what a cursor has just asked for hold JSON: those need another writing."""
    return frozenset(each.name for each in cursor.description or () if each.type_code in _JSON_TYPES)
