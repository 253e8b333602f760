"""Rows out of the database by COPY in its binary form: bytes as they lie there, not twice as many hex digits."""

import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from psycopg2 import extensions as pg

_SIGNATURE: Final = b"PGCOPY\n\xff\r\n\x00"
_HEAD: Final = len(_SIGNATURE) + 8
_END: Final = b"\xff\xff"
_LENGTH: Final = struct.Struct(">i")


class _Rows:
    """Takes what the driver hands on: a row at a time, the first with the head of the file before it."""

    def __init__(self, each: Callable[[bytes], object]) -> None:
        self._each = each
        self._begun = False

    def write(self, data: bytes) -> None:
        """What the driver calls."""
        if not self._begun:
            data = self._without_head(data)
        if data and data != _END:
            self._each(data)

    def _without_head(self, data: bytes) -> bytes:
        if not data.startswith(_SIGNATURE):
            raise ValueError("the server copies in a form that is not known")
        self._begun = True
        [extension] = _LENGTH.unpack_from(data, _HEAD - _LENGTH.size)
        return data[_HEAD + extension :]


def copy_out(cursor: pg.cursor, statement: str, parameters: Mapping[str, Any], each: Callable[[bytes], object]) -> None:
    """Hand on each row that a query gives.

    :param statement: a query.
    :param each: given a row as it stands in the file: how many fields, in two bytes, then each field, after its length
        in four (-1 for none).
    """
    query = cursor.mogrify(statement, parameters).decode()
    with without_greenlets():
        cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT binary)", _Rows(each))


@contextmanager
def without_greenlets() -> Iterator[None]:
    """The driver cannot copy while it lets others have their turn; so nobody gets one for as long as it takes."""
    callback = pg.get_wait_callback()
    pg.set_wait_callback(None)
    try:
        yield
    finally:
        pg.set_wait_callback(callback)
