"""Counting the cases of a recap, in SQL; working time is added up by the calendar, which SQL does not know."""

import time
from typing import Any, Final

from shared.domain.calendar.working import WorkingCalendar
from shared.domain.complaint.survey import ELEMENTS, satisfaction
from shared.domain.entries import Entries

_YIELD_EVERY = 1_000

OTHER: Final = "(other)"
"""Under which a name is counted that the government's lists do not have."""


def _spelled(name: str) -> str:
    """A column in the lists' own spelling: what is no entry of them may be anybody's words, and is counted as other."""
    if name not in ("category", "kecamatan"):
        return name
    written, shown = f"%({name}_written)s::text[]", f"%({name}_shown)s::text[]"
    told = f"coalesce(({shown})[array_position({written}, {name})], '{OTHER}')"
    return f"CASE WHEN {name} IS NOT NULL THEN {told} END AS {name}"


CASES = """
    FROM reporting.cases
   CROSS JOIN LATERAL (
         SELECT EXISTS (SELECT FROM reporting.holdings h WHERE h.dossier = cases.dossier
                           AND (h.breached OR (h.until IS NULL AND h.paused_at IS NULL AND h.due_at < %(now)s)))
             AS late) AS so_far
   WHERE tenant = %(tenant)s AND filed_at >= %(start)s AND filed_at < %(end)s
     AND (%(agency)s::text IS NULL OR agency = %(agency)s)
"""

_TOTALS = f"""
    SELECT count(*) AS filed,
           count(*) FILTER (WHERE status = 'answered' OR (status = 'closed' AND answered_at IS NOT NULL)) AS answered,
           count(*) FILTER (WHERE status IN ('in_progress', 'returned', 'transferred')) AS open,
           count(*) FILTER (WHERE status = 'lapsed') AS lapsed,
           count(*) FILTER (WHERE status = 'withdrawn') AS withdrawn,
           count(*) FILTER (WHERE status = 'rejected') AS rejected,
           count(*) FILTER (WHERE status = 'merged') AS merged,
           count(*) FILTER (WHERE status = 'closed' AND answered_at IS NULL) AS closed_unanswered,
           count(answered_at) AS ever_answered,
           count(*) FILTER (WHERE members > 0) AS groups,
           coalesce(sum(members + 1) FILTER (WHERE members > 0), 0) AS grouped,
           count(*) FILTER (WHERE transfers > 0) AS transferred,
           count(*) FILTER (WHERE answered_at IS NOT NULL AND delivered_at IS NULL) AS not_reached,
           count(*) FILTER (WHERE reopened > 0) AS reopened,
           count(delivered_at) AS delivered,
           coalesce(sum(delivery_failures), 0) AS delivery_failures,
           coalesce(sum(interims), 0) AS interim_answers,
           count(*) FILTER (WHERE interims > 0) AS cases_with_interim,
           coalesce(sum(dispositions), 0) AS dispositions,
           coalesce(sum(returned_incomplete), 0) AS incomplete,
           coalesce(sum(returned_wrong_agency), 0) AS wrong_agency,
           coalesce(sum(returned_out_of_authority), 0) AS out_of_authority,
           coalesce(sum(returned_rework), 0) AS rework,
           coalesce(sum(supplements), 0) AS supplements,
           coalesce(sum(replies), 0) AS replies,
           count(*) FILTER (WHERE case_met) AS met,
           count(*) FILTER (WHERE NOT case_met) AS missed,
           count(*) FILTER (WHERE case_met IS NULL) AS undecided,
           count(*) FILTER (WHERE steps_met) AS steps_met,
           count(*) FILTER (WHERE NOT steps_met OR (steps_met IS NULL AND late)) AS steps_missed,
           count(*) FILTER (WHERE steps_met IS NULL AND NOT late) AS steps_undecided,
           round(avg(extract(epoch FROM answered_at - filed_at)))::bigint AS mean_first,
           round(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM answered_at - filed_at)))::bigint
               AS median_first,
           round(avg(extract(epoch FROM last_answered_at - filed_at)))::bigint AS mean_total,
           round(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM last_answered_at - filed_at)))::bigint
               AS median_total,
           count(*) FILTER (WHERE answered_at IS NOT NULL AND delivered_at IS NOT NULL) AS asked,
           count(rating) AS ratings,
           round(avg(rating), 2)::float8 AS mean_rating
    {CASES}
"""  # noqa: S608 - constants of ours
STATE: Final = (
    "filed",
    "answered",
    "open",
    "lapsed",
    "withdrawn",
    "rejected",
    "merged",
    "closed_unanswered",
)
"""The complaints of a month, and the parts that they fall into by what they are now."""
_REJECTED = f"SELECT rejected_why, count(*) {CASES} AND rejected_why IS NOT NULL GROUP BY rejected_why ORDER BY 1"
_ELEMENTS = f"SELECT elements {CASES} AND elements IS NOT NULL"
_SCORES = f"SELECT rating, count(*) {CASES} AND rating IS NOT NULL GROUP BY rating"
_GROUPS = ("status", "agency", "category", "channel", "kecamatan", "classification")
_NAMES = f"SELECT DISTINCT {{name}} {CASES} AND {{name}} IS NOT NULL"
_GROUPED = f"""
    SELECT grouping({", ".join(_GROUPS)}), {", ".join(_GROUPS)},
           count(*), count(answered_at), count(*) FILTER (WHERE case_met), count(*) FILTER (WHERE NOT case_met),
           round(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM answered_at - filed_at)))::bigint
      FROM (SELECT {", ".join(_spelled(name) for name in _GROUPS)}, answered_at, filed_at, case_met
            {CASES}) AS spelled
   GROUP BY GROUPING SETS ({", ".join(f"({name})" for name in _GROUPS)})
"""  # noqa: S608 - as above
_TIMES = f"SELECT filed_at, answered_at, last_answered_at {CASES} AND answered_at IS NOT NULL"


