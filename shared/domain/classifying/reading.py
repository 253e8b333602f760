"""A text as its words: abbreviations written out, affixes taken off, and what only tells the place marked."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from shared.domain.classifying.language import language
from shared.domain.classifying.stemming import is_known, stem

LONGEST: Final = 2_000
"""Letters of a text that are read: what it is about is said by then."""

LONGEST_NAME: Final = 6
"""Words and dots of a street's name with its house number."""

# Each part of an address begins where the one before has ended: else a row of its signs would be read in cubic time.
_NOISE: Final = re.compile(r"https?://\S+|www\.\S+|(?<![^\s@])[^\s@]+@[^\s@]+\.[^\s@]+|\+?\d[\d .-]{7,}\d")
_PIECE: Final = re.compile(r"[^\W_]+(?:\.go\.id)?|[?!.,;:\n]")
_LONG_DRAWN: Final = re.compile(r"([a-z])\1{2,}")
_DOUBLED: Final = re.compile(r"([a-z]{2,})2(nya|an|in|kan|ku|mu|lah|e|ne)?\Z")
_END: Final = frozenset("?!.,;:\n")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text.

    :param typed: as typed, in small letters.
    :param word: as meant.
    :param stem: without its affixes.
    :param at: the letter at which it begins.
    :param capital: whether it was typed with a capital letter.
    :param place: whether it only tells where.
    :param name: whether it is part of a street's name.
    """

    typed: str
    word: str
    stem: str
    at: int = 0
    capital: bool = False
    place: bool = False
    name: bool = False

    @property
    def ends(self) -> bool:
        """Whether it is a mark that ends a phrase, not a word."""
        return self.word in _END


def read(text: str, phrases: Collection[str] = ()) -> list[Word]:
    """The words of a text and its marks, in order.

    :param phrases: stems of a catalogue's words and phrases: a place's name may be one.
    """
    text = _quiet(text)
    shouted = text.isupper()
    found = [word for piece in _PIECE.finditer(text) for word in _words(piece[0], piece.start(), shouted=shouted)]
    return _placed(list(_undoubled(found)), phrases)


def spoken(text: str) -> Iterator[tuple[str, str]]:
    """The words of a text, each as meant and without its affixes: as :func:`read` finds them, for a tenth of the time,
    to whom it is all one which of them tell a place.
    """
    before = None
    for piece in _PIECE.findall(_quiet(text)):
        for word, short in _meant(piece.casefold()):
            if word in _END:
                before = None
            elif short != before:
                before = short
                yield word, short


def stems(text: str) -> tuple[str, ...]:
    """The stems of a catalogue's word or phrase, in the form in which they are found in texts."""
    plain = unicodedata.normalize("NFKC", text)
    words = (word for piece in _PIECE.findall(plain) for word in _words(piece))
    return tuple(word.stem for word in _undoubled(words) if not word.ends)


def _quiet(text: str) -> str:
    begun = text[: 4 * LONGEST]  # signs may be written together by fours, and a megabyte is not looked at for them
    return _NOISE.sub(" ", unicodedata.normalize("NFKC", begun)[:LONGEST])


def _words(piece: str, at: int = 0, *, shouted: bool = True) -> Iterator[Word]:
    typed = piece.casefold()
    capital = piece[:1].isupper() and not shouted
    for word, short in _meant(typed):
        yield Word(typed, word, short, at, capital)


@lru_cache(maxsize=20_000)
def _meant(typed: str) -> tuple[tuple[str, str], ...]:
    """What a piece in small letters means: words, each with its stem; a mark is itself."""
    if typed in _END:
        return ((typed, typed),)
    plain = _LONG_DRAWN.sub(r"\1", typed)
    if doubled := _DOUBLED.match(plain):
        plain = doubled[1] + (doubled[2] or "")
    meant = language().short.get(plain) or language().short.get(typed) or (plain,)
    return tuple((word, stem(word)) for word in meant)


def _undoubled(words: Iterator[Word] | Sequence[Word]) -> Iterator[Word]:
    """``gorong-gorong`` is one word, as is ``diangkut-angkut``."""
    before = None
    for word in words:
        if word.ends or word.stem != before:
            yield word
        before = None if word.ends else word.stem


def _placed(words: list[Word], phrases: Collection[str]) -> list[Word]:
    found = list(words)
    at = 0
    while at < len(found):
        word = found[at].word
        if word == "jalan":
            at = _street(found, at, phrases)
        elif word in language().beside:
            at = _beside(found, at + 1, phrases)
        elif word in language().inside:
            at = _inside(found, at + 1)
        else:
            at += 1
    return found


def _inside(words: list[Word], at: int) -> int:
    """Mark what follows as a place if it is one of those at which anything can happen: a market, a bus station."""
    for size in (2, 1):
        part = words[at : at + size]
        if len(part) == size and " ".join(word.word for word in part) in language().places:
            words[at : at + size] = [replace(word, place=True) for word in part]
            return at + size
    return at


def _beside(words: list[Word], at: int, phrases: Collection[str]) -> int:
    """Mark the next word, or the whole of a known phrase that begins there, as a place."""
    while at < len(words) and words[at].word in language().joining and not words[at].ends:
        at += 1
    if at < len(words) and words[at].word == "jalan":
        return at
    for _ in range(2):
        if at >= len(words) or words[at].ends or words[at].word in language().after_street:
            break
        words[at] = replace(words[at], place=True)
        at += 1
        pair = at < len(words) and f"{words[at - 1].stem} {words[at].stem}" in phrases
        if not pair and not (at < len(words) and _is_name(words[at])):
            break
    return at


def _street(words: list[Word], at: int, phrases: Collection[str]) -> int:
    """Mark a street's name; and the word "jalan" too where the street is only the place of the matter."""
    start, first = at, at + 1
    at = first
    if at < len(words) and words[at].word == ".":
        at += 1
    abbreviated = words[start].typed != "jalan"
    located = start > 0 and words[start - 1].word in language().at
    begins = at
    while (
        at < len(words)
        and at - begins < LONGEST_NAME
        and _names_street(words, at, begins, phrases, sure=abbreviated and located)
    ):
        words[at] = replace(words[at], name=True)
        at += 1
    if at > begins and located:
        words[start] = replace(words[start], place=True)
    return at if at > begins else first


def _names_street(words: list[Word], at: int, begins: int, phrases: Collection[str], *, sure: bool) -> bool:
    word = words[at]
    if word.ends:
        return word.word == "." and at > begins and words[at - 1].word in language().titles
    if word.word in language().after_street:
        return False
    if word.word in language().titles or word.typed.isdecimal() or (word.word == "nomor" and at > begins):
        return True
    if at > begins and words[at - 1].word in language().titles:
        return True
    if at > begins:
        pair = f"{words[at - 1].stem} {word.stem}" in phrases
        return _is_name(word) or pair
    return _is_name(word) or sure


def _is_name(word: Word) -> bool:
    return not word.ends and word.word not in language().after_street and (word.capital or not is_known(word.word))
