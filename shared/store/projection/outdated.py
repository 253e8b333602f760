"""Tables of an older version: a migration that adds to what a projection keeps says that they must be made anew.

Such a migration ends with these statements, a mark unless nothing has been applied yet::

    CREATE TABLE IF NOT EXISTS service.outdated (since timestamptz PRIMARY KEY);
    INSERT INTO service.outdated SELECT now() WHERE EXISTS (SELECT FROM service.applied) ON CONFLICT DO NOTHING;
"""

from typing import Any

from psycopg2.sql import SQL, Identifier

from shared.store.projection.table import check_identifier


def outdated_since(cursor: Any, schema: str) -> list[Any]:
    """The marks on a service's tables; none if they are of this version."""
    cursor.execute("SELECT to_regclass(%s)", (f"{check_identifier(schema)}.outdated",))
    if cursor.fetchone()[0] is None:
        return []
    cursor.execute(SQL("SELECT since FROM {}.outdated").format(Identifier(schema)))
    return [since for (since,) in cursor.fetchall()]


def brought_up_to_date(cursor: Any, schema: str, marks: list[Any]) -> None:
    """Take these marks away, after a rebuild that began when they were there."""
    if not marks:
        return
    cursor.execute(SQL("DELETE FROM {}.outdated WHERE since = ANY(%s)").format(Identifier(schema)), (marks,))
