"""Classifying a complaint by the words in it."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from shared.domain.sop.model import KeywordRule, Sop


@dataclass(frozen=True)
class Found:
    """What the words give away.

    :param classification: the class; the SOP's default where no word speaks.
    :param category: the category; the SOP's default, mostly none, where no word speaks.
    """

    classification: str | None
    category: str | None


def classify(sop: Sop, text: str) -> Found:
    """Guess class and category.

    Every rule counts once for each word of each of its phrases that occurs; the highest count wins, the earlier rule
    in a draw.

    :param text: the complaint's title and message.
    """
    text = " ".join(text.casefold().split())
    classification = sop.classification
    classes: dict[str, int] = defaultdict(int)
    categories: dict[str, int] = defaultdict(int)
    for rule in classification.rules:
        count = _count(rule, text)
        if count and rule.classification:
            classes[rule.classification] += count
        if count and rule.category:
            categories[rule.category] += count
    return Found(
        _best(classes) or classification.default_classification, _best(categories) or classification.default_category
    )


def _best(counts: dict[str, int]) -> str | None:
    return max(counts, key=lambda name: counts[name]) if counts else None


def _count(rule: KeywordRule, text: str) -> int:
    return sum(len(found.split()) for found in set(_pattern(rule.words).findall(text)))


@lru_cache(maxsize=1024)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    # The longest first, so that "jalan rusak" is not counted as "jalan" alone.
    choices = "|".join(re.escape(word.casefold()) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{choices})(?!\w)")
