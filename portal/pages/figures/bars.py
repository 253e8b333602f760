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

_SEEN: Final = 0.3
"""The least that is drawn of a bar, so that one can see that there is one."""

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
    :param other: the length of a mark in the bar: of the month that this one is compared with, or of nine in ten.
    """

    label: str
    under: str
    length: float
    told: str
    tone: Tone = "good"
    target: float | None = None
    address: str | None = None
    other: float | None = None

    @property
    def drawn(self) -> float:
        """The length as it is drawn."""
        return _drawn(self.length)

    @property
    def other_drawn(self) -> float | None:
        """The mark's likewise."""
        return None if self.other is None else _drawn(self.other)


def counts(
    rows: Iterable[Mapping[str, Any]],
    unnamed: str,
    most: int = 12,
    other: Iterable[Mapping[str, Any]] | None = None,
) -> tuple[Bar, ...]:
    """How many complaints fall to each; what was hidden is told as fewer than five.

    :param rows: with ``id``, perhaps ``name``, and ``filed``.
    :param unnamed: for what has no name.
    :param other: the same of the month to compare with, if one was asked for.
    """
    every = list(rows)
    then = None if other is None else {row["id"]: row["filed"] or 0 for row in other}
    shown_then = () if then is None else [then.get(row["id"], 0) for row in every[:most]]
    largest = max((*(row["filed"] or 0 for row in every), *shown_then), default=0) or 1
    shown = [_count(row, unnamed, largest, then) for row in every[:most]]
    rest = [row["filed"] for row in every[most:]]
    if rest:
        known = sum(count or 0 for count in rest)
        told = saying.number(known) if None not in rest else _("paling sedikit %(n)s", n=saying.number(known))
        shown.append(Bar(_("Lainnya (%(n)s)", n=len(rest)), "", min(WIDTH, WIDTH * known / largest), told))
    return tuple(shown)


def in_time(holders: Iterable[Mapping[str, Any]], target: float, *, by_share: bool = False) -> tuple[Bar, ...]:
    """The share of steps that each office did in time, by the time in its own hands only.

    In the order of the alphabet, those of whom there is too little to compare last: no ranks.

    :param target: the share that is aimed at, between 0 and 1.
    :param by_share: the greatest share first instead.
    """
    bars = [_share(name, held, late, target) for name, held, late in own_hands(holders)]
    return tuple(sorted(bars, key=lambda bar: (bar.tone == "few", -bar.length if by_share else 0, bar.label)))


def publicly_in_time(offices: Iterable[Mapping[str, Any]], target: float) -> tuple[Bar, ...]:
    """The same as everybody may know it: of an office of which a small number is hidden no share is told.

    :param offices: ``own_hands`` of a public recap.
    """
    bars = [_public_share(each, target) for each in offices]
    return tuple(sorted(bars, key=lambda bar: (bar.tone == "few", bar.label)))


def own_hands(holders: Iterable[Mapping[str, Any]]) -> list[tuple[str, int, int]]:
    """Of each office, in the order of the alphabet: how many steps it held, and how many were late by its own time."""
    offices: dict[str, list[int]] = {}
    for each in holders:
        if each["agency"]:
            counted = offices.setdefault(each["agency_name"] or each["agency"], [0, 0])
            counted[0] += each["held"]
            counted[1] += each["own_breached"]
    return sorted((name, held, late) for name, (held, late) in offices.items() if held)


def step_times(
    steps: Sequence[Mapping[str, Any]], standards: Mapping[str, tuple[int, str]], took: Sequence[Mapping[str, Any]]
) -> tuple[Bar, ...]:
    """How long each step takes, in working time, against its standard: half of the times, and nine in ten.

    :param standards: seconds and words of each step that has a standard in working time.
    :param took: the times of each step, as the spread of a month has them; what has not ended is not in them.
    """
    times = {each["step"]: each for each in took}
    known = [each for each in steps if each["step"] in standards and each["step"] in times]
    lengths = [(times[each["step"]]["ninth"], standards[each["step"]][0]) for each in known]
    longest = max((length for both in lengths for length in both), default=0) or 1
    return tuple(_step(each, times[each["step"]], standards[each["step"]], longest) for each in known)


def most_of(rows: Sequence[Bar], unnamed: str) -> str:
    """The longest bar, in a sentence; nothing where no single one is, or where it has no name.

    :param unnamed: what has no name is called.
    """
    longest = _longest(rows)
    if longest is None or longest.label == unnamed:
        return ""
    return _("Terbanyak: %(what)s (%(n)s).", what=longest.label, n=longest.told)


def slowest(rows: Sequence[Bar]) -> str:
    """The step that takes longest, in a sentence; nothing where no single one does."""
    longest = _longest(rows)
    return _("Paling lama: %(what)s (%(n)s).", what=longest.label, n=longest.told) if longest else ""


def _longest(rows: Sequence[Bar]) -> Bar | None:
    told = sorted((bar for bar in rows if bar.tone != "few"), key=lambda bar: -bar.length)
    if not told or not told[0].length or (len(told) > 1 and told[0].length == told[1].length):
        return None
    return told[0]


