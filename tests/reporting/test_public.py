"""What is told to everybody hides small counts, and so that they cannot be reckoned."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.public import FEWEST, known, known_ratings, own_hands, suppressed, with_known_parts
from services.reporting.yearly import known_month


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
        ([6, 5, 1, 1], [6, None, None, None]),
        ([9, 8, 4, 4, 4], [9, None, None, None, None]),
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
    left = sum(counts) - sum(row["filed"] or 0 for row in rows)
    assert not hidden or left >= len(hidden) + FEWEST - 2 or not any(row["filed"] for row in rows)


def test_days_of_one_each_are_hidden_with_those_of_none() -> None:
    """Three days that together count three count one each, unless it is hidden which days these are."""
    assert [None] * 5 == [row["filed"] for row in suppressed(_rows(1, 1, 0, 1, 0), zeros=True)]
    assert [6, 0] == [row["filed"] for row in suppressed(_rows(6, 0), zeros=True)]


@pytest.mark.parametrize(("scores", "told"), [((1, 2, 0, 0, 30), {}), ((6, 0, 0, 0, 30), {"1": 6, "5": 30})])
def test_a_rare_score_cannot_be_reckoned_from_the_mean(scores: tuple[int, ...], told: dict[str, int]) -> None:
    """The count and the mean give two equations for two hidden scores: no score is told then."""
    counts = {str(score): count for score, count in enumerate(scores, 1)}
    ratings = known_ratings({"count": sum(scores), "mean": 4.7, "scores": counts})
    assert told == {score: count for score, count in ratings["scores"].items() if count}
    assert 4.7 == ratings["mean"]


_COUNT = st.integers(min_value=0, max_value=30)


@given(st.lists(st.tuples(_COUNT, _COUNT, _COUNT), max_size=10))
def test_no_small_part_of_a_row_is_told_nor_left_alone(counted: list[tuple[int, int, int]]) -> None:
    """Of how few were answered, or late, nobody is told; nor is it what the other rows leave of the total."""
    rows: list[dict[str, Any]] = [
        {
            "id": str(place),
            "filed": met + missed + more,
            "answered": met + missed,
            "within_standard": met,
            "beyond_standard": missed,
            "median_seconds": 60,
        }
        for place, (met, missed, more) in enumerate(counted)
    ]
    told = with_known_parts(rows)

    assert [row["filed"] for row in suppressed(rows)] == [row["filed"] for row in told]
    for name in ("answered", "within_standard", "beyond_standard"):
        assert all(row[name] is None or known(row[name]) is not None for row in told)
        left = sum(row[name] for row in rows) - sum(row[name] or 0 for row in told)
        without = [row for row in told if row[name] is None]
        assert not left or left >= len(without) + FEWEST - 2 or len(without) == len(rows)
    assert all(row["median_seconds"] is None for row in told if row["answered"] is None)
    assert all((row["within_standard"] is None) is (row["beyond_standard"] is None) for row in told)


def test_offices_are_told_by_the_time_in_their_own_hands() -> None:
    """All roles of an office together, none of a government's own desk, and no small number of what was late."""
    counted = {
        ("operator", "dpupr"): (20, 6),
        ("head", "dpupr"): (10, 0),
        ("operator", "dishub"): (30, 0),
        ("head", "dinsos"): (20, 3),
        ("head", "dikbud"): (20, 8),
        ("coordinator", None): (99, 40),
    }
    told = own_hands(
        (
            {
                "actor": actor,
                "agency": agency,
                "agency_name": agency and agency.upper(),
                "held": held,
                "own_breached": late,
            }
            for (actor, agency), (held, late) in counted.items()
        ),
        {"dpupr", "dishub", "dinsos", "dikbud"},
    )

    assert {"id": "dpupr", "name": "DPUPR", "held": 30, "in_time": 24, "late": 6} in told
    assert {"id": "dishub", "name": "DISHUB", "held": 30, "in_time": 30, "late": 0} in told
    assert {"id": "dinsos", "name": "DINSOS", "held": 20, "in_time": None, "late": None} in told
    assert 4 == len(told)


@given(st.lists(st.tuples(_COUNT, _COUNT, st.booleans()), max_size=10))
def test_no_few_steps_of_an_office_are_told_nor_left_alone(counted: list[tuple[int, int, bool]]) -> None:
    """As little as of few complaints, whatever offices there are, and however many of them are not told at all."""
    told = own_hands(
        (
            {"actor": "head", "agency": str(place), "agency_name": str(place), "held": met + late, "own_breached": late}
            for place, (met, late, _) in enumerate(counted)
        ),
        {str(place) for place, (_, _, open_to_all) in enumerate(counted) if open_to_all},
    )
    there = sum(met + late > 0 for met, late, _ in counted)

    assert {row["id"] for row in told} == {
        str(at) for at, (met, late, open_) in enumerate(counted) if met + late and open_
    }
    for name, total in (
        ("held", sum(met + late for met, late, _ in counted)),
        ("in_time", sum(met for met, _, _ in counted)),
        ("late", sum(late for _, late, _ in counted)),
    ):
        assert all(row[name] is None or known(row[name]) is not None for row in told)
        without = there - sum(row[name] is not None for row in told)
        left = total - sum(row[name] or 0 for row in told)
        assert not left or left >= without + FEWEST - 2 or without == there
    assert all(row["late"] is None for row in told if row["held"] is None)


def test_a_year_tells_everybody_no_rating_of_a_few() -> None:
    """The mean of one rating is that rating; what is rare is hidden by itself."""
    month = {"id": "2026-10", "filed": 40, "answered": 30, "wrong_dispositions": 4, "reopened": 5, "rating": 2.0}
    few, many = known_month({**month, "ratings": 1}), known_month({**month, "ratings": 5})

    assert (None, None, None, 5) == tuple(few[name] for name in ("rating", "ratings", "wrong_dispositions", "reopened"))
    assert (2.0, 5) == (many["rating"], many["ratings"])
