"""Means and shares are rounded to the nearest, halves up: never down, and in every figure alike."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.reporting.figures import figures
from services.reporting.medians import KeptMedians
from services.reporting.projection import CASES
from services.reporting.tallies import TALLIES, parts_of
from services.reporting.yearly import year
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.domain.complaint.survey import ELEMENTS
from shared.store.projection.tally import Sums, add, write_sums

BEGAN = datetime.fromisoformat("2026-10-05T09:00:00+07:00")  # a Monday at the office
MONTH: dict[str, Any] = {
    "tenant": "cilacap",
    "month": "2026-10",
    "agency": None,
    "now": BEGAN + timedelta(days=1),
}


@pytest.mark.parametrize(
    ("seconds", "mean", "median"),
    [((1, 2), 2, 2), ((1, 1, 2), 1, 1), ((1, 2, 2), 2, 2), ((0, 0, 1, 1, 1, 1), 1, 1), ((59, 60), 60, 60)],
)
def test_means_are_rounded_to_the_nearest_second(
    runtime: Runtime, seconds: tuple[int, ...], mean: int, median: int
) -> None:
    """Of time by the wall and of working time alike."""
    told = _told(runtime, map(_answered, seconds))

    for kind in ("first", "total"):
        times = told["time_to_answer"][kind]
        assert [mean, mean] == [times["mean_seconds"], times["mean_working_seconds"]]
        assert [median, median] == [times["median_seconds"], times["median_working_seconds"]]


def test_a_months_marks_are_rounded_alike_in_its_recap_and_in_its_year(runtime: Runtime) -> None:
    """The mean of ratings, of each question of the survey, and the share in time: a half goes up."""
    marked: list[dict[str, Any]] = [{"rating": 1, "elements": [1] * len(ELEMENTS)} for _ in range(7)]
    marked.append({"rating": 2, "elements": [2] * len(ELEMENTS)})
    judged: list[dict[str, Any]] = [{"case_met": number == 0} for number in range(32)]
    told = _told(runtime, ({**_answered(60), **each} for each in (*marked, *judged)))
    months = year(runtime, Caller("cilacap", "coordinator", user="rina"), "cilacap", "2026")["months"]

    assert 1.13 == told["ratings"]["mean"]
    assert [1.13] == [each["rating"] for each in months if each["id"] == MONTH["month"]]
    assert {1.13} == set(told["satisfaction"]["elements"].values())
    assert 0.0313 == told["within_standard"]["share"]


def _answered(seconds: int) -> dict[str, Any]:
    """What a complaint that was answered after so long says."""
    answered = BEGAN + timedelta(seconds=seconds)
    return {
        "status": "answered",
        "answered_at": answered,
        "last_answered_at": answered,
        "first_working": seconds,
        "last_working": seconds,
    }


def _told(runtime: Runtime, cases: Iterator[Mapping[str, Any]]) -> dict[str, Any]:
    """The figures of a month with these complaints."""
    with runtime.database.transaction() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'reporting' "
            "AND table_name = 'cases' AND is_nullable = 'NO' AND column_default IS NULL"
        )
        needed = {name: _some(kind) for name, kind in cursor.fetchall()}
        sums: Sums = {}
        for number, case in enumerate(cases):
            row = {
                **dict.fromkeys(CASES.columns),
                **needed,
                "dossier": f"00000000-0000-0000-0000-{number:012}",
                "tenant": "cilacap",
                "month": MONTH["month"],
                "members": 0,
                "filed_at": BEGAN,
                **case,
            }
            names, places = ", ".join(row), ", ".join(["%s"] * len(row))
            cursor.execute(f"INSERT INTO reporting.cases ({names}) VALUES ({places})", list(row.values()))
            add(sums, parts_of(row, []))
        write_sums(cursor, "reporting", TALLIES, sums)
        return figures(cursor, MONTH, runtime.tenants.get("cilacap").entries, KeptMedians())


def _some(kind: str) -> object:
    return {"text": "x", "integer": 0, "boolean": False, "timestamp with time zone": BEGAN}.get(kind)
