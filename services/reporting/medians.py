"""Medians of the times to an answer: exact, hence read from the answered complaints themselves, along their index.

They are kept until something changes that they depend on, which a sum over the answered complaints tells.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.reporting.last_told import LastTold
from services.reporting.tallies import KINDS

OTHER: Final = "(other)"
"""Under which a name is counted that the government's lists do not have."""
GROUPS: Final = ("status", "agency", *(kind for kind in KINDS if kind != "status"))
"""By what complaints are told apart, in the order in which a recap tells them."""
SPELLED: Final = ("category", "kecamatan")
"""Of what the government's lists have the spelling."""


def _told(name: str) -> str:
    """A column in the lists' own spelling: what is no entry of them may be anybody's words, and is counted as other."""
    if name not in SPELLED:
        return name
    written, shown = f"%({name}_written)s::text[]", f"%({name}_shown)s::text[]"
    told = f"coalesce(({shown})[array_position({written}, {name})], '{OTHER}')"
    return f"CASE WHEN {name} IS NOT NULL THEN {told} END AS {name}"


_MIDDLE: Final = "floor(percentile_cont(0.5) WITHIN GROUP (ORDER BY {}) + 0.5)::bigint"
_MEDIANS: Final = f"""
    SELECT grouping({", ".join(GROUPS)}), {", ".join(GROUPS)},
           {_MIDDLE.format("first")}, {_MIDDLE.format("last")}
      FROM (SELECT {", ".join(_told(name) for name in GROUPS)},
                   extract(epoch FROM answered_at - filed_at) AS first,
                   extract(epoch FROM last_answered_at - filed_at) AS last
              FROM reporting.cases
             WHERE tenant = %(tenant)s AND month = %(month)s AND answered_at IS NOT NULL
               AND (%(agency)s::text IS NULL OR agency = %(agency)s)) AS answered
     GROUP BY GROUPING SETS ((), {", ".join(f"({name})" for name in GROUPS)})
"""  # noqa: S608 - constants of ours
_WORKING: Final = f"""
    SELECT {_MIDDLE.format("coalesce(first_working, 0)")}, {_MIDDLE.format("coalesce(last_working, 0)")}
      FROM reporting.cases
     WHERE tenant = %(tenant)s AND month = %(month)s AND answered_at IS NOT NULL
       AND (%(agency)s::text IS NULL OR agency = %(agency)s)
"""  # noqa: S608 - as above


@dataclass(frozen=True)
class Medians:
    """Of one month and agency, in seconds; none where nothing was answered.

    :param groups: of the time to the first answer, by kind and then by name.
    """

    first: int | None
    last: int | None
    first_working: int | None
    last_working: int | None
    groups: Mapping[str, Mapping[str | None, int | None]]


NOTHING: Final = Medians(None, None, None, None, {})


class KeptMedians:
    """The medians that were asked for last."""

    def __init__(self) -> None:
        self._kept: LastTold[Medians] = LastTold()

    def of(
        self, cursor: Any, parameters: Mapping[str, Any], spelling: Mapping[str, Sequence[str]], stamp: tuple[int, int]
    ) -> Medians:
        """The medians of a month's answered complaints.

        :param parameters: ``tenant``, ``month`` and ``agency``.
        :param spelling: for each of :data:`SPELLED` the names as written and, beside them, as told.
        :param stamp: how many are answered, and the sum of their fingerprints.
        """
        if stamp[0] == 0:
            return NOTHING
        place = tuple(parameters[name] for name in ("tenant", "month", "agency"))
        held = (stamp, {name: tuple(names) for name, names in spelling.items()})
        return self._kept.of(place, held, lambda: _medians(cursor, {**parameters, **spelling}))


def _medians(cursor: Any, parameters: Mapping[str, Any]) -> Medians:
    cursor.execute(_MEDIANS, parameters)
    groups: dict[str, dict[str | None, int | None]] = {name: {} for name in GROUPS}
    of_all: tuple[int | None, int | None] = (None, None)
    for grouping, *values in cursor.fetchall():
        first, last = values[len(GROUPS) :]
        if grouping == 2 ** len(GROUPS) - 1:
            of_all = first, last
            continue
        # Its bit is not set; the last of the kinds has the lowest.
        place = next(place for place in range(len(GROUPS)) if not grouping >> (len(GROUPS) - 1 - place) & 1)
        groups[GROUPS[place]][values[place]] = first
    cursor.execute(_WORKING, parameters)
    [(first_working, last_working)] = cursor.fetchall()
    return Medians(*of_all, first_working, last_working, groups)
