"""What an SMS holds: the letters of GSM 03.38, counted as the networks count them, and words put into them."""

import re
import unicodedata
from typing import Final

BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""Letters of one septet each."""
EXTENDED: Final = frozenset("\f^{}\\[~]|€")
"""Letters that take two: an escape, and themselves."""

_ADDRESS: Final = re.compile(r" https?://\S+\Z")
_ONE: Final = 160
PART: Final = 153
"""Septets of each of several messages."""
_ONE_WIDE: Final = 70
_PART_WIDE: Final = 67
_PLAIN: Final = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032`\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u2022\u00b7\u2023\u25cf", "-"),
        "\u2026": "...",
        "\u00a0": " ",
        "\u202f": " ",
        "\t": " ",
        "\u00d7": "x",
        "\u2713": "v",
        "\u2192": "->",
    }
)


def fits(text: str) -> bool:
    """Whether a text is written in these letters alone."""
    return all(sign in BASIC or sign in EXTENDED for sign in text)


def septets(text: str) -> int:
    """How many septets a text takes; only for one that fits."""
    return sum(2 if sign in EXTENDED else 1 for sign in text)


def units(text: str) -> int:
    """How many UTF-16 units a text takes, where it does not fit: an emoji takes two."""
    return len(text.encode("utf-16-be", "surrogatepass")) // 2


def parts(text: str) -> int:
    """In how many messages a text goes out.

    An escape is never parted from its letter, nor a letter of two units: each part holds what fits whole.
    """
    if fits(text):
        return _parts([septets(sign) for sign in text], _ONE, PART)
    return _parts([units(sign) for sign in text], _ONE_WIDE, _PART_WIDE)


def _parts(sizes: list[int], one: int, part: int) -> int:
    if sum(sizes) <= one:
        return 1
    count, room = 1, part
    for size in sizes:
        if size > room:
            count, room = count + 1, part
        room -= size
    return count


def plain(text: str) -> str:
    """The text in these letters: signs of print by their plain ones, other letters without what adorns them.

    What has no such form becomes a question mark; the price of one sign must not be double that of the whole.
    """
    return "".join(_plain(sign) for sign in unicodedata.normalize("NFC", text).translate(_PLAIN))


def shortened(text: str, most_parts: int) -> str:
    """A text that takes at most so many parts, cut at a blank with three dots where it would take more.

    An address at its end, which leads to the rest, stays whole.
    """
    if parts(text) <= most_parts:
        return text
    found = _ADDRESS.search(text)
    end = found.group() if found and parts(f"...{found.group()}") <= most_parts else ""
    body = text.removesuffix(end)
    low, high = 0, len(body)
    while low < high:  # the longest beginning that fits
        middle = (low + high + 1) // 2
        if parts(f"{body[:middle].rstrip()}...{end}") <= most_parts:
            low = middle
        else:
            high = middle - 1
    cut = body[:low]
    blank = cut.rfind(" ")
    return (cut[:blank] if blank > low // 2 else cut).rstrip() + f"...{end}"


def _plain(sign: str) -> str:
    if sign in BASIC or sign in EXTENDED:
        return sign
    bare = "".join(each for each in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(each))
    if bare and all(each in BASIC or each in EXTENDED for each in bare):
        return bare
    return "" if unicodedata.category(sign)[0] in "CM" else "?"
