"""The pages that people look at, asked of the service that answers them and over HTTP alike."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from services.reporting.published import published, to_publish
from services.reporting.queries import recap
from services.reporting.register import register
from services.reporting.search import search
from services.reporting.suggestions import suggestions
from services.routing.queries import dossier, inbox
from services.sla.queries import clocks
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.domain.dossier.contents import complaint_of, tracking_code_of
from shared.platform.database.pool import Database

TENANT: Final = "cilacap"
_SOME: Final = 50


@dataclass(frozen=True)
class Page:
    """One page.

    :param path: where it is over HTTP.
    :param caller: who looks.
    :param ask: the same of its service; none for what only the portal puts together.
    """

    name: str
    path: str
    caller: Caller
    ask: Callable[[Runtime], Any] | None


class TimedDatabase(Database):
    """A database that adds up how long statements take, until their rows are there."""

    seconds: float = 0.0

    @contextmanager
    def autocommit(self) -> Iterator[Any]:
        """As the database's own."""
        with super().autocommit() as cursor:
            yield _TimedCursor(self, cursor)

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """As the database's own."""
        with super().transaction() as cursor:
            yield _TimedCursor(self, cursor)


class _TimedCursor:
    def __init__(self, database: TimedDatabase, cursor: Any) -> None:
        self._database = database
        self._cursor = cursor

    def execute(self, *arguments: Any) -> None:
        began = time.perf_counter()
        try:
            self._cursor.execute(*arguments)
        finally:
            self._database.seconds += time.perf_counter() - began

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cursor)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


@dataclass(frozen=True)
class Looked:
    """What is looked at.

    :param agency: the one with most complaints; ``id``, ``ticket`` and ``code`` of its latest one, filed in ``month``.
    :param full: the month with most complaints.
    :param name: who reported it.
    """

    agency: str
    month: str
    full: str
    id: UUID
    ticket: str
    code: str | None
    name: str


def looked_at(runtime: Runtime) -> Looked:
    """A complaint and months to look at."""
    [(agency, month, id_, ticket)] = _rows(
        runtime,
        """
        SELECT agency, max(month), (array_agg(dossier ORDER BY filed_at DESC))[1],
               (array_agg(ticket ORDER BY filed_at DESC))[1] FROM reporting.cases
         WHERE tenant = %s AND agency IS NOT NULL GROUP BY agency ORDER BY count(*) DESC, agency LIMIT 1
        """,
        TENANT,
    )
    [(full,)] = _rows(
        runtime,
        "SELECT month FROM reporting.cases WHERE tenant = %s GROUP BY month ORDER BY count(*) DESC, month LIMIT 1",
        TENANT,
    )
    events = runtime.dossiers("routing").open(id_, TENANT)[1]
    key = runtime.vault.keys(None, [id_])[id_]
    name = str((complaint_of(events, key).get("reporter") or {}).get("name") or "Siti")
    return Looked(agency, month, full, id_, ticket, tracking_code_of(events, key), name)


def pages(seen: Looked) -> list[Page]:
    """The pages of one government, of its coordinator and of the agency with most complaints."""
    desk = Caller(TENANT, "coordinator", user="coordinator")
    operator = Caller(TENANT, "operator", agency=seen.agency, user="operator")
    base = f"/api/v1/{TENANT}"
    month, full, id_, ticket, code, name = seen.month, seen.full, seen.id, seen.ticket, seen.code, seen.name
    return [
        Page("inbox, coordinator", f"{base}/inbox", desk, lambda runtime: inbox(runtime, desk, TENANT)),
        Page("inbox, an agency", f"{base}/inbox", operator, lambda runtime: inbox(runtime, operator, TENANT)),
        Page("clocks", f"{base}/clocks", desk, lambda runtime: clocks(runtime, desk, TENANT, limit=_SOME)),
        Page("clocks, an agency", f"{base}/clocks", operator, lambda r: clocks(r, operator, TENANT, limit=_SOME)),
        Page(
            "breached clocks",
            f"{base}/clocks?state=breached",
            desk,
            lambda runtime: clocks(runtime, desk, TENANT, ["breached"], limit=_SOME),
        ),
        Page("recap, fullest month", f"{base}/recap?month={full}", desk, lambda r: recap(r, desk, TENANT, full)),
        Page("recap, last month", f"{base}/recap?month={month}", desk, lambda r: recap(r, desk, TENANT, month)),
        Page("recap, an agency", f"{base}/recap?month={full}", operator, lambda r: recap(r, operator, TENANT, full)),
        Page(
            "register, 50 rows",
            f"{base}/register?month={full}&limit={_SOME}",
            desk,
            lambda runtime: register(runtime, desk, TENANT, full, limit=_SOME),
        ),
        Page(
            "register, an agency",
            f"{base}/register?month={full}&limit={_SOME}",
            operator,
            lambda runtime: register(runtime, operator, TENANT, full, limit=_SOME),
        ),
        Page("search, the latest", f"{base}/dossiers", desk, lambda runtime: search(runtime, desk, TENANT, {})),
        Page(
            "search, what is open",
            f"{base}/dossiers?state=open",
            desk,
            lambda runtime: search(runtime, desk, TENANT, {"state": "open"}),
        ),
        Page(
            "search, a name",
            f"{base}/dossiers?name={quote(name)}",
            desk,
            lambda runtime: search(runtime, desk, TENANT, {"name": name}),
        ),
        Page(
            "search, a ticket",
            f"{base}/dossiers?ticket={ticket}",
            desk,
            lambda runtime: search(runtime, desk, TENANT, {"ticket": ticket}),
        ),
        Page("dossier", f"{base}/dossiers/{id_}", desk, lambda runtime: dossier(runtime, desk, TENANT, id_)),
        Page(
            "suggestions for a dossier",
            f"{base}/dossiers/{id_}/suggestions",
            desk,
            lambda runtime: suggestions(runtime, desk, TENANT, id_),
        ),
        Page("to publish", f"{base}/publishing", desk, lambda runtime: to_publish(runtime, desk, TENANT)),
        Page("published", f"{base}/published", desk, lambda runtime: published(runtime, TENANT, {})),
        Page("tracking", f"{base}/complaints/{ticket}?code={code}", desk, None),
    ]


def _rows(runtime: Runtime, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with runtime.database.autocommit() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