def reached(rows: Sequence[Bar]) -> str:
    """How many of those that can be compared reach what is aimed at, in a sentence."""
    judged = [bar for bar in rows if bar.tone != "few"]
    if not judged:
        return ""
    good = sum(bar.tone == "good" for bar in judged)
    return _("%(n)s dari %(of)s mencapai garis tegak.", n=saying.number(good), of=saying.number(len(judged)))


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


def about_data(requests: Mapping[str, Mapping[str, int]]) -> tuple[Bar, ...]:
    """How many asked about their own data, of each kind, and how many of these were late or still wait.

    :param requests: as a recap has them.
    """
    largest = max((each["asked"] for each in requests.values()), default=0)
    return tuple(_about_data(kind, each, largest) for kind, each in requests.items() if each["asked"])


def data_words(kind: str) -> str:
    """What somebody may ask about their own data."""
    return {"access": _("Salinan data"), "correction": _("Pembetulan data")}.get(kind, _("Penghapusan data"))


def with_addresses(bars: Iterable[Bar], addresses: Mapping[str, str]) -> tuple[Bar, ...]:
    """The same bars, leading to their lists."""
    return tuple(replace(bar, address=addresses.get(bar.label)) for bar in bars)


def share_of(name: str, right: int, of: int, target: float | None) -> Bar:
    """One share against what is aimed at, if anything is; of few cases it says nothing that could be compared."""
    share = right / of
    told = _("%(right)s dari %(of)s", right=saying.number(right), of=saying.number(of))
    tone: Tone = "few" if of < FEW else "good" if target is None or share >= target else "weak"
    return Bar(name, told, WIDTH * share, saying.share(share), tone, None if target is None else WIDTH * target)


def _count(row: Mapping[str, Any], unnamed: str, largest: int, then: Mapping[str | None, int] | None = None) -> Bar:
    name = row.get("name") or row["id"] or unnamed
    if row["filed"] is None:
        return Bar(str(name), "", 0, _("kurang dari 5"), "few")
    before = None if then is None else then.get(row["id"], 0)
    return Bar(
        str(name),
        difference(row["filed"], before),
        WIDTH * row["filed"] / largest,
        saying.number(row["filed"]),
        other=None if before is None else WIDTH * before / largest,
    )


def difference(now: int, then: int | None) -> str:
    """How a count differs from that of the month to compare with; nothing without one."""
    if then is None:
        return ""
    if now == then:
        return same_words()
    told = saying.number(abs(now - then))
    return _("%(n)s lebih banyak", n=told) if now > then else _("%(n)s lebih sedikit", n=told)


def same_words() -> str:
    """That a figure is as that of the month to compare with."""
    return _("sama dengan pembanding")


def _share(name: str, held: int, late: int, target: float) -> Bar:
    share = 1 - late / held
    under = _("%(n)s langkah", n=saying.number(held))
    if held < FEW:
        few = _("terlalu sedikit untuk dibandingkan")
        return Bar(name, f"{under}, {few}", WIDTH * share, saying.share(share), "few", WIDTH * target)
    tone: Tone = "good" if share >= target else "weak"
    return Bar(name, under, WIDTH * share, saying.share(share), tone, WIDTH * target)


def _public_share(office: Mapping[str, Any], target: float) -> Bar:
    name = str(office["name"] or office["id"])
    if office["held"] is None:
        return Bar(name, "", 0, _("kurang dari 5"), "few")
    if office["late"] is None:
        return Bar(name, _("%(n)s langkah", n=saying.number(office["held"])), 0, "-", "few")
    return _share(name, office["held"], office["late"], target)


def _about_data(kind: str, counted: Mapping[str, int], largest: int) -> Bar:
    under = _("%(late)s terlambat, %(open)s belum dijawab", late=counted["late"], open=counted["open"])
    tone: Tone = "weak" if counted["late"] else "good"
    return Bar(data_words(kind), under, WIDTH * counted["asked"] / largest, saying.number(counted["asked"]), tone)


def _hit(name: str, right: int, of: int) -> Bar:
    under = _("%(met)s dari %(n)s", met=saying.number(right), n=saying.number(of))
    return Bar(name, under, WIDTH * right / of, saying.share(right / of), "few" if of < FEW else "good")


def _step(step: Mapping[str, Any], took: Mapping[str, Any], standard: tuple[int, str], longest: float) -> Bar:
    seconds, words = standard
    label = f"{step['printed']} {step['title']}" if step["printed"] else str(step["title"])
    late = _("kurang dari 5") if step["breached"] is None else step["breached"]
    under = _("standar %(length)s; %(late)s dari %(n)s terlambat", length=words, late=late, n=step["held"])
    ninth = _("9 dari 10 dalam %(length)s", length=_minutes(took["ninth"]))
    return Bar(
        label,
        f"{ninth}; {under}",
        WIDTH * took["median"] / longest,
        _minutes(took["median"]),
        "good" if took["median"] <= seconds else "weak",
        WIDTH * seconds / longest,
        other=WIDTH * took["ninth"] / longest,
    )


def _minutes(seconds: int) -> str:
    """A length to the minute, of short ones to the second."""
    return saying.length(seconds if seconds < 60 else round(seconds / 60) * 60)


def _drawn(length: float) -> float:
    return round(max(length, _SEEN), 2)
