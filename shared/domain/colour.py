"""The colour that a government's pages bear, and what is mixed from it; checked so that everybody can read it.

Source: WCAG 2.2, relative luminance and contrast ratio; 4.5 to 1 for words (1.4.3).
"""

import re
from dataclasses import dataclass
from typing import Final

GROUND: Final = "#f3f5f2"
"""Of all pages; links stand on it."""
LEAST_CONTRAST: Final = 4.5
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}\Z")
_WHITE: Final = "#ffffff"
_BLACK: Final = "#000000"
_SOFTEST: Final = (0.12, 0.1, 0.08, 0.06, 0.04, 0.02, 0.0)
_LINE: Final = 0.3
_DEEP: Final = 0.6


@dataclass(frozen=True)
class Colour:
    """A government's own colour.

    :param own: as ``#rrggbb``, in small letters: of the head, of buttons and of links.
    """

    own: str

    @property
    def soft(self) -> str:
        """The ground of a box in it, as strong as words of the colour itself can still be read on it."""
        tried = (mixed(self.own, _WHITE, share) for share in _SOFTEST)
        return next(each for each in tried if contrast(self.own, each) >= LEAST_CONTRAST)

    @property
    def line(self) -> str:
        """Around such a box."""
        return mixed(self.own, _WHITE, _LINE)

    @property
    def deep(self) -> str:
        """Of a button under the pointer."""
        return mixed(self.own, _BLACK, _DEEP)


def colour_of(given: str) -> Colour:
    """A colour that was written.

    :raises ValueError: saying why it cannot be one of pages.
    """
    own = given.strip().lower()
    if not _COLOUR.match(own):
        raise ValueError("it is not written as #rrggbb")
    found = contrast(own, GROUND)
    if found < LEAST_CONTRAST:
        raise ValueError(f"its contrast with the pages' ground is {found:.1f}, and words want {LEAST_CONTRAST}")
    return Colour(own)


def contrast(one: str, other: str) -> float:
    """How well one is told from the other, from 1 to 21.

    :param one: as ``#rrggbb``.
    :param other: likewise.
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def mixed(own: str, other: str, share: float) -> str:
    """Two colours in one.

    :param share: of the first, from 0 to 1.
    """
    parts = zip(_parts(own), _parts(other), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in parts)


def _luminance(colour: str) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _shares(colour)]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _shares(colour: str) -> list[float]:
    return [part / 255 for part in _parts(colour)]


def _parts(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
