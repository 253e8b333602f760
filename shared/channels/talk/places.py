"""Villages and sub-districts in what a person wrote of a place."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from rapidfuzz import fuzz

from shared.base.names import canonical

_LIKELY: Final = 85
_BEFORE: Final = re.compile(r"\b(?:desa|ds|kelurahan|kel|kecamatan|kec)\b\.?\s*")
_PARTS: Final = re.compile(r"[,;/\n]| - ")

Found = tuple[str, str]
"""A sub-district and one of its villages; the village is blank if none was named."""


def places_in(text: str, places: Mapping[str, Sequence[str]]) -> list[Found]:
    """The places that a text may mean, as the lists spell them: one if it is clear, none if it names none of theirs.

    :param places: the villages of each sub-district.
    """
    parts = [part for each in _PARTS.split(canonical(text)) if (part := _BEFORE.sub("", each).strip())]
    whole = " ".join(parts)
    named = [kecamatan for kecamatan in places if _named(kecamatan, parts, whole)]
    found = [
        (kecamatan, desa)
        for kecamatan, desas in places.items()
        for desa in desas
        if _named(desa, parts, whole) and (not named or kecamatan in named)
    ]
    return found or [(kecamatan, "") for kecamatan in named]


def _named(name: str, parts: Sequence[str], whole: str) -> bool:
    """Whether a name stands in a text: as one of its parts, nearly as it is spelled, or within one as a whole."""
    wanted = canonical(name)
    return f" {wanted} " in f" {whole} " or any(fuzz.ratio(wanted, part) >= _LIKELY for part in parts)
