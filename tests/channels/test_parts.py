"""Letters that are too long for one message."""

from hypothesis import given
from hypothesis import strategies as st

from shared.channels.parts import in_parts


@given(st.text(st.characters(codec="utf-8"), max_size=300), st.integers(2, 60))
def test_a_long_letter_goes_in_parts_and_loses_nothing(text: str, most: int) -> None:
    """Each part is one that the provider takes, and together they are the letter."""
    parts = in_parts(text, most)
    assert all(len(each.encode("utf-16-le")) // 2 <= most for each in parts)
    assert "".join(text.split()) == "".join("".join(parts).split())
