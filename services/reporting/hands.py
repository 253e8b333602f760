"""The time in each holder's hands, and whose lateness it was."""

import time
from typing import Any

from shared.domain.calendar.working import WorkingCalendar

_YIELD_EVERY = 1_000

_HOLDINGS = """
    SELECT h.step, h.actor, h.agency, h.since, h.until, h.late_seconds, h.breached, h.imposed,
           h.charged_actor, h.charged_agency
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
        step, actor, agency, since, until, late, breached, imposed, charged_actor, charged_agency = row
        end = until or parameters["now"]
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


def _add(where: dict[Any, dict[str, int]], key: Any, counted: dict[str, int]) -> None:
    counts = where.setdefault(key, dict.fromkeys(_COUNTS, 0))
    for name, value in counted.items():
        counts[name] += value
