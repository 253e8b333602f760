"""Adding up time standards, and comparing those whose units have no common measure."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from shared.domain.calendar.duration import SECONDS, Duration
from shared.domain.sop.model import Sop, Step

MINUTES_A_WORKING_DAY: Final = 450
"""37 h 30 min in five days (Perpres 21/2023). Used for comparing bounds only, never for a due time."""

_WORKING_DAYS_A_WEEK: Final = Fraction(5, 7)
_SECONDS_A_DAY: Final = 86_400


def total(durations: Iterable[Duration]) -> Duration | None:
    """The sum in the largest unit in which it is exact, as the sources write it.

    :returns: none if there is nothing to add, or if days are mixed with other units: then there is no exact sum.
    """
    parts = list(durations)
    if not parts:
        return None
    units = {part.unit for part in parts}
    if len(units) == 1:
        kinds = {part.time for part in parts}
        kind = kinds.pop() if len(kinds) == 1 else "working"
        return Duration(sum(part.amount for part in parts), parts[0].unit, kind)
    if units <= set(SECONDS):
        return Duration(sum(part.seconds for part in parts), "s")
    return None


def sum_of_steps(sop: Sop) -> Duration | None:
    """The sum of all time standards of an SOP's table; what was added to its source is no part of it."""
    return total(step.within for step in sop.steps if step.within is not None and step.source is None)


def bound_of(sop: Sop) -> Duration | None:
    """How long a case may take: the SOP's own bound, what it states, or the sum of its steps."""
    if sop.case is not None:
        return sop.case.within
    return sop.stated_total or sum_of_steps(sop)


def sum_of_scope(sop: Sop, scope: str) -> Duration | None:
    """The sum of the time standards of the actors of one scope."""
    return total(
        step.within
        for step in sop.steps
        if step.within is not None and step.source is None and sop.actor(step.actor).scope == scope
    )


def sum_of(steps: Iterable[Step]) -> Duration | None:
    """The sum of the time standards of some steps."""
    return total(step.within for step in steps if step.within is not None)


def nominal_working_days(duration: Duration) -> Fraction:
    """A standard in working days, for comparing bounds in different units.

    Five working days are taken for seven calendar days, and 450 minutes for a working day.
    """
    if duration.unit == "wd":
        return Fraction(duration.amount)
    if duration.unit == "d":
        return duration.amount * _WORKING_DAYS_A_WEEK
    if duration.time == "wall":
        return Fraction(duration.seconds, _SECONDS_A_DAY) * _WORKING_DAYS_A_WEEK
    return Fraction(duration.seconds, 60 * MINUTES_A_WORKING_DAY)


def differs(first: Duration, second: Duration) -> bool:
    """Whether two standards are of different length."""
    if {first.unit, second.unit} <= set(SECONDS):
        return first.seconds != second.seconds
    if first.unit == second.unit:
        return first.amount != second.amount
    return True
