"""Measuring two sides by turns and comparing them: medians of ratios, and how much they varied."""

from collections.abc import Sequence
from statistics import median


def ratio(ours: Sequence[float], baseline: Sequence[float]) -> str:
    """The median of the rounds' ratios, with the least and the greatest: the machine's noise.

    :param ours: one figure for each round, more is better.
    :param baseline: the baseline's figure of the same round.
    """
    ratios = [mine / other for mine, other in zip(ours, baseline, strict=True)]
    return f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def figure(values: Sequence[float], unit: str = "") -> str:
    """The median of some figures, with the least and the greatest."""
    return f"{_short(median(values))}{unit} ({_short(min(values))} to {_short(max(values))})"


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str] = ()) -> str:
    """A table for the terminal.

    :param notes: lines below it.
    """
    widths = [max(len(row[place]) for row in (heads, *rows)) for place in range(len(heads))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (heads, *rows)]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(["", title, "", *(f"  {line}".rstrip() for line in lines), "", *(f"  {note}" for note in notes)])


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
