"""The figures that everybody may see: a month's recap without what could point at somebody.

Offices only, no roles and no villages; counts under five are told as "fewer than five". What is hidden of a list adds
up to what is left of its total: where that would say how much one of them counts, the next smallest are hidden too.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from services.reporting.queries import counted
from shared.application.runtime import Runtime

FEWEST: Final = 5
"""Counts below this are not told."""

_HEADING: Final = ("tenant", "government", "month", "timezone", "as_of")
_TOTALS: Final = (
    "filed",
    "answered",
    "open",
    "within_standard",
    "time_to_answer",
    "ratings",
)
_RARE: Final = ("wrong_dispositions", "reopened")
"""Totals that are hidden where they are small: nothing else that is told adds up to them."""
_GROUPS: Final = ("by_agency", "by_category", "by_channel", "by_kecamatan")
_PARTS: Final = (("answered",), ("within_standard", "beyond_standard"))
"""Counts of some of a row's complaints: those together of which one would tell the other."""
_OF_HANDS: Final = ("in_time", "late")
_OF_ANSWERED: Final = "median_seconds"
_STEP: Final = ("step", "printed", "title", "held", "breached", "working_seconds")


def public_recap(runtime: Runtime, tenant_id: str, month: str) -> dict[str, Any]:
    """The public recap of a month.

    :param month: as ``2026-10``, by the government's own calendar.
    :returns: nothing but ``few`` of a month with fewer complaints than :data:`FEWEST`; else totals, and lists in which
        ``filed``, and what follows from it, is none where it is under that; likewise what is told of some of a row's.
    :raises NotFound: no such tenant.
    :raises Invalid: no month.
    """
    whole = counted(runtime, tenant_id, month, None)
    if whole["filed"] < FEWEST:
        return {**{name: whole[name] for name in _HEADING}, "few": True}
    few = whole["ratings"]["count"] < FEWEST
    groups = {name: with_known_parts(whole[name]) for name in _GROUPS}
    told = {each["id"] for each in groups["by_agency"] if each["filed"] is not None}
    return {
        **{name: whole[name] for name in (*_HEADING, *_TOTALS)},
        **{name: known(whole[name]) for name in _RARE},
        "few": False,
        "time_to_answer": {which: _times(told) for which, told in whole["time_to_answer"].items()},
        "ratings": {"count": 0, "mean": None, "scores": {}} if few else known_ratings(whole["ratings"]),
        **groups,
        "own_hands": own_hands(whole["holders"], told),
        "steps": [
            {**{name: each[name] for name in _STEP}, "breached": known(each["breached"])}
            for each in whole["steps"]
            if each["held"] >= FEWEST
        ],
    }


def known(count: int) -> int | None:
    """A count as everybody may know it: none of a small one."""
    return None if 0 < count < FEWEST else count


def _times(told: Mapping[str, Any]) -> dict[str, Any]:
    """How long answers took; of few of them the middle one is somebody's own."""
    few = told["count"] < FEWEST
    return {name: None if few and name != "count" else value for name, value in told.items()}


def known_ratings(ratings: Mapping[str, Any]) -> dict[str, Any]:
    """Ratings without their scores where one is rare: two that were hidden follow from the count and the mean."""
    rare = any(0 < count < FEWEST for count in ratings["scores"].values())
    return {**ratings, "scores": {} if rare else dict(ratings["scores"])}


def suppressed(
    rows: Sequence[Mapping[str, Any]], *, zeros: bool = False, besides: Collection[int] = ()
) -> list[dict[str, Any]]:
    """The rows of a list, with the small counts hidden; most first, as they came.

    :param zeros: whether rows that count nothing are hidden too, where all the others do not suffice.
    :param besides: places of rows that are hidden however much they count.
    """
    counts = [row["filed"] for row in rows]
    hidden = [place for place, count in enumerate(counts) if 0 < count < FEWEST or (count and place in besides)]
    left = (place for place, count in enumerate(counts) if count >= FEWEST and place not in besides)
    others = sorted(left, key=lambda place: counts[place])
    while others and _betrayed([counts[place] for place in hidden]):
        hidden.append(others.pop(0))
    if zeros and _betrayed([counts[place] for place in hidden]):
        hidden = [*range(len(counts))]
    return [
        {name: value if name in ("id", "name") else None for name, value in row.items()}
        if place in hidden
        else dict(row)
        for place, row in enumerate(rows)
    ]


