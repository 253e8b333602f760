"""What is counted of a month's complaints, told from its sums."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from services.reporting.medians import GROUPS, OTHER, SPELLED, KeptMedians, Medians
from services.reporting.tallies import CASES, ELEMENT, NOBODY, REJECTED, SCORE, STATE
from services.reporting.tallies import GROUPS as GROUP_TALLY
from shared.base.rounding import rounded, rounded_to
from shared.domain.complaint.survey import ELEMENTS, UNANSWERED, satisfaction
from shared.domain.entries import Entries

_SUMS: Final = f"""
    SELECT agency, {", ".join(CASES.counts)} FROM {CASES}
     WHERE tenant = %(tenant)s AND month = %(month)s AND (%(agency)s::text IS NULL OR agency = %(agency)s)
"""  # noqa: S608 - constants of ours
_GROUPED: Final = f"""
    SELECT kind, value, {", ".join(f"sum({count})::bigint" for count in GROUP_TALLY.counts)} FROM {GROUP_TALLY}
     WHERE tenant = %(tenant)s AND month = %(month)s AND (%(agency)s::text IS NULL OR agency = %(agency)s)
     GROUP BY kind, value HAVING sum(filed) > 0 ORDER BY kind, value
"""  # noqa: S608 - as above
# A desk that never lets go is late before anybody has noted it.
_LATE_BY_NOW: Final = """
    SELECT count(*) FROM reporting.holdings h JOIN reporting.cases c USING (dossier)
     WHERE h.tenant = %(tenant)s AND h.month = %(month)s AND h.until IS NULL AND h.due_at < %(now)s
       AND NOT h.breached AND h.paused_at IS NULL AND c.steps_met IS NULL
       AND (%(agency)s::text IS NULL OR c.agency = %(agency)s)
       AND NOT EXISTS (SELECT FROM reporting.holdings b WHERE b.dossier = h.dossier AND b.breached)