def figures(cursor: Any, parameters: dict[str, Any], calendar: WorkingCalendar, entries: Entries) -> dict[str, Any]:
    """What is counted of a month's cases.

    :param parameters: ``tenant``, ``start``, ``end``, ``agency`` and ``now``.
    :param calendar: by which working time is told.
    :param entries: the names that may be told apart.
    """
    cursor.execute(_TOTALS, parameters)
    total = dict(zip([column.name for column in cursor.description], cursor.fetchone(), strict=True))
    cursor.execute(_SCORES, parameters)
    scores = dict(cursor.fetchall())
    cursor.execute(_TIMES, parameters)
    first, last = _working(cursor.fetchall(), calendar)
    return {
        # What a complaint is now: these add up to `filed`. What it once was is told by the counts further down.
        **{name: int(total[name]) for name in STATE},
        "ever_answered": int(total["ever_answered"]),
        "transferred": int(total["transferred"]),
        "groups": {"count": int(total["groups"]), "complaints": int(total["grouped"])},
        "rejected_for": _rejected(cursor, parameters),
        "within_standard": _within(total["met"], total["missed"], total["undecided"]),
        "all_steps_in_time": _within(total["steps_met"], total["steps_missed"], total["steps_undecided"]),
        "time_to_answer": {
            "first": _times(total["mean_first"], total["median_first"], first),
            "total": _times(total["mean_total"], total["median_total"], last),
        },
        "returned": {why: int(total[why]) for why in ("incomplete", "wrong_agency", "out_of_authority", "rework")},
        "dispositions": int(total["dispositions"]),
        "wrong_dispositions": int(total["wrong_agency"]),
        "reworked": int(total["rework"]),
        "interim_answers": int(total["interim_answers"]),
        "cases_with_interim": int(total["cases_with_interim"]),
        "delivered": int(total["delivered"]),
        "not_reached": int(total["not_reached"]),
        "delivery_failures": int(total["delivery_failures"]),
        "supplements": int(total["supplements"]),
        "replies": int(total["replies"]),
        "reopened": int(total["reopened"]),
        "ratings": {
            "count": int(total["ratings"]),
            "mean": total["mean_rating"],
            "scores": {str(score): int(scores.get(score, 0)) for score in range(1, 6)},
        },
        "satisfaction": _satisfaction(cursor, parameters, int(total["asked"])),
        **_groups(cursor, parameters, entries),
    }


