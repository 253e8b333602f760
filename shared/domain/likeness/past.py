"""Where complaints of such words went in the past: counted, not known.

Words are folded into 4,096 buckets under a secret key, so that thousands of words share each: what is kept of a
complaint tells no word of it, and is enough to tell roads from schools.
"""

import hmac
import math
from collections import Counter, deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

BUCKETS: Final = 4096

WINDOW: Final = 3_000
"""Complaints of the past that count, the latest: where things go changes with offices and officers."""

LEAST_EXAMPLES: Final = 30
LEAST_OF_ONE: Final = 5
"""Of fewer examples, altogether or of one answer, nothing is suggested."""

MOST: Final = 3
"""Suggestions at once."""

_SMOOTHING: Final = 0.2


def buckets_of(key: bytes, tenant: str, words: Iterable[str]) -> tuple[int, ...]:
    """The buckets of words, ascending, each once.

    :param key: secret.
    :param tenant: the government; another folds its words otherwise.
    """
    digests = (hmac.digest(key, f"word:{tenant}:{word}".encode(), "sha256") for word in set(words))
    return tuple(sorted({int.from_bytes(digest[:2]) % BUCKETS for digest in digests}))


@dataclass(frozen=True)
class Example:
    """One complaint of the past.

    :param label: what became of it; none where that turned out to be wrong, or was never said.
    :param buckets: its words.
    """

    label: str | None
    buckets: tuple[int, ...]


class Past:
    """The latest examples, and what they suggest: naive Bayes over the buckets.

    It answers the same for the same examples in the same order; it can be judged by asking it before each.
    """

    def __init__(self, examples: Iterable[Example] = ()) -> None:
        self._examples: deque[Example] = deque()
        self._of_label: Counter[str] = Counter()
        self._seen: dict[str, Counter[int]] = {}
        self._size: Counter[str] = Counter()
        for example in examples:
            self.add(example)

    def add(self, example: Example) -> None:
        """Learn one more, and forget the oldest if there are too many."""
        self._examples.append(example)
        self._count(example, 1)
        if len(self._examples) > WINDOW:
            self._count(self._examples.popleft(), -1)

    def guess(self, buckets: Collection[int], allowed: Collection[str]) -> tuple[str, ...]:
        """What most probably becomes of a complaint, the likeliest first; nothing where the past says too little.

        :param allowed: the answers that there are today.
        """
        if self._of_label.total() < LEAST_EXAMPLES or not any(self._knows(bucket) for bucket in buckets):
            return ()
        known = [label for label in allowed if self._of_label[label] >= LEAST_OF_ONE]
        scores = {label: self._score(label, buckets) for label in known}
        return tuple(sorted(known, key=lambda label: (-scores[label], label))[:MOST])

    def _knows(self, bucket: int) -> bool:
        return any(seen[bucket] > 0 for seen in self._seen.values())

    def _score(self, label: str, buckets: Collection[int]) -> float:
        seen, size = self._seen[label], self._size[label]
        of_all = math.log(self._of_label[label] / self._of_label.total())
        under = size + _SMOOTHING * BUCKETS
        return of_all + sum(math.log((seen[bucket] + _SMOOTHING) / under) for bucket in buckets)

    def _count(self, example: Example, more: int) -> None:
        if example.label is None:
            return
        self._of_label[example.label] += more
        self._size[example.label] += more * len(example.buckets)
        seen = self._seen.setdefault(example.label, Counter())
        for bucket in example.buckets:
            seen[bucket] += more
