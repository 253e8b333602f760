"""The time in each holder's hands, and whose lateness it was."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from services.reporting.tallies import HANDS, HOLDER, NOBODY, STEP, held_seconds
from shared.domain.calendar.duration import Duration
from shared.domain.calendar.working import WorkingCalendar

_SUMS: Final = f"""
    SELECT part, agency, name, {", ".join(HANDS.counts)} FROM {HANDS}
     WHERE tenant = %(tenant)s AND month = %(month)s
       AND (%(agency)s::text IS NULL OR (part = 'holder' AND agency = %(agency)s))
"""  # noqa: S608 - constants of ours
_OPEN: Final = """
    SELECT step, actor, agency, since, breached, imposed, charged_actor, charged_agency, due_at, within, paused_at
      FROM reporting.holdings
     WHERE tenant = %(tenant)s AND month = %(month)s AND until IS NULL
       AND (%(agency)s::text IS NULL OR agency = %(agency)s OR charged_agency = %(agency)s)
"""

Place = tuple[str, str, str]
"""Whether of a holder or of a step, then agency and name."""
Counts = dict[str, int]


def hands(cursor: Any, parameters: dict[str, Any], calendar: WorkingCalendar) -> dict[str, Any]:
    """Time and lateness by holder and by step.

    A holder's *own* lateness is that of dossiers which it rightly had; *imposed* on it is that of dossiers which should
    not have come; *caused* by it is the time of others with dossiers that came back to it.

    :param parameters: as for :func:`services.reporting.figures.figures`.
    :param calendar: by which the time of what is still held is told.
    """
    cursor.execute(_SUMS, parameters)
    counted: dict[Place, Counts] = {
        (part, agency, name): dict(zip(HANDS.counts, counts, strict=True))
        for part, agency, name, *counts in cursor.fetchall()
        if any(counts)
    }
    cursor.execute(_OPEN, parameters)
    for holding in cursor.fetchall():
        for place, more in _until_now(holding, calendar, parameters["now"]):
            counts = counted.setdefault(place, dict.fromkeys(HANDS.counts, 0))
            for name, value in more.items():
                counts[name] += value
    return _told(counted, parameters["agency"])


def _told(counted: Mapping[Place, Counts], only: str | None) -> dict[str, Any]:
    holders = {(actor, agency): counts for (part, agency, actor), counts in counted.items() if part == HOLDER}
    steps = {step: counts for (part, _, step), counts in counted.items() if part == STEP}
    rows = [
        {"actor": actor, "agency": agency or None, **counts}
        for (actor, agency), counts in sorted(holders.items())
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


def _until_now(holding: tuple[Any, ...], calendar: WorkingCalendar, now: datetime) -> Iterable[tuple[Place, Counts]]:
    """What the passing of time adds to a holding that has not ended: a desk that never lets go gets later."""
    step, actor, agency, since, breached, imposed, charged_actor, charged_agency, *standard = holding
    late = _so_far(calendar, *standard, now=now)
    newly = int(late > 0 and not breached)
    added = {
        "seconds": held_seconds(since, now),
        "working_seconds": calendar.between(since, now),
        "breached": newly,
        "imposed_breached" if imposed else "own_breached": newly,
        "imposed_late_seconds" if imposed else "own_late_seconds": late,
    }
    yield (HOLDER, agency or NOBODY, actor), added
    yield (STEP, NOBODY, step), added
    if imposed:
        caused = {"caused_seconds": added["seconds"], "caused_late_seconds": late}
        yield (HOLDER, charged_agency or NOBODY, charged_actor), caused


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