"""
_MICROSECONDS: Final = 1_000_000
_GROUP_COUNTS: Final = ("filed", "answered", "within_standard", "beyond_standard")

Counts = dict[str, int]


def figures(cursor: Any, parameters: dict[str, Any], entries: Entries, medians: KeptMedians) -> dict[str, Any]:
    """What is counted of a month's cases.

    :param parameters: ``tenant``, ``month``, ``agency`` and ``now``.
    :param entries: the names that may be told apart.
    :param medians: those that are known already.
    """
    cursor.execute(_SUMS, parameters)
    agencies = {agency: dict(zip(CASES.counts, counts, strict=True)) for agency, *counts in cursor.fetchall()}
    total = {name: sum(each[name] for each in agencies.values()) for name in CASES.counts}
    cursor.execute(_GROUPED, parameters)
    groups: dict[str, dict[str, tuple[int, ...]]] = {}
    for kind, value, *counts in cursor.fetchall():
        groups.setdefault(kind, {})[value] = tuple(counts)
    cursor.execute(_LATE_BY_NOW, parameters)
    late = total["steps_missed"] + int(cursor.fetchone()[0])
    spelled = {name: _spelled(getattr(entries, name), groups.get(name, {})) for name in SPELLED}
    middle = medians.of(cursor, parameters, _spelling(spelled), (total["ever_answered"], total["fingerprint"]))
    groups["agency"] = {
        agency: (each["filed"], each["ever_answered"], each["met"], each["missed"])
        for agency, each in agencies.items()
        if each["filed"]
    }
    return {
        # What a complaint is now: these add up to `filed`. What it once was is told by the counts further down.
        **{name: total[name] for name in STATE},
        "ever_answered": total["ever_answered"],
        "transferred": total["transferred"],
        "groups": {"count": total["groups"], "complaints": total["grouped"]},
        "rejected_for": {why: counts[0] for why, counts in groups.get(REJECTED, {}).items()},
        "within_standard": _within(total["met"], total["missed"], total["filed"]),
        "all_steps_in_time": _within(total["steps_met"], late, total["filed"]),
        "time_to_answer": {
            "first": _times(total, "first", middle.first, middle.first_working),
            "total": _times(total, "last", middle.last, middle.last_working),
        },
        "returned": {why: total[why] for why in ("incomplete", "wrong_agency", "out_of_authority", "rework")},
        "dispositions": total["dispositions"],
        "wrong_dispositions": total["wrong_agency"],
        "reworked": total["rework"],
        "interim_answers": total["interim_answers"],
        "cases_with_interim": total["cases_with_interim"],
        "delivered": total["delivered"],
        "not_reached": total["not_reached"],
        "delivery_failures": total["delivery_failures"],
        "supplements": total["supplements"],
        "replies": total["replies"],
        "reopened": total["reopened"],
        "ratings": {
            "count": total["ratings"],
            "mean": rounded_to(2, total["rating_sum"], total["ratings"]),
            "scores": {str(score): groups.get(SCORE, {}).get(str(score), (0,))[0] for score in range(1, 6)},
        },
        "satisfaction": _satisfaction(groups.get(ELEMENT, {}), total),
        **{f"by_{name}": _group(name, groups.get(name, {}), spelled, middle) for name in GROUPS},
    }


def _satisfaction(elements: Mapping[str, tuple[int, ...]], total: Counts) -> dict[str, Any]:
    """The survey of PermenPANRB 14/2017; who was told the final answer was invited to it."""
    scores: list[dict[int, int]] = [{} for _ in ELEMENTS]
    for value, counts in elements.items():
        place, score = map(int, value.split(":"))
        if score != UNANSWERED:
            scores[place][score] = counts[0]
    told = satisfaction(scores)
    return {
        "asked": total["asked"],
        "answered": total["surveys"],
        "index": told.index,
        "class": told.grade,
        "elements": {
            name: rounded_to(2, sum(score * often for score, often in each.items()), sum(each.values()))
            for (name, _, _), each in zip(ELEMENTS, scores, strict=True)
        },
    }


def _within(met: int, missed: int, filed: int) -> dict[str, Any]:
    decided = met + missed
    return {"met": met, "missed": missed, "undecided": filed - decided, "share": rounded_to(4, met, decided)}


def _times(total: Counts, which: str, median: int | None, median_working: int | None) -> dict[str, Any]:
    count = total["ever_answered"]
    return {
        "count": count,
        "mean_seconds": rounded(total[f"{which}_micros"], count * _MICROSECONDS) if count else None,
        "median_seconds": median,
        "mean_working_seconds": rounded(total[f"{which}_working"], count) if count else None,
        "median_working_seconds": median_working,
    }


def _spelled(spell: Any, names: Iterable[str]) -> dict[str, str]:
    """How each name that was written is told; by the lists' own spelling, so that one name is one row."""
    return {name: entry for name in names if name != NOBODY and (entry := spell(name)) is not None}


def _spelling(spelled: Mapping[str, Mapping[str, str]]) -> dict[str, list[str]]:
    return {
        f"{name}_{which}": list(told)
        for name, known in spelled.items()
        for which, told in (("written", known.keys()), ("shown", known.values()))
    }


def _group(
    name: str, counted: Mapping[str, tuple[int, ...]], spelled: Mapping[str, Mapping[str, str]], medians: Medians
) -> list[dict[str, Any]]:
    """Cases by status, agency, category, ...: most first."""
    told: dict[str | None, list[int]] = {}
    for value, counts in counted.items():
        shown = None if value == NOBODY else spelled[name].get(value, OTHER) if name in spelled else value
        told[shown] = [one + another for one, another in zip(told.get(shown, [0] * 4), counts, strict=True)]
    rows: list[dict[str, Any]] = [
        {
            "id": shown,
            **dict(zip(_GROUP_COUNTS, counts, strict=True)),
            "median_seconds": medians.groups.get(name, {}).get(shown),
        }
        for shown, counts in told.items()
    ]
    rows.sort(key=lambda row: (-row["filed"], row["id"] is None, row["id"] or ""))
    return rows