def with_known_parts(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of :func:`suppressed`, without what is told of fewer than five of a row's complaints.

    What the others leave of the total of such a part is that of the rows without it: where it would tell how small it
    is, the next smallest are without it as well.
    """
    told = suppressed(rows)
    for names in _PARTS:
        bare = _without(rows, [place for place, row in enumerate(told) if row["filed"] is None], names)
        gone = dict.fromkeys((*names, _OF_ANSWERED) if "answered" in names else names)
        told = [{**row, **gone} if place in bare else row for place, row in enumerate(told)]
    return told


def own_hands(holders: Iterable[Mapping[str, Any]], offices: Collection[str]) -> list[dict[str, Any]]:
    """How each office kept to the time in its own hands: what others had used up before counts as their time.

    :param holders: of a recap, by role and office.
    :param offices: those whose complaints are counted for everybody; the steps of others would tell how few these are,
        and what is told must not leave just theirs of what all offices did.
    :returns: for each of them ``id``, ``name``, the steps that it ``held``, and of these how many were ``in_time`` and
        how many ``late`` by its own doing; hidden as of complaints.
    """
    counted_of: dict[str, dict[str, Any]] = {}
    for each in holders:
        if each["agency"] and each["held"]:
            row = {"id": each["agency"], "name": each["agency_name"], "filed": 0, **dict.fromkeys(_OF_HANDS, 0)}
            row = counted_of.setdefault(each["agency"], row)
            row["filed"] += each["held"]
            row["late"] += each["own_breached"]
            row["in_time"] = row["filed"] - row["late"]
    rows = sorted(counted_of.values(), key=lambda row: (-row["filed"], row["id"]))
    told = suppressed(rows, besides=[place for place, row in enumerate(rows) if row["id"] not in offices])
    bare = _without(rows, [place for place, row in enumerate(told) if row["filed"] is None], _OF_HANDS)
    known_of = [{**row, **dict.fromkeys(_OF_HANDS)} if place in bare else row for place, row in enumerate(told)]
    return [
        {("held" if name == "filed" else name): value for name, value in row.items()}
        for row in known_of
        if row["id"] in offices
    ]


def _without(rows: Sequence[Mapping[str, Any]], hidden: Sequence[int], names: Sequence[str]) -> list[int]:
    """The places of the rows without a part, besides those that are hidden altogether."""
    shown = [place for place in range(len(rows)) if place not in hidden]
    bare = [place for place in shown if any(known(rows[place][name]) is None for name in names)]
    others = sorted((place for place in shown if place not in bare), key=lambda place: rows[place][names[0]])
    while others and any(_tells([rows[place][name] for place in (*hidden, *bare)]) for name in names):
        bare.append(others.pop(0))
    return bare


def _tells(counts: Sequence[int]) -> bool:
    """As :func:`_betrayed`, of counts that may be none: that there was nothing is no secret."""
    return bool(sum(counts)) and _betrayed(counts)


def _betrayed(hidden: Sequence[int]) -> bool:
    """Whether the sum of hidden counts, which is what the others leave of a known total, tells how small they are.

    Ten days of one each add up to ten: each can only be one. By the sum alone each must be able to be one, or four.
    """
    few, sum_ = len(hidden), sum(hidden)
    if not few:
        return False
    if few == 1 or sum_ < few + FEWEST - 2:
        return True
    # Of two, one may be the next smallest, which need not be small.
    return few > 2 and max(hidden) < FEWEST and sum_ > (FEWEST - 1) * (few - 1) + 1
