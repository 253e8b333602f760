"""What reporters asked about their own data: a row for each request, and what a recap counts of them.

That somebody wants to be erased is asked outside of the log (:mod:`shared.application.identity.erasures`), and counted
where it is kept.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from shared.application.identity.erasures import ERASED_WITHIN
from shared.domain.dossier.data_events import DATA_KINDS
from shared.domain.dossier.events import DataAnswered, DataAsked, DossierEvent, Erased
from shared.store.projection.projection import Row
from shared.store.projection.table import Table

DATA_REQUESTS: Final = Table(
    schema="reporting",
    name="data_requests",
    key=("dossier", "version"),
    columns=("dossier", "version", "tenant", "month", "kind", "due_at", "answered_at", "outcome"),
)
ERASURE: Final = "erasure"
# Of erasures, what nobody wants any more is let go, and leaves no row.
_OF_A_MONTH: Final = f"""
    SELECT r.kind, count(*), count(*) FILTER (WHERE r.outcome = 'done'), count(*) FILTER (WHERE r.outcome = 'refused'),
           count(*) FILTER (WHERE coalesce(r.answered_at, %(now)s) > r.due_at),
           count(*) FILTER (WHERE r.answered_at IS NULL)
      FROM reporting.data_requests r JOIN reporting.cases c USING (dossier)
     WHERE r.tenant = %(tenant)s AND r.month = %(month)s
       AND (%(agency)s::text IS NULL OR c.agency = %(agency)s)
     GROUP BY r.kind
     UNION ALL
    SELECT '{ERASURE}', count(*), count(*) FILTER (WHERE e.done_at IS NOT NULL), 0,
           count(*) FILTER (WHERE coalesce(e.done_at, %(now)s) > e.asked_at + %(within)s),
           count(*) FILTER (WHERE e.done_at IS NULL)
      FROM identity.erasures e
     WHERE e.tenant = %(tenant)s AND e.reason = 'asked' AND e.asked_at >= %(first)s AND e.asked_at < %(after)s
       AND (%(agency)s::text IS NULL OR EXISTS (SELECT FROM reporting.cases c
            WHERE c.tenant = e.tenant AND c.ticket = e.ticket AND c.agency = %(agency)s))
"""  # noqa: S608 - a constant of ours


def requests_after(rows: Sequence[Row], event: DossierEvent, month: str) -> list[Row]:
    """A dossier's requests after one more event.

    :param month: in which the event falls, by the government's calendar.
    """
    after = list(rows)
    if isinstance(event, DataAsked):
        asked = {
            "dossier": event.originator_id,
            "version": event.originator_version,
            "tenant": event.tenant,
            "month": month,
            "kind": event.kind,
            "due_at": event.data.due_at,
            "answered_at": None,
            "outcome": None,
        }
        return [*after, asked]
    if isinstance(event, Erased):  # nothing is left to be given or put right
        return [row if row["answered_at"] else {**row, "answered_at": event.occurred_at} for row in after]
    if isinstance(event, DataAnswered):
        told = {"answered_at": event.occurred_at, "outcome": event.outcome}
        return [{**row, **told} if row["version"] == event.asked else row for row in after]
    return after


def data_requests_of_month(
    cursor: Any, asked: dict[str, Any], bounds: tuple[datetime, datetime]
) -> dict[str, dict[str, int]]:
    """What was asked in a month, for its recap.

    :param asked: ``tenant``, ``month``, ``agency`` and ``now``.
    :param bounds: the month's first instant, and the next one's.
    :returns: by kind how many were ``asked``, ``done``, ``refused``, answered ``late`` or not answered in time, and
        still ``open``; who was erased before an answer waits for none. An ``erasure`` is done when it is carried out;
        one that was let go counts no more.
    """
    first, after = bounds
    cursor.execute(_OF_A_MONTH, {**asked, "first": first, "after": after, "within": ERASED_WITHIN})
    found = {kind: counts for kind, *counts in cursor.fetchall()}
    names = ("asked", "done", "refused", "late", "open")
    return {kind: dict(zip(names, found.get(kind, [0] * len(names)), strict=True)) for kind in (*DATA_KINDS, ERASURE)}
