"""Lists of figures drawn as bars: lengths are worked out here, templates only draw.

The numbers stand beside the bars, in one table: nothing is told by a bar, a colour or a hover alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from portal.pages.frame import saying
from portal.pages.frame.language import gettext as _

WIDTH: Final = 100
"""A bar's whole length; a drawing is as wide as there is room."""

FEW: Final = 10
"""Of fewer cases a share says nothing that could be compared."""

Tone = Literal["good", "weak", "few"]


@dataclass(frozen=True)
class Bar:
    """One row.

    :param label: what it is about; ``under`` says more, in small letters.
    :param length: of the bar, up to :data:`WIDTH`.
    :param told: the figure as it is read.
    :param target: where a line crosses, if there is one.
    :param address: of the list behind the figure, for who may open it.
    """

    label: str
    under: str
    length: float
    told: str
    tone: Tone = "good"
    target: float | None = None
    address: str | None = None


def counts(rows: Iterable[Mapping[str, Any]], unnamed: str, most: int = 12) -> tuple[Bar, ...]:
    """How many complaints fall to each; what was hidden is told as fewer than five.

    :param rows: with ``id``, perhaps ``name``, and ``filed``.
    :param unnamed: for what has no name.
    """
    every = list(rows)
    largest = max((row["filed"] or 0 for row in every), default=0) or 1
    shown = [_count(row, unnamed, largest) for row in every[:most]]
    rest = [row["filed"] for row in every[most:]]
    if rest:
        known = sum(count or 0 for count in rest)
        told = saying.number(known) if None not in rest else _("paling sedikit %(n)s", n=saying.number(known))
        shown.append(Bar(_("Lainnya (%(n)s)", n=len(rest)), "", min(WIDTH, WIDTH * known / largest), told))
    return tuple(shown)


def in_time(holders: Iterable[Mapping[str, Any]], target: float) -> tuple[Bar, ...]:
    """The share of steps that each office did in time, by the time in its own hands only.

    In the order of the alphabet, those of whom there is too little to compare last: no ranks.

    :param target: the share that is aimed at, between 0 and 1.
    """
    offices: dict[str, list[int]] = {}
    for each in holders:
        if each["agency"]:
            held = offices.setdefault(each["agency_name"] or each["agency"], [0, 0])
            held[0] += each["held"]
            held[1] += each["own_breached"]
    bars = [_share(name, held, late, target) for name, (held, late) in offices.items() if held]
    return tuple(sorted(bars, key=lambda bar: (bar.tone == "few", bar.label)))


def step_times(steps: Sequence[Mapping[str, Any]], standards: Mapping[str, tuple[int, str]]) -> tuple[Bar, ...]:
    """How long each step takes on average, in working time, against its standard.

    :param standards: seconds and words of each step that has a standard in working time.
    """
    known = [each for each in steps if each["step"] in standards and each["held"]]
    means = {each["step"]: each["working_seconds"] / each["held"] for each in known}
    longest = max([*means.values(), *(standards[each["step"]][0] for each in known)], default=0) or 1
    return tuple(_step(each, means[each["step"]], standards[each["step"]], longest) for each in known)


def hits(suggestions: Mapping[str, Mapping[str, int]]) -> tuple[Bar, ...]:
    """How many of the suggestions were what an officer then decided: the share, and of how many.

    :param suggestions: as a recap has them.
    """
    agency, category, merges = (suggestions[name] for name in ("agency", "category", "merges"))
    rows = (
        (_("Dinas"), agency["first"], agency["judged"]),
        (_("Kategori"), category["first"], category["judged"]),
        (_("Aduan yang sama"), merges["suggested"], merges["count"]),
    )
    return tuple(_hit(name, right, of) for name, right, of in rows if of)


def with_addresses(bars: Iterable[Bar], addresses: Mapping[str, str]) -> tuple[Bar, ...]:
    """The same bars, leading to their lists."""
    return tuple(replace(bar, address=addresses.get(bar.label)) for bar in bars)


def share_of(name: str, right: int, of: int, target: float) -> Bar:
    """One share against what is aimed at; of few cases it says nothing that could be compared."""
    share = right / of
    told = _("%(right)s dari %(of)s", right=saying.number(right), of=saying.number(of))
    tone: Tone = "few" if of < FEW else "good" if share >= target else "weak"
    return Bar(name, told, WIDTH * share, saying.share(share), tone, WIDTH * target)


def _count(row: Mapping[str, Any], unnamed: str, largest: int) -> Bar:
    name = row.get("name") or row["id"] or unnamed
    if row["filed"] is None:
        return Bar(str(name), "", 0, _("kurang dari 5"), "few")
    return Bar(str(name), "", WIDTH * row["filed"] / largest, saying.number(row["filed"]))


def _share(name: str, held: int, late: int, target: float) -> Bar:
    share = 1 - late / held
    under = _("%(n)s langkah", n=saying.number(held))
    if held < FEW:
        few = _("terlalu sedikit untuk dibandingkan")
        return Bar(name, f"{under}, {few}", WIDTH * share, saying.share(share), "few", WIDTH * target)
    tone: Tone = "good" if share >= target else "weak"
    return Bar(name, under, WIDTH * share, saying.share(share), tone, WIDTH * target)


def _hit(name: str, right: int, of: int) -> Bar:
    under = _("%(met)s dari %(n)s", met=saying.number(right), n=saying.number(of))
    return Bar(name, under, WIDTH * right / of, saying.share(right / of), "few" if of < FEW else "good")


def _step(step: Mapping[str, Any], mean: float, standard: tuple[int, str], longest: float) -> Bar:
    seconds, words = standard
    label = f"{step['printed']} {step['title']}" if step["printed"] else str(step["title"])
    under = _("standar %(length)s; %(late)s dari %(n)s terlambat", length=words, late=step["breached"], n=step["held"])
    return Bar(
        label,
        under,
        WIDTH * mean / longest,
        saying.length(max(60, round(mean / 60) * 60)),
        "good" if mean <= seconds else "weak",
        WIDTH * seconds / longest,
    )
