"""Class and category of a text. What is not clear is left to a person."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shared.base.names import canonical
from shared.domain.classifying.features import class_features, topic_features
from shared.domain.classifying.lexicon import Hit, Lexicon, lexicon
from shared.domain.classifying.model import Mix, Model, log_sum
from shared.domain.classifying.reading import Word, read
from shared.domain.sop.annexes import Classification

NONE: Final = ""
"""The model's label for texts of no category."""

CLEAR: Final = "clear"
DRAW: Final = "draw"
WEAK: Final = "weak"
OFFICE: Final = "office"
UNKNOWN: Final = "unknown"

_LEAST: Final = 1.0
"""The least that words must count where there is no model: one word; a hint is not enough."""

_LIKELY: Final = 0.5
"""The least probability of a class: more than all others together."""

_MOST_WORDS: Final = 8


@dataclass(frozen=True)
class Found:
    """What the words give away.

    :param classification: the class; the SOP's default where no word speaks.
    :param category: the category; the SOP's default, mostly none, where it is not clear.
    :param reasons: why, in words of the catalogue and codes, never in the reporter's: ``decided:clear`` (or ``draw``,
        ``weak``, ``office``, ``unknown``), ``sure:93`` (percent), ``word:lampu jalan``, ``office:police``,
        ``model:1.347``.
    """

    classification: str | None
    category: str | None
    reasons: tuple[str, ...] = ()


def classify(classification: Classification, text: str) -> Found:
    """Guess class and category.

    :param classification: the SOP's rules and model.
    :param text: the complaint's title and message; what stands beyond some 2,000 letters is not read.
    """
    if not classification.rules:
        return Found(classification.default_classification, classification.default_category)
    words, hits = understood(lexicon(classification.rules), text)
    model = classification.model
    scores = _category_scores(classification, model, words, hits)
    category, decided, sure = _decided(scores, hits, model)
    kind = _class(classification, model, words, hits)
    return Found(
        kind or classification.default_classification,
        category or classification.default_category,
        _reasons(category, kind, decided, sure, hits, model),
    )


def understood(known: Lexicon, text: str) -> tuple[list[Word], tuple[Hit, ...]]:
    """A text's words, slips of the pen mended, and the catalogue's entries in it."""
    words = known.spelled(read(text, known.phrases))
    return words, known.hits(words)


def counts(hits: Sequence[Hit], kind: str) -> dict[str, float]:
    """What the entries found count together, by category, office or class."""
    found: dict[str, float] = defaultdict(float)
    for hit in hits:
        if hit.entry.kind == kind:
            found[hit.entry.target] += hit.weight
    return dict(found)


def _category_scores(
    classification: Classification, model: Model | None, words: Sequence[Word], hits: Sequence[Hit]
) -> dict[str, float]:
    """Scores as logarithms of probabilities with a model, as counts of words without; :data:`NONE` for no category."""
    if model is None:
        office = max(counts(hits, "office").values(), default=0.0)
        return {NONE: office, **counts(hits, "category")}
    learned = model.category.scores(topic_features(words))
    names = {canonical(rule.category): rule.category for rule in classification.rules if rule.category}
    return combined(model.mix, {NONE: learned[NONE], **_by_name(learned, names)}, hits)


def combined(mix: Mix, learned: Mapping[str, float], hits: Sequence[Hit]) -> dict[str, float]:
    """The model's scores and the catalogue's words together, as logarithms of probabilities."""
    sums = summed(mix, learned, hits)
    total = log_sum(sums.values())
    return {name: score - total for name, score in sums.items()}


def summed(mix: Mix, learned: Mapping[str, float], hits: Sequence[Hit]) -> dict[str, float]:
    """As :func:`combined`, before it is made probabilities; linear in the numbers of the mix."""
    sums = {name: mix.share * score for name, score in learned.items()}
    for name, count in counts(hits, "category").items():
        if name in sums:
            sums[name] += mix.word * count
    sums[NONE] += mix.office * max(counts(hits, "office").values(), default=0.0)
    topics = [hit for hit in hits if hit.entry.kind != "classification"]
    if topics:
        first = min(topics, key=lambda hit: (hit.at, -hit.weight, hit.entry.target))
        name = first.entry.target if first.entry.kind == "category" else NONE
        if name in sums:
            sums[name] += mix.first * min(first.weight, 1.0)
    return sums


def _by_name(learned: Mapping[str, float], names: Mapping[str, str]) -> dict[str, float]:
    """The model's scores under the SOP's names; a category that the model never saw has the middle score."""
    known = {canonical(label): score for label, score in learned.items() if label != NONE}
    middle = sorted(known.values())[len(known) // 2] if known else 0.0
    return {name: known.get(key, middle) for key, name in names.items()}


def _decided(
    scores: Mapping[str, float], hits: Sequence[Hit], model: Model | None
) -> tuple[str | None, str, float | None]:
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    (best, score), *rest = ranked
    second = rest[0][1] if rest else -math.inf
    sure = math.exp(score) if model is not None else None
    if best == NONE:
        return None, OFFICE if counts(hits, "office") else UNKNOWN, sure
    if score == second:
        return None, DRAW, sure
    clear = score >= _LEAST if model is None else math.exp(score) >= model.mix.least or undisputed(hits) == best
    return (best, CLEAR, sure) if clear else (None, WEAK, sure)


def undisputed(hits: Sequence[Hit]) -> str | None:
    """The category that a whole word speaks for, where no word, not even a hint, speaks for another or an office."""
    about = [hit for hit in hits if hit.entry.kind != "classification"]
    if len({(hit.entry.kind, hit.entry.target) for hit in about}) != 1 or about[0].entry.kind != "category":
        return None
    return about[0].entry.target if sum(hit.weight for hit in about) >= _LEAST else None


def _class(
    classification: Classification, model: Model | None, words: Sequence[Word], hits: Sequence[Hit]
) -> str | None:
    found = counts(hits, "classification")
    if model is None:
        ranked = sorted(found.items(), key=lambda item: -item[1])
        draw = len(ranked) > 1 and ranked[0][1] == ranked[1][1]
        return ranked[0][0] if ranked and not draw and ranked[0][1] >= _LEAST else None
    if not any(not word.ends for word in words):
        return None
    scores = model.classification.scores(class_features(words, hits))
    known = {rule.classification for rule in classification.rules} - {None}
    allowed = {name: score for name, score in scores.items() if name in known}
    best = max(allowed, key=lambda name: allowed[name], default=None)
    return best if best is not None and math.exp(allowed[best]) >= _LIKELY else None


def _reasons(
    category: str | None,
    kind: str | None,
    decided: str,
    sure: float | None,
    hits: Sequence[Hit],
    model: Model | None,
) -> tuple[str, ...]:
    wanted = {("category", category), ("classification", kind)}
    about = sorted(hits, key=lambda hit: (-hit.weight, hit.entry.label))
    words = [f"word:{hit.entry.label}" for hit in about if (hit.entry.kind, hit.entry.target) in wanted]
    if category is None:
        words += [f"word:{hit.entry.label}" for hit in about if hit.entry.kind != "classification"]
    offices = sorted({f"office:{hit.entry.target}" for hit in hits if hit.entry.kind == "office"})
    said = [f"decided:{decided}", *([f"sure:{sure:.0%}".rstrip("%")] if sure is not None else [])]
    return (*said, *offices, *dict.fromkeys(words[:_MOST_WORDS]), *([f"model:{model.version}"] if model else []))
