"""What says nothing, and what is stripped."""

import sys
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.base.blank import is_blank, says_nothing, trimmed

_SEEN_FORMATS = {0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD, *range(0x600, 0x606)}
_OTHERS = "\ufffc\u034f\u115f\u1160\u17b4\u17b5\u180b\u2800\u3164\uffa0\ufe00\ufe0f\U000e0100"
_UNSEEN = st.text(st.sampled_from(f"\u200b\u200d\ufeff \n\t\u00ad\u202e\x00{_OTHERS}"), max_size=5)


def test_no_blank_and_no_format_character_of_unicode_is_seen() -> None:
    """Whatever Unicode calls a blank, a control, a format sign, a mark, private or unassigned says nothing alone."""
    told = [chr(code) for code in range(sys.maxunicode + 1) if code not in _SEEN_FORMATS]
    unseen = [sign for sign in told if unicodedata.category(sign)[0] in "CZM" and not _for_pictographs(sign)]

    assert [] == [hex(ord(sign)) for sign in (*unseen, *_OTHERS) if not says_nothing(sign)]


def test_every_letter_number_and_sign_is_seen() -> None:
    """Nobody's script is taken for a blank."""
    fillers = set(_OTHERS) | {"\u2800", "\U0001d159"}
    told = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code))[0] in "LNPS"]

    assert [] == [hex(ord(sign)) for sign in told if says_nothing(sign) and sign not in fillers]


@given(st.text(st.characters(categories=("C", "Z", "M"), exclude_characters=[*map(chr, _SEEN_FORMATS)]), max_size=8))
def test_no_text_of_such_signs_is_one(text: str) -> None:
    """However they are mixed; one letter among them makes a text, with its marks."""
    assume(not any(map(_for_pictographs, text)))

    assert says_nothing(text)
    assert "" == trimmed(text)
    assert not says_nothing(f"{text}a{text}")
    assert trimmed(f"{text}a\u0301{text}") in f"{text}a\u0301{text}"
    assert "a\u0301" in trimmed(f"{text}a\u0301{text}")


def test_an_emoji_newer_than_the_tables_is_seen() -> None:
    """Telephones know them before Python does."""
    assert not says_nothing("\U0001fae9")


def _for_pictographs(sign: str) -> bool:
    return unicodedata.category(sign) == "Cn" and (0x1F000 <= ord(sign) <= 0x1FAFF or 0x1FC00 <= ord(sign) <= 0x1FFFD)


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
    assert left == "" or not left[0].isspace()


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
