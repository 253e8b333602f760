"""The lists' categories in a table, for views: earlier events hold words there that may be anybody's."""

from psycopg2.extras import execute_values

from shared.application.runtime import Runtime
from shared.domain.entries import Entries

_GONE = "DELETE FROM reporting.listed WHERE tenant = %s AND NOT folded = ANY(%s)"
_THERE = """
    INSERT INTO reporting.listed (tenant, folded, category) VALUES %s
    ON CONFLICT (tenant, folded) DO UPDATE SET category = excluded.category
     WHERE listed.category <> excluded.category
"""


class Listed:
    """Writes the lists down once in the life of a process: they change with the files, at a start."""

    def __init__(self) -> None:
        self._done: set[str] = set()

    def tick(self, runtime: Runtime) -> None:
        """Write down what is not there yet.

        :raises Unavailable: if the database is away.
        """
        for tenant in runtime.tenants.all():
            if tenant.id not in self._done:
                _write(runtime, tenant.id, tenant.entries)
                self._done.add(tenant.id)


def _write(runtime: Runtime, tenant: str, entries: Entries) -> None:
    rows = sorted({name.strip().lower(): name for name in entries.categories.values()}.items())
    with runtime.database.transaction() as cursor:
        cursor.execute(_GONE, (tenant, [folded for folded, _ in rows]))
        if rows:
            execute_values(cursor, _THERE, [(tenant, folded, name) for folded, name in rows])
