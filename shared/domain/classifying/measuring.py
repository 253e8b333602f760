"""How well texts are classified: shares, and what is taken for what."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from shared.domain.classifying.classify import classify
from shared.domain.classifying.corpus import Labelled
from shared.domain.sop.annexes import Classification

Owner = Callable[[str | None], str | None]
"""Who gets a category by itself; none if it waits for a person."""

Pair = tuple[str, str]


@dataclass(frozen=True)
class Measured:
    """How a number of texts fared.

    :param texts: how many.
    :param classes: those of the right class.
    :param categories: those of the right category, or rightly of none.
    :param astray: those that would have gone to a wrong agency by themselves.
    :param asked: those with a category that wait for a person all the same.
    :param confused_classes: (what it is, what it was taken for), by frequency.
    :param confused_categories: likewise.
    """

    texts: int
    classes: int
    categories: int
    astray: int
    asked: int
    confused_classes: tuple[tuple[Pair, int], ...]
    confused_categories: tuple[tuple[Pair, int], ...]

    def share(self, count: int) -> float:
        """A count as a share of all texts; 0 where there are none."""
        return count / self.texts if self.texts else 0.0


def measure(classification: Classification, texts: Sequence[Labelled], owner: Owner) -> Measured:
    """Classify every text, and compare.

    :param owner: who gets a category.
    """
    guesses = [(text, classify(classification, text.text)) for text in texts]
    return Measured(
        texts=len(texts),
        classes=sum(found.classification == text.classification for text, found in guesses),
        categories=sum(found.category == text.category for text, found in guesses),
        astray=sum(owner(found.category) not in (None, owner(text.category)) for text, found in guesses),
        asked=sum(found.category is None and text.category is not None for text, found in guesses),
        confused_classes=_confused((text.classification, found.classification) for text, found in guesses),
        confused_categories=_confused((text.category, found.category) for text, found in guesses),
    )


def _confused(pairs: Iterable[tuple[str | None, str | None]]) -> tuple[tuple[Pair, int], ...]:
    wrong = Counter((is_ or "-", taken or "-") for is_, taken in pairs if is_ != taken)
    return tuple(sorted(wrong.items(), key=lambda item: (-item[1], item[0])))
