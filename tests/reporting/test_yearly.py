"""A year is its twelve months, and tells everybody no more than they do."""

import random
from collections.abc import Sequence
from typing import Any

import pytest

from services.reporting.projection import RecapProjection
from services.reporting.queries import recap
from services.reporting.yearly import public_year, year
from shared.application.dossiers.codec import decode
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.errors import Forbidden, Invalid
from shared.store.projection.runner import apply_batch
from tests.reporting.stories import record, started

ADMIN = Caller("*", "admin", admin=True)
MONTHS = [f"2026-{number:02}" for number in range(1, 13)]


def _filed(runtime: Runtime, **by_month: int) -> None:
    """So many complaints in each month, in the middle of the month."""
    stories = [
        started("cilacap", f"2026-{month[1:]}-12T09:00:00+07:00", 100 * int(month[1:]) + number)
        for month, count in by_month.items()
        for number in range(count)
    ]
    streams: Sequence[Any] = [story.events for story in stories]
    apply_batch(runtime.database, RecapProjection(), decode, record(runtime.database, streams, random.Random(1)))


def test_a_year_is_its_twelve_months(runtime: Runtime) -> None:
    """Each month's figures are those of its recap."""
    _filed(runtime, m01=2, m09=7, m12=1)
    months = [recap(runtime, ADMIN, "cilacap", month) for month in MONTHS]
    told = year(runtime, ADMIN, "cilacap", "2026")["months"]

    assert MONTHS == [each["id"] for each in told]
    assert [each["filed"] for each in months] == [each["filed"] for each in told]
    assert [each["ever_answered"] for each in months] == [each["answered"] for each in told]
    assert [each["within_standard"]["met"] for each in months] == [each["within_standard"] for each in told]
    assert [each["within_standard"]["missed"] for each in months] == [each["beyond_standard"] for each in told]


def test_everybody_reads_no_small_month(runtime: Runtime) -> None:
    """A month of fewer than five is not told, nor anything else of it; no sum stands there to reckon it from."""
    _filed(runtime, m01=4, m09=7, m10=9)
    told = public_year(runtime, "cilacap", "2026")

    assert {"2026-01": None, "2026-09": None, "2026-10": 9} == {
        each["id"]: each["filed"] for each in told["months"] if each["filed"] != 0
    }
    assert {None} == {value for name, value in told["months"][0].items() if name != "id"}
    assert "filed" not in told


@pytest.mark.parametrize("name", ["26", "0026", "2026-10", "dua", "", "20266"])
def test_what_is_no_year_is_refused(runtime: Runtime, name: str) -> None:
    """The answer names the field."""
    with pytest.raises(Invalid) as refused:
        year(runtime, ADMIN, "cilacap", name)

    assert {"year": ["not_a_year"]} == refused.value.fields


def test_another_governments_year_is_refused(runtime: Runtime) -> None:
    """By the one rule of reading."""
    with pytest.raises(Forbidden):
        year(runtime, Caller("bantul", "coordinator", None, "b"), "cilacap", "2026")
