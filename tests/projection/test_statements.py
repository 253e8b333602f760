"""Rows are written into statements without the driver, and as it would write them."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

from shared.platform.database.pool import Database
from shared.store.projection.statements import with_values

_AT = datetime(2026, 10, 5, 1, 2, 3, 4, tzinfo=UTC)
_VALUES = (
    *(None, True, False, 0, 7, -7, 2**63 - 1, 1.5, Decimal("1.50")),
    *("", "filed", "it's", "back\\slash", "100 %s %% %", '"quoted"', "Désa", "x" * 50, "'" * 50),
    *(_AT, _AT.astimezone(timezone(timedelta(hours=7))), _AT.replace(tzinfo=None), UUID(int=7)),
    *([1, None], ["a'b"], b"\x00\xff'"),
    *(f"a{chr(code)}b" for code in range(1, 0x250)),
)


def test_values_are_written_as_the_driver_writes_them(database: Database) -> None:
    """Whatever a row holds, the statement says what the driver's would: the first time, and when a text comes again."""
    with database.autocommit() as cursor:
        row = f"({', '.join(['%s'] * len(_VALUES))})"
        expected = cursor.mogrify(f"INSERT INTO t VALUES {row}, {row}", _VALUES + _VALUES)

        for _ in range(2):
            assert expected == with_values(cursor, "INSERT INTO t VALUES %s", len(_VALUES), _VALUES + _VALUES)
