"""What has ended and was not erased, and what was erased: for whoever keeps nothing longer than is right.

Both go along a government's complaints by pages, in the order of their tickets: what gathers in many years is more than
one statement, or one answer, should hold.
"""

from datetime import datetime
from typing import Any, Final

from shared.application.pages import cursor_of, position_of, word
from shared.application.reading_rights import check_administrator
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.times import to_iso

PAGE: Final = 5_000
"""Complaints looked at for a page, whether or not they are on it."""

_WALKED: Final = """
    WITH walked AS MATERIALIZED (
        SELECT dossier, ticket, classification, category, ended_at FROM reporting.cases
         WHERE tenant = %(tenant)s AND ticket > %(after)s ORDER BY ticket LIMIT %(limit)s)
"""
_ENDED: Final = f"""{_WALKED}
    SELECT ticket,
           ended_at < %(instant)s
           AND NOT EXISTS (SELECT FROM eventstore.events e WHERE e.dossier = walked.dossier AND e.type = 'Erased')
           AND NOT EXISTS (SELECT FROM reporting.data_requests r
                            WHERE r.dossier = walked.dossier AND r.answered_at IS NULL),
           dossier::text, classification, category, ended_at
      FROM walked ORDER BY ticket
"""  # noqa: S608 - a constant of ours
_ERASED: Final = f"""{_WALKED}
    SELECT ticket, erased.position IS NOT NULL, erased.*
      FROM walked LEFT JOIN LATERAL (
           SELECT e.position, convert_from(e.state, 'UTF8')::json ->> 'reason' AS reason,
                  (convert_from(e.state, 'UTF8')::json ->> 'recorded_at')::timestamptz AS at
             FROM eventstore.events e WHERE e.dossier = walked.dossier AND e.type = 'Erased') AS erased ON true
     ORDER BY ticket
"""  # noqa: S608 - as above


def ended_before(
    runtime: Runtime, caller: Caller, tenant: str, instant: datetime, after: str | None = None
) -> dict[str, Any]:
    """A page of the complaints of a government that have ended before an instant and can still be read.

    Not of whom somebody waits for a copy of their data, or for its correction: that is answered first.

    :param after: ``next`` of the page before.
    :returns: ``items``, perhaps none, and ``next``, none after the last page.
    :raises Forbidden: for anybody but an administrator of the installation.
    :raises Invalid: the cursor is not one of ours.
    """
    rows, following = _page(runtime, caller, _ENDED, after, {"tenant": tenant, "instant": instant})
    names = ("ticket", "id", "classification", "category", "ended_at")
    return {"items": [dict(zip(names, (*row[:4], to_iso(row[4])), strict=True)) for row in rows], "next": following}


def erased(runtime: Runtime, caller: Caller, tenant: str, after: str | None = None) -> dict[str, Any]:
    """A page of the complaints of a government that were erased: when, why, and where the log says so.

    :param after: ``next`` of the page before.
    :returns: as :func:`ended_before`.
    :raises Forbidden: for anybody but an administrator of the installation.
    :raises Invalid: the cursor is not one of ours.
    """
    rows, following = _page(runtime, caller, _ERASED, after, {"tenant": tenant})
    items = [
        {"ticket": ticket, "position": position, "reason": reason, "erased_at": to_iso(at)}
        for ticket, position, reason, at in rows
    ]
    return {"items": items, "next": following}


def _page(
    runtime: Runtime, caller: Caller, statement: str, after: str | None, asked: dict[str, Any]
) -> tuple[list[tuple[Any, ...]], str | None]:
    """What is meant of a page, without the column that says so, and after what the next one begins."""
    check_administrator(caller)
    (ticket,) = position_of(after, word)
    with runtime.database.autocommit() as cursor:
        cursor.execute(statement, {**asked, "after": ticket or "", "limit": PAGE})
        rows = cursor.fetchall()
    following = cursor_of(rows[-1][0]) if len(rows) == PAGE else None
    return [(ticket, *row) for ticket, meant, *row in rows if meant], following
