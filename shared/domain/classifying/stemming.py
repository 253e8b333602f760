"""The stem of a word: "selokannya" and "selokanku" are "selokan". By PySastrawi, after Nazief and Adriani."""

from functools import cache, lru_cache
from typing import Final

from Sastrawi.Dictionary.ArrayDictionary import ArrayDictionary
from Sastrawi.Stemmer.Stemmer import Stemmer
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

from shared.domain.classifying.language import language

LONGEST: Final = 24
"""Letters. What is longer is no word, and would only cost time."""

_ENDINGS: Final = ("nya", "lah", "kah", "pun", "ku", "mu", "in", "an", "ne")
_NASALS: Final = (("nge", ""), ("ng", ""), ("ny", "s"), ("n", "t"), ("m", "p"), ("n", ""), ("m", ""))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of one word in small letters; the word itself where none is known.

    Also takes off what people leave of affixes in speech: ``benerin``, ``ngurus``, ``nyapu``.
    """
    if len(word) > LONGEST or word in language().whole or not word.isalpha():
        return word
    if (found := _formal(word)) in known_words():
        return found
    for ending in _ENDINGS:
        if word.endswith(ending) and len(rest := word.removesuffix(ending)) >= 2:  # noqa: SIM102 - two questions
            if rest in language().whole or (rest := _formal(rest)) in known_words():
                return rest
    for nasal, lost in _NASALS:
        if word.startswith(nasal) and (rest := _formal(lost + word.removeprefix(nasal))) in known_words():
            return rest
    # The one ending that no word of the language has for its own.
    return word.removesuffix("nya") if len(word) > 4 else found


def is_known(word: str) -> bool:
    """Whether a word or its stem stands in the stemmer's dictionary."""
    return word in known_words() or stem(word) in known_words()


@cache
def known_words() -> frozenset[str]:
    """The stemmer's dictionary: some 30,000 stems."""
    return frozenset(StemmerFactory().get_words()) | language().whole


def _formal(word: str) -> str:
    found: str = _stemmer().stem_word(word)
    return found


@cache
def _stemmer() -> Stemmer:
    # Without the library's own cache, which grows without end.
    return Stemmer(ArrayDictionary([word for word in known_words() if word]))
