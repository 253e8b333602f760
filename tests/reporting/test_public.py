"""What is told to everybody hides small counts, and so that they cannot be reckoned."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.public import FEWEST, suppressed


def _rows(*counts: int) -> list[dict[str, Any]]:
    return [{"id": str(place), "filed": count, "answered": count} for place, count in enumerate(counts)]


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([], []),
        ([9, 5], [9, 5]),
        ([9, 4, 3], [9, None, None]),
        ([9, 7, 4], [9, None, None]),
        ([4], [None]),
        ([9, 0], [9, 0]),
    ],
)
def test_small_counts_are_hidden_with_company(counts: list[int], told: list[int | None]) -> None:
    """One hidden alone is what is left of the total: the next smallest is hidden with it."""
    assert told == [row["filed"] for row in suppressed(_rows(*counts))]


@given(st.lists(st.integers(min_value=0, max_value=50), max_size=12))
def test_no_small_count_is_told_and_none_is_hidden_alone(counts: list[int]) -> None:
    """Whatever the counts are; what belongs to a hidden row is hidden with it, but for its name."""
    rows = suppressed(_rows(*counts))
    hidden = [row for row in rows if row["filed"] is None]

    assert all(row["filed"] is None or row["filed"] == 0 or row["filed"] >= FEWEST for row in rows)
    assert 1 != len(hidden) or 1 == sum(count > 0 for count in counts)
    assert all(row["answered"] is None and row["id"] for row in hidden)
