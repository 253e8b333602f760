"""What a recap counts of a month's complaints, as a condition on their rows: so that a figure leads to its list.

The sums themselves are kept, see ``tallies.py``; a test holds that figure and list agree.
"""

from collections.abc import Mapping
from typing import Any, Final

from shared.wording.choices import one_of

COUNTED: Final[Mapping[str, str]] = {
    "answered": "(status = 'answered' OR (status = 'closed' AND answered_at IS NOT NULL))",
    "met": "case_met",
    "missed": "NOT case_met",
    "rated": "rating IS NOT NULL",
    "reopened": "reopened > 0",
    **{why: f"returned_{why} > 0" for why in ("incomplete", "wrong_agency", "out_of_authority", "rework")},
}
"""By name: answered, within or beyond the standard, rated, opened again, and returned at least once for a reason."""

CONDITION: Final = " ".join(f"AND (%(counted)s IS DISTINCT FROM '{name}' OR {test})" for name, test in COUNTED.items())
"""For a query that is told ``counted``: the name, or none for all."""


def counted_in(wanted: Mapping[str, Any]) -> str | None:
    """What is asked for, if it is.

    :raises Invalid: naming ``counted``, if it is none of :data:`COUNTED`.
    """
    said = wanted.get("counted")
    return None if said is None else one_of("counted", str(said), tuple(COUNTED))
