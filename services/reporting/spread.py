"""How a month's complaints spread: over its days, over the time to the first answer, and over the time in each step.

Beside a recap, which tells sums and means. It is read from the complaints themselves, and kept until a sum over them
says that they have changed.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from services.reporting.last_told import LastTold
from services.reporting.public import FEWEST, suppressed
from services.reporting.queries import month_bounds
from services.reporting.tallies import CASES, HANDS
from shared.application.reading_rights import readable_agency
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.domain.calendar.duration import SECONDS
from shared.domain.sop.model import Sop
from shared.domain.tenants import Tenant

BINS: Final = 8
"""Bars of the histogram before the last, which holds everything longer."""
_OF_STANDARD: Final = 4
"""So many of them lie within the standard."""

_DAY: Final = 86_400
_WORKDAYS, _WEEK = 5, 7
_WITHOUT_STANDARD: Final = 5 * _DAY

_STAMP: Final = f"""
    SELECT (SELECT ARRAY[sum(filed), sum(ever_answered), sum(fingerprint)]::bigint[] FROM {CASES}
             WHERE tenant = %(tenant)s AND month = %(month)s AND (%(agency)s::text IS NULL OR agency = %(agency)s)),
           (SELECT ARRAY[sum(held), sum(holding), sum(working_seconds)]::bigint[] FROM {HANDS}
             WHERE tenant = %(tenant)s AND month = %(month)s AND part = 'step')
"""  # noqa: S608 - constants of ours
_FILED: Final = """
    SELECT (filed_at AT TIME ZONE %(zone)s)::date, count(*) FROM reporting.cases
     WHERE tenant = %(tenant)s AND filed_at >= %(first)s AND filed_at < %(after)s
       AND (%(agency)s::text IS NULL OR agency = %(agency)s)
     GROUP BY 1
"""
_ANSWERED: Final = """
    SELECT (answered_at AT TIME ZONE %(zone)s)::date, count(*) FROM reporting.cases
     WHERE tenant = %(tenant)s AND month = %(month)s AND answered_at IS NOT NULL AND answered_at < %(after)s
       AND (%(agency)s::text IS NULL OR agency = %(agency)s)
     GROUP BY 1
"""
# What was answered at the end of a bin is of that bin: at its due instant an answer is in time.
_FIRST: Final = """
    SELECT least(%(bins)s, greatest(0, ceil(took / %(width)s) - 1))::int, count(*)
      FROM (SELECT CASE WHEN %(working)s THEN coalesce(first_working, 0)
                        ELSE extract(epoch FROM answered_at - filed_at) END AS took
              FROM reporting.cases
             WHERE tenant = %(tenant)s AND month = %(month)s AND answered_at IS NOT NULL
               AND (%(agency)s::text IS NULL OR agency = %(agency)s)) AS answered
     GROUP BY 1
"""
_STEPS: Final = """
    SELECT step, count(*), percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY coalesce(working_seconds, 0))
      FROM reporting.holdings
     WHERE tenant = %(tenant)s AND month = %(month)s AND until IS NOT NULL
     GROUP BY step
