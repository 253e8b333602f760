"""What says nothing: texts that hold not one sign that a reader could see.

Two things are told apart. A *blank* shows nothing and is stripped from the ends of texts: blanks, controls, and what
Unicode calls default ignorable (zero-width blanks and joiners, marks of direction, Hangul fillers, variation selectors,
tags), the empty braille cell, half surrogates. Other code points stay where they stand, but make no text by themselves:
marks without a letter, code points of private use and unassigned ones, which look like nothing but in somebody's own
font. Wherever a text is needed, one without a sign that is seen counts as none.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

# Unicode 15: White_Space, Cc, Cs, Default_Ignorable_Code_Point, and the rest of Cf but for the signs that stand before
# a number or a word and are seen (U+0600..0605, U+06DD, U+070F, U+0890..0891, U+08E2, U+110BD, U+110CD). Besides: the
# empty braille cell, the place of a picture that did not come along (U+FFFC), the musical null notehead, the blank
# hieroglyphs of Unicode 15, and code points that are no characters.
_BLANK: Final = (
    r"\s\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u206f\u2800\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff"
    r"\U00013430-\U0001343f\U00013441\U00013442\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_NOT_BLANK: Final = re.compile(f"[^{_BLANK}]")
_NO_SIGN: Final = frozenset({"Mn", "Mc", "Me", "Co", "Cn"})
_PICTOGRAPHS: Final = ((0x1F000, 0x1FAFF), (0x1FC00, 0x1FFFD))
"""Kept free for pictographs (UTS #51, Extended_Pictographic): this year's emoji are newer than Python's tables."""
_OF_THE_SIGN_BEFORE: Final = re.compile(r"[\ufe00-\ufe0f\u180b-\u180d\u180f\U000e0020-\U000e007f\U000e0100-\U000e01ef]")


def says_nothing(text: str) -> bool:
    """Whether a text holds no sign that can be seen."""
    return not any(map(_is_seen, text))


@lru_cache(maxsize=4096)
def _is_seen(sign: str) -> bool:
    if not _NOT_BLANK.match(sign):
        return False
    category = unicodedata.category(sign)
    if category == "Cn":
        return any(first <= ord(sign) <= last for first, last in _PICTOGRAPHS)
    return category not in _NO_SIGN


def is_blank(value: object) -> bool:
    """Whether a value counts as absent: null, a text that says nothing, an empty list or object."""
    if isinstance(value, str):
        return says_nothing(value)
    return value is None or value in ((), [], {})


def trimmed(text: str) -> str:
    """A text without the blanks at its ends; inside it everything stays. What says nothing is left empty.

    What shapes its last sign stays with it: the variation selector of a coloured heart, the tags of a flag.
    """
    if says_nothing(text):
        return ""
    start = _NOT_BLANK.search(text)
    end = len(text)  # from the end by hand: a pattern would look at every run of blanks inside the text
    while not _NOT_BLANK.match(text, end - 1):
        end -= 1
    while end < len(text) and _OF_THE_SIGN_BEFORE.match(text, end):
        end += 1
    return text[start.start() if start else 0 : end]
