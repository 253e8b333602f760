"""A catalogue of words, made ready for looking them up in texts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

from shared.domain.classifying.language import language
from shared.domain.classifying.reading import Word, stems
from shared.domain.classifying.spelling import corrected
from shared.domain.classifying.stemming import stem
from shared.domain.sop.annexes import KeywordRule

Kind = Literal["category", "office", "classification"]

HINT: Final = 0.5
"""What a hint counts, be it a word or a phrase, where a word counts 1."""

PLACE: Final = 0.25
"""The share of its weight that a word keeps where it only tells the place."""


@dataclass(frozen=True)
class LexiconEntry:
    """One word or phrase of a rule.

    :param label: as the catalogue has it.
    :param kind: what the rule speaks for.
    :param target: the category, office or class.
    :param weight: what it counts.
    """

    label: str
    kind: Kind
    target: str
    weight: float


@dataclass(frozen=True)
class Hit:
    """An entry found in a text.

    :param weight: what it counts there.
    :param at: the letter at which it begins.
    """

    entry: LexiconEntry
    weight: float
    at: int


_Catalogue = dict[tuple[str, ...], list[LexiconEntry]]


class Lexicon:
    """The entries of an SOP's rules by their stems.

    :param rules: the SOP's.
    """

    def __init__(self, rules: Iterable[KeywordRule]) -> None:
        self._topics: _Catalogue = defaultdict(list)
        self._classes: _Catalogue = defaultdict(list)
        for rule in rules:
            for label in rule.words:
                self._add(rule, label, hint=False)
            for label in rule.hints:
                self._add(rule, label, hint=True)
        every = [*self._topics, *self._classes]
        self._longest = max(map(len, every), default=0)
        self.words = frozenset(word for phrase in every for word in phrase)
        self.phrases = frozenset(" ".join(phrase) for phrase in every) | self.words

    def _add(self, rule: KeywordRule, label: str, *, hint: bool) -> None:
        phrase, whole = _essential(stems(label)), stems(label)
        # "ada tidak" is not "tidak": what would be one word without those that join is looked for as it is.
        phrase = whole if len(phrase) == 1 < len(whole) else phrase
        weight = HINT if hint else float(len(phrase))
        targets: tuple[tuple[Kind, str | None], ...]
        targets = ("category", rule.category), ("office", rule.office), ("classification", rule.classification)
        for kind, target in targets:
            if target is not None:
                found = (self._classes if kind == "classification" else self._topics)[phrase]
                if not any((entry.kind, entry.target) == (kind, target) for entry in found):
                    found.append(LexiconEntry(label, kind, target, weight))

    def spelled(self, words: Sequence[Word]) -> list[Word]:
        """The words of a text, slips of the pen mended where a word of the catalogue is meant."""
        return [self._spelled(word) for word in words]

    def _spelled(self, word: Word) -> Word:
        if word.name or word.ends or word.stem in self.words:
            return word
        meant = self._meant(word.word)
        return word if meant == word.word else replace(word, word=meant, stem=stem(meant))

    @lru_cache(maxsize=20_000)  # noqa: B019 - as many lexicons as SOPs, and they live as long
    def _meant(self, word: str) -> str:
        return corrected(word, self.words)

    def hits(self, words: Sequence[Word]) -> tuple[Hit, ...]:
        """The entries found; each once, the longer before the shorter that lies in it."""
        every = [word for word in words if not word.name]
        said = [word for word in every if word.ends or word.word not in language().joining]
        return tuple(hit for known in (self._topics, self._classes) for hit in self._best(every, said, known))

    def _best(self, every: Sequence[Word], said: Sequence[Word], known: _Catalogue) -> Iterator[Hit]:
        best: dict[LexiconEntry, Hit] = {}
        for hit in (*self._found(said, known), *self._found(every, known)):
            if hit.entry not in best or hit.weight > best[hit.entry].weight:
                best[hit.entry] = hit
        yield from best.values()

    def _found(self, words: Sequence[Word], known: _Catalogue) -> Iterator[Hit]:
        at = 0
        while at < len(words):
            taken = 1
            for size in range(min(self._longest, len(words) - at), 0, -1):
                part = words[at : at + size]
                if (entries := known.get(tuple(word.stem for word in part))) is not None:
                    share = PLACE if any(word.place for word in part) else 1.0
                    yield from (Hit(entry, entry.weight * share, part[0].at) for entry in entries)
                    taken = size
                    break
            at += taken


def _essential(phrase: tuple[str, ...]) -> tuple[str, ...]:
    """A phrase without joining words, unless it consists of them."""
    return tuple(word for word in phrase if word not in language().joining) or phrase


@lru_cache(maxsize=64)
def lexicon(rules: tuple[KeywordRule, ...]) -> Lexicon:
    """The lexicon of an SOP's rules, made once."""
    return Lexicon(rules)
