"""Many rows as one value: the driver takes its time over each value, the server reads all of them at once."""

import json
from collections.abc import Iterable, Sequence
from typing import Final

_ENCODER: Final = json.JSONEncoder(separators=(",", ":"), default=str)


def rows_as_json(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows for ``json_to_recordset(%s) AS rows (<name> <type>, ...)``.

    :param names: of their values, in order.
    :param rows: of text, numbers, booleans and lists of these; UUIDs and instants are written as their text, which the
        server reads back.
    """
    return _ENCODER.encode([dict(zip(names, row, strict=True)) for row in rows])