def _satisfaction(cursor: Any, parameters: dict[str, Any], asked: int) -> dict[str, Any]:
    """The survey of PermenPANRB 14/2017; who was told the final answer was invited to it."""
    cursor.execute(_ELEMENTS, parameters)
    answers = [elements for (elements,) in cursor.fetchall()]
    told = satisfaction(answers)
    return {
        "asked": asked,
        "answered": len(answers),
        "index": told.index,
        "class": told.grade,
        "elements": {
            name: round(mean, 2) if mean is not None else None
            for (name, _, _), mean in zip(ELEMENTS, told.means, strict=True)
        },
    }


def _rejected(cursor: Any, parameters: dict[str, Any]) -> dict[str, int]:
    cursor.execute(_REJECTED, parameters)
    return {why: int(count) for why, count in cursor.fetchall()}


def _within(met: int, missed: int, undecided: int) -> dict[str, Any]:
    decided = met + missed
    return {
        "met": int(met),
        "missed": int(missed),
        "undecided": int(undecided),
        "share": round(met / decided, 4) if decided else None,
    }


def _times(mean: int | None, median: int | None, working: list[int]) -> dict[str, Any]:
    return {
        "count": len(working),
        "mean_seconds": mean,
        "median_seconds": median,
        "mean_working_seconds": _rounded(sum(working), len(working)) if working else None,
        "median_working_seconds": _median(working),
    }


def _median(values: list[int]) -> int | None:
    if not values:
        return None
    values = sorted(values)
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else _rounded(values[middle - 1] + values[middle], 2)


def _rounded(total: int, count: int) -> int:
    """A mean in whole seconds, halves up as PostgreSQL does it."""
    return (2 * total + count) // (2 * count)


def _working(rows: list[tuple[Any, ...]], calendar: WorkingCalendar) -> tuple[list[int], list[int]]:
    first, last = [], []
    for place, (filed_at, answered_at, last_answered_at) in enumerate(rows, 1):
        first.append(calendar.between(filed_at, answered_at))
        last.append(first[-1] if last_answered_at == answered_at else calendar.between(filed_at, last_answered_at))
        if place % _YIELD_EVERY == 0:
            time.sleep(0)  # lets the process do other things in between
    return first, last


def _spellings(cursor: Any, parameters: dict[str, Any], entries: Entries) -> dict[str, list[str]]:
    """How each name that was written is told; by the lists' own spelling, so that one name is one row."""
    told: dict[str, list[str]] = {}
    for name, spelled in (("category", entries.category), ("kecamatan", entries.kecamatan)):
        cursor.execute(_NAMES.format(name=name), parameters)
        known = [(written, entry) for (written,) in cursor.fetchall() if (entry := spelled(written)) is not None]
        told[f"{name}_written"] = [written for written, _ in known]
        told[f"{name}_shown"] = [entry for _, entry in known]
    return told


def _groups(cursor: Any, parameters: dict[str, Any], entries: Entries) -> dict[str, Any]:
    """Cases by status, agency, category, ...: most first."""
    cursor.execute(_GROUPED, parameters | _spellings(cursor, parameters, entries))
    found: dict[str, list[dict[str, Any]]] = {f"by_{name}": [] for name in _GROUPS}
    for grouping, *values in cursor.fetchall():
        place = _grouped_by(grouping)
        filed, answered, met, missed, median = values[len(_GROUPS) :]
        found[f"by_{_GROUPS[place]}"].append(
            {
                "id": values[place],
                "filed": filed,
                "answered": answered,
                "within_standard": met,
                "beyond_standard": missed,
                "median_seconds": median,
            }
        )
    for rows in found.values():
        rows.sort(key=lambda row: (-row["filed"], row["id"] is None, row["id"] or ""))
    return found


def _grouped_by(grouping: int) -> int:
    """Which of the groups a row of the grouping sets is about: its bit is not set; the last has the lowest."""
    return next(place for place in range(len(_GROUPS)) if not grouping >> (len(_GROUPS) - 1 - place) & 1)
