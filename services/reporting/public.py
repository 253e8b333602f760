"""The figures that everybody may see: a month's recap without what could point at somebody.

Offices only, no roles and no villages; counts under five are told as "fewer than five". Where one count of a list alone
would be hidden it could be reckoned from the others, so the next smallest is hidden with it.
"""

from collections.abc import Mapping, Sequence
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
    "wrong_dispositions",
    "reopened",
    "ratings",
)
_GROUPS: Final = ("by_agency", "by_category", "by_channel", "by_kecamatan")
_STEP: Final = ("step", "printed", "title", "held", "breached", "working_seconds")


def public_recap(runtime: Runtime, tenant_id: str, month: str) -> dict[str, Any]:
    """The public recap of a month.

    :param month: as ``2026-10``, by the government's own calendar.
    :returns: nothing but ``few`` of a month with fewer complaints than :data:`FEWEST`; else totals, and lists in which
        ``filed``, and what follows from it, is none where it is under that.
    :raises NotFound: no such tenant.
    :raises Invalid: no month.
    """
    whole = counted(runtime, tenant_id, month, None)
    if whole["filed"] < FEWEST:
        return {**{name: whole[name] for name in _HEADING}, "few": True}
    few = whole["ratings"]["count"] < FEWEST
    return {
        **{name: whole[name] for name in (*_HEADING, *_TOTALS)},
        "few": False,
        "ratings": {"count": 0, "mean": None, "scores": {}} if few else whole["ratings"],
        **{name: suppressed(whole[name]) for name in _GROUPS},
        "steps": [{name: each[name] for name in _STEP} for each in whole["steps"] if each["held"] >= FEWEST],
    }


def suppressed(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a list, with the small counts hidden; most first, as they came."""
    small = [place for place, row in enumerate(rows) if 0 < row["filed"] < FEWEST]
    if len(small) == 1:
        others = [place for place, row in enumerate(rows) if place not in small and row["filed"]]
        small += sorted(others, key=lambda place: rows[place]["filed"])[:1]
    return [
        {name: value if name in ("id", "name") else None for name, value in row.items()}
        if place in small
        else dict(row)
        for place, row in enumerate(rows)
    ]
