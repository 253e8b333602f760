"""Slips of the pen: a word that is none, and differs from a catalogue's word by a letter or two, is meant to be it."""

from collections.abc import Collection
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from shared.domain.classifying.stemming import is_known

SHORTEST: Final = 5
"""Letters. Among shorter words too many are a letter away from each other."""

LONG: Final = 9
"""Letters from which two slips are forgiven."""

SKELETON: Final = 4
"""Consonants from which a word that was typed without vowels is looked for: ``jmbtn``."""

_VOWELS: Final = frozenset("aeiou")
_SHORT_REST: Final = 3
_ENDINGS: Final = ("ku", "mu", "lah", "kah", "pun", "ne", "na", "e", "an", "in")
"""What is hung on words that the stemmer does not know: ``ktpku``, ``bansose``."""

MIDDLE: Final = 7
"""Letters from which a wrong letter is forgiven; in shorter words only a missing, doubled or exchanged one is, since
``copet`` and ``cepet``, ``perda`` and ``pemda`` are different words.
"""


def corrected(word: str, catalogue: Collection[str]) -> str:
    """The catalogue's word that is meant; the word itself where none is near, or two are equally near.

    :param catalogue: words of one's own.
    """
    if not word.isalpha() or word in catalogue or is_known(word):
        return word
    for ending in _ENDINGS:
        rest = word.removesuffix(ending)
        if rest != word and rest in catalogue and len(rest) >= (_SHORT_REST if len(ending) > 1 else SHORTEST):
            return rest
    if len(word) >= SKELETON and not _VOWELS & set(word):
        meant = [known for known in catalogue if skeleton(known) == word]
        return meant[0] if len(meant) == 1 else word
    if len(word) < SHORTEST:
        return word
    most = 2 if len(word) >= LONG else 1
    likely = process.extract(word, catalogue, scorer=OSA.distance, score_cutoff=most, limit=2)
    near = [(found, distance) for found, distance, _ in likely if _slip(word, found)]
    if not near or (len(near) > 1 and near[0][1] == near[1][1]):
        return word
    return near[0][0]


@lru_cache(maxsize=10_000)
def skeleton(word: str) -> str:
    """A word without its vowels."""
    return "".join(letter for letter in word if letter not in _VOWELS)


def _slip(word: str, meant: str) -> bool:
    if len(meant) < SHORTEST or meant[0] != word[0]:
        return False
    return len(word) >= MIDDLE or len(word) != len(meant) or sorted(word) == sorted(meant)
