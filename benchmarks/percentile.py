"""A percentile of few samples as well as of many."""

from collections.abc import Sequence


def percentile(samples: Sequence[float], percent: int) -> float:
    """The value that so many per cent of the samples do not exceed; 0 of none."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] if ordered else 0.0
