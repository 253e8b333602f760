"""How much two complaints look like one matter: a number to sort by, and what it is made of, for people to judge."""

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from rapidfuzz import fuzz

from shared.domain.likeness.matter import Matter
from shared.domain.likeness.sketch import Sketcher

WINDOW: Final = timedelta(days=30)
"""How far apart two complaints may be filed to be suggested."""

LEAST: Final = 0.70
"""The least score that is suggested."""

SAME_TEXT: Final = 0.97
TWICE_WITHIN: Final = timedelta(hours=24)
"""What the same person wrote in the same words within a day was probably sent twice."""

_TEXT: Final = 0.55
_PLACE: Final = 0.30
_TIME: Final = 0.15
_FAR_METRES: Final = 1000
_LEAST_TEXT: Final = 0.45
"""Below it the same place on the same day makes no matter."""
_SAME_DESA: Final = 0.8
_SAME_KECAMATAN: Final = 0.4
_NEXT_DESA: Final = 0.2
"""Another village of the same sub-district: roads and rivers do not end at its border."""
_EARTH_METRES: Final = 6_371_000


@dataclass(frozen=True)
class Likeness:
    """What two complaints have in common, each share from 0 to 1.

    :param score: all together.
    :param text: of their words.
    :param place: of their places; none where one of them tells none.
    :param metres: between their points, where both have one.
    :param days: between their filings, rounded down.
    """

    score: float
    text: float
    place: float | None
    metres: int | None
    days: int

    @property
    def suggested(self) -> bool:
        """Whether a person should look at the two together; never where they tell places far from each other."""
        return self.score >= LEAST and self.text >= _LEAST_TEXT and self.place != 0


def likeness(one: Matter, other: Matter) -> Likeness:
    """Compare two complaints; the same whichever comes first.

    Where a place is told by one alone it counts neither for nor against, and the other parts weigh more.
    """
    apart = abs(one.at - other.at)
    time = max(0.0, 1 - apart / WINDOW)
    text = _text(one, other)
    metres = _metres(one, other)
    place = _place(one, other, metres)
    if place is None:
        score = (_TEXT * text + _TIME * time) / (_TEXT + _TIME)
    else:
        score = _TEXT * text + _PLACE * place + _TIME * time
    shown = None if place is None else round(place, 4)
    return Likeness(round(score, 4), round(text, 4), shown, None if metres is None else round(metres), apart.days)


def meet(sketcher: Sketcher, tenant: str, one: Matter, other: Matter) -> bool:
    """Whether one of two complaints of a government would be looked at for the other at all.

    They were filed within :data:`WINDOW`, and share a band of their texts, the surroundings of a point, or a village.
    """
    if abs(one.at - other.at) > WINDOW:
        return False
    if one.desa and (one.desa, one.kecamatan) == (other.desa, other.kecamatan):
        return True
    return not sketcher.wanted(tenant, one).isdisjoint(sketcher.hashes(tenant, other))


def _text(one: Matter, other: Matter) -> float:
    """Half by the words in common, whatever else the longer text says, half by all words of both.

    The first alone would find "jalan rusak" in whatever else somebody writes of a road.
    """
    if not one.stems or not other.stems:
        return 0.0
    left, right = " ".join(one.stems), " ".join(other.stems)
    return (fuzz.token_set_ratio(left, right) + fuzz.token_sort_ratio(left, right)) / 200


def _place(one: Matter, other: Matter, metres: float | None) -> float | None:
    if metres is not None:
        return max(0.0, 1 - metres / _FAR_METRES)
    if one.desa and other.desa:
        if (one.desa, one.kecamatan) == (other.desa, other.kecamatan):
            return _SAME_DESA
        return _NEXT_DESA if one.kecamatan and one.kecamatan == other.kecamatan else 0.0
    if one.kecamatan and other.kecamatan:
        return _SAME_KECAMATAN if one.kecamatan == other.kecamatan else 0.0
    return None


def _metres(one: Matter, other: Matter) -> float | None:
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    up, across = math.radians(other.lat - one.lat), math.radians(other.lon - one.lon)
    middle = math.cos(math.radians((one.lat + other.lat) / 2))
    return _EARTH_METRES * math.hypot(up, across * middle)
