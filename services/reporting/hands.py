"""The time in each holder's hands, and whose lateness it was."""

import time
from datetime import datetime
from typing import Any

from shared.domain.calendar.duration import Duration
from shared.domain.calendar.working import WorkingCalendar

_YIELD_EVERY = 1_000

_HOLDINGS = """
    SELECT h.step, h.actor, h.agency, h.since, h.until, h.late_seconds, h.breached, h.imposed,
           h.charged_actor, h.charged_agency, h.due_at, h.within, h.paused_at
      FROM reporting.holdings h JOIN reporting.cases c USING (dossier)
     WHERE c.tenant = %(tenant)s AND c.filed_at >= %(start)s AND c.filed_at < %(end)s
       AND (%(agency)s::text IS NULL OR h.agency = %(agency)s OR h.charged_agency = %(agency)s)
"""
_COUNTS = (
    "held",
    "holding",
    "seconds",
    "working_seconds",
    "breached",
    "own_breached",
    "imposed_breached",
    "own_late_seconds",
    "imposed_late_seconds",
    "caused",
    "caused_seconds",
    "caused_late_seconds",
)
Holder = tuple[str, str | None]


def hands(cursor: Any, parameters: dict[str, Any], calendar: WorkingCalendar) -> dict[str, Any]:
    """Time and lateness by holder and by step.

    A holder's *own* lateness is that of dossiers which it rightly had; *imposed* on it is that of dossiers which should
    not have come; *caused* by it is the time of others with dossiers that came back to it.

    :param parameters: as for :func:`services.reporting.figures.figures`, and ``now``.
    """
    cursor.execute(_HOLDINGS, parameters)
    holders: dict[Holder, dict[str, int]] = {}
    steps: dict[str, dict[str, int]] = {}
    for place, row in enumerate(cursor.fetchall(), 1):
        step, actor, agency, since, until, late, breached, imposed, charged_actor, charged_agency = row[:10]
        end = until or parameters["now"]
        if until is None:
            # A desk that never lets go gets later while it holds on.
            late = _so_far(calendar, *row[10:], now=end)
            breached = breached or late > 0
        counted = {
            "held": 1,
            "holding": int(until is None),
            "seconds": max(0, round((end - since).total_seconds())),
            "working_seconds": calendar.between(since, end),
            "breached": int(breached),
            "own_breached": int(breached and not imposed),
            "imposed_breached": int(breached and imposed),
            "own_late_seconds": 0 if imposed else late or 0,
            "imposed_late_seconds": (late or 0) if imposed else 0,
        }
        _add(holders, (actor, agency), counted)
        _add(steps, step, counted)
        if imposed:
            caused = {"caused": 1, "caused_seconds": counted["seconds"], "caused_late_seconds": late or 0}
            _add(holders, (charged_actor, charged_agency), caused)
        if place % _YIELD_EVERY == 0:
            time.sleep(0)  # lets the process do other things in between
    only = parameters["agency"]
    rows = [
        {"actor": actor, "agency": agency, **counts}
        for (actor, agency), counts in sorted(holders.items(), key=lambda each: (each[0][0], each[0][1] or ""))
        if only is None or agency == only
    ]
    return {
        "holders": rows,
        "steps": [{"step": step, **counts} for step, counts in steps.items()] if only is None else [],
        "breached_by_holder": [
            {
                "actor": row["actor"],
                "agency": row["agency"],
                "count": row["breached"],
                "own": row["own_breached"],
                "imposed": row["imposed_breached"],
            }
            for row in rows
            if row["breached"]
        ],
    }


def _so_far(
    calendar: WorkingCalendar,
    due_at: datetime | None,
    within: str | None,
    paused_at: datetime | None,
    *,
    now: datetime,
) -> int:
    """How late a dossier is that is still held, in its standard's own kind of time, or in working time if unknown."""
    at = paused_at or now
    if due_at is None or at <= due_at:
        return 0
    return calendar.between(due_at, at) if within is None else calendar.elapsed(due_at, at, Duration.parse(within))


def _add(where: dict[Any, dict[str, int]], key: Any, counted: dict[str, int]) -> None:
    counts = where.setdefault(key, dict.fromkeys(_COUNTS, 0))
    for name, value in counted.items():
        counts[name] += value
