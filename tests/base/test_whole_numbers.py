"""Numbers as strangers write them."""

import pytest

from shared.base.whole_numbers import whole_number


@pytest.mark.parametrize(
    ("told", "number"),
    [
        ("7", 7),
        ("007", 7),
        (" 12\n", 12),
        ("2147483647", 2**31 - 1),
        ("2147483648", None),
        ("9" * 5000, None),
        ("", None),
        (" ", None),
        ("-1", None),
        ("+1", None),
        ("1_0", None),
        ("1.0", None),
        ("²", None),
        ("\u0661\u0662", None),
        ("\uff11\uff12", None),
        ("\u202e1", None),
        ("1\x00", None),
        ("½", None),
    ],
)
def test_a_number_that_a_stranger_writes_is_one_or_none(told: str, number: int | None) -> None:
    """In our digits, no longer than a number of the database; never an error of `int`."""
    assert number == whole_number(told)
