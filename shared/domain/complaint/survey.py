"""The satisfaction survey of PermenPANRB 14/2017: nine elements, each from 1 to 4, and the index made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from shared.base.rounding import rounded

SINGLE: Final = "single"
NINE: Final = "nine"
SURVEYS: Final = (SINGLE, NINE)
"""What a government asks: one question (1 to 5), or the nine elements beside it."""

LEAST: Final = 1
MOST: Final = 4
UNANSWERED: Final = 0

ELEMENTS: Final = (
    ("requirements", "Persyaratan", "Requirements"),
    ("procedure", "Sistem, mekanisme, dan prosedur", "System, mechanism and procedure"),
    ("time", "Waktu penyelesaian", "Time of completion"),
    ("cost", "Biaya/tarif", "Costs and fees"),
    ("product", "Produk spesifikasi jenis pelayanan", "What the service is to give"),
    ("competence", "Kompetensi pelaksana", "Competence of the officers"),
    ("behaviour", "Perilaku pelaksana", "Conduct of the officers"),
    ("complaints", "Penanganan pengaduan, saran, dan masukan", "Handling of complaints and suggestions"),
    ("facilities", "Sarana dan prasarana", "Facilities"),
)
"""Id, Indonesian and English title of each element, in the regulation's order."""

_CLASSES: Final = ((88.31, "A"), (76.61, "B"), (65.00, "C"), (25.00, "D"))
"""The lowest index of each class: sangat baik, baik, kurang baik, tidak baik (annex of the regulation)."""


@dataclass(frozen=True)
class Satisfaction:
    """What the answers come to.

    :param means: the mean of each element; none where nobody answered it.
    :param index: from 25 to 100, two decimals; none unless every element has been answered by somebody.
    :param grade: ``A`` to ``D``; none without an index.
    """

    means: tuple[float | None, ...]
    index: float | None
    grade: str | None


def satisfaction(scores: Sequence[Mapping[int, int]]) -> Satisfaction:
    """The index of many answers: the mean of each element, each with the same weight, times 25.

    :param scores: for each element how often each number was given, the unanswered left out.
    """
    means = [_mean(each) for each in scores]
    told = tuple(None if mean is None else float(mean) for mean in means)
    known = [mean for mean in means if mean is not None]
    if len(known) < len(ELEMENTS):
        return Satisfaction(told, None, None)
    index = rounded(*Fraction(sum(known) * 2500, len(ELEMENTS)).as_integer_ratio()) / 100
    return Satisfaction(told, index, next((grade for least, grade in _CLASSES if index >= least), None))


def _mean(scores: Mapping[int, int]) -> Fraction | None:
    count = sum(scores.values())
    return Fraction(sum(score * often for score, often in scores.items()), count) if count else None