"""


_KEPT: Final[LastTold[dict[str, Any]]] = LastTold()


def spread(runtime: Runtime, caller: Caller, tenant_id: str, month: str) -> dict[str, Any]:
    """How the complaints of a month spread, by when they were filed; an agency's actor gets the agency's part.

    :param month: as ``2026-10``, by the government's own calendar.
    :returns: ``days``, each with ``id``, ``filed``, ``answered`` (of those that the month brought) and ``closed``;
        ``first_answer``, the ``bins`` with ``id``, ``least``, ``most`` (none for the last) and ``filed``, in seconds,
        whether these are ``working``, and how many bins are ``within`` the standard, none without one;
        ``steps``, each with ``step``, ``ended``, ``median`` and ``ninth``, in working seconds; none for an agency.
    :raises NotFound: no such tenant.
    :raises Forbidden: another tenant's, or a caller who is no officer.
    :raises Invalid: no month.
    """
    tenant = runtime.tenants.get(tenant_id)
    return _spread(runtime, tenant, month, readable_agency(caller, tenant))


def public_spread(runtime: Runtime, tenant_id: str, month: str) -> dict[str, Any]:
    """The same for everybody: no count under five, nor what it could be reckoned from; no answers by day.

    :raises NotFound: no such tenant.
    :raises Invalid: no month.
    """
    told = _spread(runtime, runtime.tenants.get(tenant_id), month, None)
    first = told["first_answer"]
    return {
        "days": [{**each, "answered": None} for each in _hidden(told["days"])],
        # How many are in time, and how many are not, stands in the recap.
        "first_answer": {**first, "bins": _hidden(first["bins"], first["within"])},
        "steps": [each for each in told["steps"] if each["ended"] >= FEWEST],
    }


def _hidden(rows: list[dict[str, Any]], within: int | None = None) -> list[dict[str, Any]]:
    """Rows without the counts that may not be told.

    :param within: how many of them have a total of their own that is known, as have those after them.
    """
    sides = (rows[:within], rows[within:]) if within else (rows,)
    told = [row["filed"] for side in sides for row in suppressed(side, zeros=True)]
    return [{**each, "filed": count} for each, count in zip(rows, told, strict=True)]


def _spread(runtime: Runtime, tenant: Tenant, month: str, agency: str | None) -> dict[str, Any]:
    first, after = month_bounds(tenant, month)
    within, width, working = _bins(tenant.sop)
    asked: dict[str, Any] = {"tenant": tenant.id, "month": month, "agency": agency, "first": first, "after": after}
    asked |= {"zone": str(tenant.zone), "bins": BINS, "width": width, "working": working}
    place = (tenant.id, month, agency)
    with runtime.database.autocommit() as cursor:
        cursor.execute(_STAMP, asked)
        [sums] = cursor.fetchall()
        told = _KEPT.of(place, (sums, width, working), lambda: _counted(cursor, asked))
        cursor.execute(_FILED, asked)
        filed = dict(cursor.fetchall())
    calendar = tenant.calendar.as_known(runtime.clock.now())
    days = [
        {
            "id": day.isoformat(),
            "filed": filed.get(day, 0),
            "answered": told["answered"].get(day, 0),
            "closed": not calendar.is_working_day(day),
        }
        for day in _days(tenant, first, after)
    ]
    bins = [
        {
            "id": str(number),
            "least": number * width,
            "most": (number + 1) * width if number < BINS else None,
            "filed": told["first"].get(number, 0),
        }
        for number in range(BINS + 1)
    ]
    order = {step.id: place for place, step in enumerate(tenant.sop.steps)}
    steps = sorted(told["steps"], key=lambda each: (order.get(each["step"], len(order)), each["step"]))
    return {"days": days, "first_answer": {"bins": bins, "working": working, "within": within}, "steps": steps}


def _counted(cursor: Any, asked: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, statement in (("answered", _ANSWERED), ("first", _FIRST)):
        cursor.execute(statement, asked)
        told[name] = dict(cursor.fetchall())
    steps = []
    if asked["agency"] is None:
        cursor.execute(_STEPS, asked)
        steps = [
            {"step": step, "ended": ended, "median": int(median), "ninth": int(ninth)}
            for step, ended, (median, ninth) in cursor.fetchall()
        ]
    return {**told, "steps": steps}


def _bins(sop: Sop) -> tuple[int | None, int, bool]:
    """How many bins lie within the case's standard, none without one; how wide each is, in seconds; in which time.

    Days have no length of their own: working days are told in days of the calendar, five of them as a week.
    """
    within = sop.case.within if sop.case else None
    if within is None:
        return None, _WITHOUT_STANDARD, False
    if within.unit in SECONDS:
        return _OF_STANDARD, max(1, -(-within.seconds // _OF_STANDARD)), within.time == "working"
    if within.unit == "d":
        return _OF_STANDARD, max(1, within.amount * _DAY // _OF_STANDARD), False
    return None, max(1, -(-within.amount * _WEEK // (_WORKDAYS * _OF_STANDARD))) * _DAY, False


def _days(tenant: Tenant, first: datetime, after: datetime) -> list[date]:
    begins, ends = (instant.astimezone(tenant.zone).date() for instant in (first, after))
    return [begins + timedelta(days=place) for place in range((ends - begins).days)]
