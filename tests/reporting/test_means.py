"""Means are rounded to the nearest second, halves up: never down."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.reporting.figures import figures
from services.reporting.medians import KeptMedians
from services.reporting.projection import CASES
from services.reporting.tallies import TALLIES, parts_of
from shared.application.runtime import Runtime
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
    with runtime.database.transaction() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'reporting' "
            "AND table_name = 'cases' AND is_nullable = 'NO' AND column_default IS NULL"
        )
        needed = {name: _some(kind) for name, kind in cursor.fetchall()}
        sums: Sums = {}
        for number, each in enumerate(seconds):
            answered = BEGAN + timedelta(seconds=each)
            row = {
                **dict.fromkeys(CASES.columns),
                **needed,
                "dossier": f"00000000-0000-0000-0000-{number:012}",
                "tenant": "cilacap",
                "month": "2026-10",
                "status": "answered",
                "members": 0,
                "filed_at": BEGAN,
                "answered_at": answered,
                "last_answered_at": answered,
                "first_working": each,
                "last_working": each,
            }
            names, places = ", ".join(row), ", ".join(["%s"] * len(row))
            cursor.execute(f"INSERT INTO reporting.cases ({names}) VALUES ({places})", list(row.values()))
            add(sums, parts_of(row, []))
        write_sums(cursor, "reporting", TALLIES, sums)
        told = figures(cursor, MONTH, runtime.tenants.get("cilacap").entries, KeptMedians())

    for kind in ("first", "total"):
        times = told["time_to_answer"][kind]
        assert [mean, mean] == [times["mean_seconds"], times["mean_working_seconds"]]
        assert [median, median] == [times["median_seconds"], times["median_working_seconds"]]


def _some(kind: str) -> object:
    return {"text": "x", "integer": 0, "boolean": False, "timestamp with time zone": BEGAN}.get(kind)
