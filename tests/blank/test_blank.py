"""What says nothing, and what is stripped."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.base.blank import is_blank, says_nothing, trimmed

_SEEN_FORMATS = {0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD, *range(0x600, 0x606)}
_OTHERS = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u2800\u3164\uffa0\ufe00\ufe0f\U000e0100"
_UNSEEN = st.text(st.sampled_from(f"\u200b\u200d\ufeff \n\t\u00ad\u202e\x00{_OTHERS}"), max_size=5)


def test_no_blank_and_no_format_character_of_unicode_is_seen() -> None:
    """Whatever Unicode calls a blank, a control or a format sign says nothing by itself, and so do fillers."""
    told = [chr(code) for code in range(sys.maxunicode + 1) if code not in _SEEN_FORMATS]
    unseen = [sign for sign in told if unicodedata.category(sign) in ("Cf", "Cc", "Cs", "Zs", "Zl", "Zp")]

    assert [] == [hex(ord(sign)) for sign in (*unseen, *_OTHERS) if not says_nothing(sign)]


def test_every_letter_number_and_sign_is_seen() -> None:
    """Nobody's script is taken for a blank."""
    fillers = set(_OTHERS) | {"\u2800", "\U0001d159"}
    told = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code))[0] in "LNPS"]

    assert [] == [hex(ord(sign)) for sign in told if says_nothing(sign) and sign not in fillers]


@pytest.mark.parametrize(("value", "blank"), [(None, True), ("\u200b", True), ([], True), ({}, True), (0, False)])
def test_what_counts_as_absent(value: object, blank: bool) -> None:
    """Null, texts that say nothing, empty lists and objects; a zero is a number like others."""
    assert blank is is_blank(value)


@given(before=_UNSEEN, text=st.text(), after=_UNSEEN)
def test_only_the_ends_are_stripped(before: str, text: str, after: str) -> None:
    """What is left is a part of the text as it stood, begins with something seen, and is settled."""
    left = trimmed(before + text + after)

    assert left in before + text + after
    assert left == trimmed(left)
    assert says_nothing(text) == (left == "")
    assert left == "" or not says_nothing(left[0])


@pytest.mark.parametrize(
    "text",
    [
        "\u2764\ufe0f",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\U0001f3f4\U000e0067\U000e0062\U000e007f",
        "\u0e01\u0e33",
    ],
)
def test_signs_made_of_several_stay_whole(text: str) -> None:
    """A coloured heart, a family, a flag, a syllable."""
    assert text == trimmed(f"\u200b{text} \u200b")
