"""Questions to a database."""

from contextlib import closing
from typing import Any

import psycopg2


def rows(url: str, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Any statement, in a transaction and on a connection of its own."""
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []
