"""Means are rounded to the nearest second, halves up: never down."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.reporting.figures import figures
from shared.application.runtime import Runtime

BEGAN = datetime.fromisoformat("2026-10-05T09:00:00+07:00")  # a Monday at the office
MONTH: dict[str, Any] = {
    "tenant": "cilacap",
    "start": datetime.fromisoformat("2026-10-01T00:00:00+07:00"),
    "end": datetime.fromisoformat("2026-11-01T00:00:00+07:00"),
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
        for number, each in enumerate(seconds):
            row = {
                **needed,
                "dossier": f"00000000-0000-0000-0000-{number:012}",
                "tenant": "cilacap",
                "status": "answered",
                "filed_at": BEGAN,
                "answered_at": BEGAN + timedelta(seconds=each),
                "last_answered_at": BEGAN + timedelta(seconds=each),
            }
            names, places = ", ".join(row), ", ".join(["%s"] * len(row))
            cursor.execute(f"INSERT INTO reporting.cases ({names}) VALUES ({places})", list(row.values()))
        tenant = runtime.tenants.get("cilacap")
        told = figures(cursor, MONTH, tenant.calendar.as_known(MONTH["now"]), tenant.entries)

    for kind in ("first", "total"):
        times = told["time_to_answer"][kind]
        assert [mean, mean] == [times["mean_seconds"], times["mean_working_seconds"]]
        assert [median, median] == [times["median_seconds"], times["median_working_seconds"]]


def _some(kind: str) -> object:
    return {"text": "x", "integer": 0, "boolean": False, "timestamp with time zone": BEGAN}.get(kind)
