"""The index of satisfaction, by the regulation's own arithmetic."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.complaint.survey import ELEMENTS, Satisfaction, satisfaction

_ANSWER = st.lists(st.integers(1, 4), min_size=9, max_size=9)


@pytest.mark.parametrize(("score", "index", "grade"), [(4, 100.0, "A"), (3, 75.0, "C"), (2, 50.0, "D"), (1, 25.0, "D")])
def test_one_answer_all_alike(score: int, index: float, grade: str) -> None:
    """All fours are a hundred, all ones the least there is."""
    told = _told([[score] * 9])

    assert (index, grade) == (told.index, told.grade)


@pytest.mark.parametrize(
    ("fours", "threes", "grade"),
    [(5, 4, "A"), (4, 5, "B"), (1, 8, "B"), (0, 9, "C")],
)
def test_classes_begin_where_the_regulation_says(fours: int, threes: int, grade: str) -> None:
    """88.31 is the lowest A, 76.61 the lowest B, 65.00 the lowest C."""
    assert grade == _told([[4] * fours + [3] * threes]).grade


@given(st.lists(_ANSWER, min_size=1, max_size=20))
def test_an_index_lies_between_the_least_and_the_most(answers: list[list[int]]) -> None:
    """From 25 to 100, with a class, and the same in any order."""
    told = _told(answers)

    assert told.index is not None
    assert 25 <= told.index <= 100
    assert told.grade in {"A", "B", "C", "D"}
    assert told == _told(answers[::-1])


def test_half_a_hundredth_goes_up() -> None:
    """75.005 is told as 75.01, by the very numbers and not by what a float makes of them."""
    assert 75.01 == satisfaction([{3: 10}] * 8 + [{3: 4991, 4: 9}]).index


def test_what_nobody_answered_is_not_guessed() -> None:
    """An element without an answer leaves the index open; what was answered is told."""
    told = _told([[4] * 8 + [0], [2] * 8 + [0]])

    assert (None, None) == (told.index, told.grade)
    assert (*[3.0] * 8, None) == told.means
    assert len(ELEMENTS) == len(told.means)


def test_without_answers_there_is_no_index() -> None:
    """Nobody asked, nobody answered."""
    assert _told([]).index is None


def _told(answers: Sequence[Sequence[int]]) -> Satisfaction:
    """Of nine numbers each, 0 where an element was not answered."""
    return satisfaction([Counter(each[place] for each in answers if each[place]) for place in range(len(ELEMENTS))])
