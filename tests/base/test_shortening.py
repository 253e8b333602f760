"""Texts that have to fit."""

import pytest

from shared.base.shortening import shortened


@pytest.mark.parametrize(
    ("text", "shown"),
    [("", ""), ("lampu", "lampu"), ("lampu!", "lamp…"), ("lamp di", "lamp…"), ("lam padam", "lam…")],
)
def test_a_text_that_fits_stays_and_a_longer_one_is_cut_with_a_sign(text: str, shown: str) -> None:
    """Five characters at most, the sign of the cut among them, and no blank before it."""
    assert shown == shortened(text, 5)
