"""Queries that are given up when they take too long for whoever waits for them."""

from collections.abc import Mapping
from typing import Any, Final

from psycopg2.errors import QueryCanceled

# Sent together they are one transaction, so that the limit ends with it and the session is as it was.
_LIMIT: Final = "SELECT set_config('statement_timeout', %(milliseconds)s, true); "


def searched_within(cursor: Any, statement: str, asked: Mapping[str, Any], seconds: float) -> bool:
    """Execute a query for no longer than so; says whether it came to its end.

    :param cursor: whose every statement is a transaction of its own.
    """
    milliseconds = int(seconds * 1000)
    if milliseconds <= 0:
        return False
    try:
        cursor.execute(_LIMIT + statement, {**asked, "milliseconds": str(milliseconds)})
    except QueryCanceled:
        return False
    return True
