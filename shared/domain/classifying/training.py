"""How the model's weights come about: logistic regression by scikit-learn, which only this needs.

What a word of the catalogue counts beside the learned weights, and how sure the whole has to be, is chosen by
cross-validation: on texts that the weights under trial were not learned from.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Any, Final

from shared.domain.classifying.classify import NONE, summed, understood, undisputed
from shared.domain.classifying.corpus import Labelled
from shared.domain.classifying.features import class_features, topic_features
from shared.domain.classifying.lexicon import Hit, Lexicon, lexicon
from shared.domain.classifying.model import Mix, Model, Scale
from shared.domain.classifying.stemming import is_known
from shared.domain.sop.annexes import KeywordRule

FOLDS: Final = 5
OFTEN: Final = 5
"""Complaints in which a word must occur before it is learned from them."""

SMALLEST: Final = 0.02
"""A weight below this is left out of the file."""

WRONG: Final = 8.0
"""How many times as bad as asking a person it is to send a complaint astray."""

_SHARE: Final = (0.15, 0.3, 0.5, 0.7, 1.0)
_WORD: Final = (2.0, 2.5, 3.0, 4.0, 5.0, 6.0)
_FIRST: Final = (0.0, 0.5, 1.0, 1.5, 2.0)
_OFFICE: Final = (2.0, 3.0, 4.0, 5.0)
_LEAST: Final = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85)
_STRENGTH: Final = 3.0
"""The inverse of the regularisation."""


def train(
    rules: tuple[KeywordRule, ...], texts: Sequence[Labelled], version: str, past: Sequence[Labelled] = ()
) -> Model:
    """A model learned from labelled texts.

    :param rules: the catalogue beside which it will work.
    :param version: its name in the reasons of guesses.
    :param past: real complaints; of their words only those are learned that give nobody away, see :func:`_learnable`.
    :raises ModuleNotFoundError: if scikit-learn is not installed (``pip install 'aduan[train]'``).
    """
    known = lexicon(rules)
    read = [understood(known, text.text) for text in texts]
    read_past = [understood(known, text.text) for text in past]
    topics = [topic_features(words) for words, _ in read]
    topics_past = _learnable(topics, [topic_features(words) for words, _ in read_past], known)
    kinds = [class_features(words, hits) for words, hits in read]
    kinds_past = _learnable(kinds, [class_features(words, hits) for words, hits in read_past], known)
    labels, labels_past = [text.category or NONE for text in texts], [text.category or NONE for text in past]
    category = _scale([*topics, *topics_past], [*labels, *labels_past], "balanced")
    classes = [text.classification for text in (*texts, *past)]
    classification = _scale([*kinds, *kinds_past], classes, "balanced")
    unset = Model(version, category, classification, Mix(0.0, 0.0, 0.0, 0.0, 0.0))
    learned = _held_out(topics, labels, topics_past, labels_past)
    return _chosen(unset, learned, [hits for _, hits in read], labels)


def _learnable(
    written: Sequence[frozenset[str]], real: Sequence[frozenset[str]], known: Lexicon
) -> list[frozenset[str]]:
    """Of real complaints' features those that give nobody away: in the corpus too, or of words that everybody uses.

    That is, words of the dictionary or the catalogue, in at least :data:`OFTEN` complaints.
    """
    common = frozenset[str]().union(*written)
    count = Counter(feature for features in real for feature in features)

    def harmless(feature: str) -> bool:
        words = feature.strip("^$@=?+").replace("@", "").split()
        return count[feature] >= OFTEN and all(word in known.words or is_known(word) for word in words)

    allowed = {feature for feature in count if feature in common or harmless(feature)}
    return [features & allowed for features in real]


def _held_out(
    topics: Sequence[frozenset[str]],
    labels: Sequence[str],
    more_topics: Sequence[frozenset[str]],
    more_labels: Sequence[str],
) -> list[dict[str, float]]:
    """Each text's scores by a model that was not learned from it."""
    found: list[dict[str, float]] = [{} for _ in topics]
    for fold in range(FOLDS):
        rest = [at for at in range(len(topics)) if at % FOLDS != fold]
        rest_labels = [*(labels[at] for at in rest), *more_labels]
        scale = _scale([*(topics[at] for at in rest), *more_topics], rest_labels, "balanced")
        for at in range(fold, len(topics), FOLDS):
            scores = scale.scores(topics[at])
            found[at] = {label: scores.get(label, min(scores.values())) for label in dict.fromkeys(labels)}
    return found


def _chosen(
    model: Model, learned: Sequence[dict[str, float]], hits: Sequence[tuple[Hit, ...]], labels: Sequence[str]
) -> Model:
    """The model with the mix that costs least on texts that its weights were not learned from."""
    import numpy as np  # noqa: PLC0415 - comes with scikit-learn

    names = sorted(set(labels))
    # The sums are linear in the mix, so each of its numbers is looked at once.
    nothing = Mix(share=0.0, word=0.0, first=0.0, office=0.0, least=0.0)
    units = [replace(nothing, **{name: 1.0}) for name in ("share", "word", "first", "office")]
    parts = [
        np.array([[summed(unit, *each)[name] for name in names] for each in zip(learned, hits, strict=True)])
        for unit in units
    ]
    wanted = np.array([names.index(label) for label in labels])
    alone = [undisputed(found) for found in hits]
    sole = np.array([names.index(name) if name in names else -1 for name in alone])
    none = names.index(NONE)
    best, least_cost = model.mix, math.inf
    for numbers in product(_SHARE, _WORD, _FIRST, _OFFICE):
        sums = sum(number * part for number, part in zip(numbers, parts, strict=True))
        chances = np.exp(sums - np.logaddexp.reduce(sums, axis=1, keepdims=True))
        taken = chances.argmax(axis=1)
        sure = np.where(taken == sole, 1.0, chances.max(axis=1))
        for least in _LEAST:
            given = np.where(sure >= least, taken, none)
            cost = float(np.where(given == wanted, 0.0, np.where(given == none, 1.0, WRONG)).sum())
            if cost < least_cost:
                best, least_cost = Mix(*numbers, least=least), cost
    return replace(model, mix=best)


def _scale(features: Sequence[frozenset[str]], labels: Sequence[str], balance: str | None = None) -> Scale:
    from sklearn.feature_extraction import DictVectorizer  # noqa: PLC0415 - only training needs it
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    often = Counter(feature for one in features for feature in one)
    vectorizer = DictVectorizer()
    matrix: Any = vectorizer.fit_transform(
        [{feature: 1.0 for feature in sorted(one) if often[feature] > 1} for one in features]
    )
    learner = LogisticRegression(C=_STRENGTH, max_iter=2000, class_weight=balance)
    learner.fit(matrix, list(labels))
    names = [str(label) for label in learner.classes_]
    weights: dict[str, dict[int, float]] = {}
    for column, feature in enumerate(vectorizer.get_feature_names_out()):
        row = {at: round(float(learner.coef_[at][column]), 3) for at in range(len(names))}
        if kept := {at: weight for at, weight in row.items() if abs(weight) >= SMALLEST}:
            weights[str(feature)] = kept
    return Scale(tuple(names), tuple(round(float(each), 3) for each in learner.intercept_), weights)
