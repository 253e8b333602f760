"""What others may ask of the clocks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final, Literal
from uuid import UUID

from shared.application.pages import cursor_of, instant, position_of, word
from shared.application.reading_rights import readable_agency
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.domain.dossier.clocks import DossierClock
from shared.domain.dossier.states import ClockState
from shared.domain.dossier.view import clock_view
from shared.wording.choices import one_of

ShownState = Literal[ClockState, "warned"]
"""As the list of clocks tells it; ``warned`` is one that runs and was warned of."""
STATES: Final[tuple[ShownState, ...]] = ("running", "warned", "breached", "paused", "satisfied", "cancelled")
MAX_LIMIT = 500

_FIELDS = tuple(field.name for field in fields(DossierClock))
_LATER: Final = "AND due_at >= %(now)s"
_OVERDUE: Final = "AND due_at < %(now)s"
# The stages of which a list by state is made, see the migration. "Breached" is judged by the present instant, so that
# the list does not depend on when a timer ran.
_STAGES: Final[Mapping[str, Sequence[tuple[str, str]]]] = {
    "running": (("running", _LATER), ("waiting", "")),
    "warned": (("warned", _LATER), ("waiting_warned", _LATER)),
    "breached": (("breached", ""), ("running", _OVERDUE), ("warned", _OVERDUE)),
    "paused": (("paused", ""),),
    "satisfied": (("satisfied", ""),),
    "cancelled": (("cancelled", ""),),
}
# One walk along an index for each stage, at most a page long each; the page is the first of them all.
_STAGE: Final = f"""
    (SELECT dossier, ticket, {", ".join(_FIELDS)}
       FROM sla.clocks
      WHERE tenant = %(tenant)s AND stage = '{{stage}}' {{when}} {{whose}} {{beyond}}
      ORDER BY due_at, dossier, id LIMIT %(limit)s)
"""  # noqa: S608 - column names of our own dataclass
_WHOSE: Final = "AND agency = %(agency)s"
_BEYOND: Final = "AND (due_at, dossier, id) > (%(due)s::timestamptz, %(dossier)s::uuid, %(id)s)"


def clocks(
    runtime: Runtime,
    caller: Caller,
    tenant_id: str,
    states: Sequence[str] = (),
    after: str | None = None,
    limit: int = 100,
) -> dict[str, Any]:
    """A tenant's clocks in the given states, soonest due first; an agency's actor sees its agency's only.

    :param states: of :data:`STATES`; running, warned and breached if none is given.
    :raises Forbidden: another tenant's clocks.
    :raises Invalid: an unknown state, or a cursor that is not one of ours.
    """
    tenant = runtime.tenants.get(tenant_id)
    agency = readable_agency(caller, tenant)
    wanted = {one_of("state", state, STATES) for state in states or ("running", "warned", "breached")}
    due, dossier, clock_id = position_of(after, instant, UUID, word)
    limit = max(1, min(limit, MAX_LIMIT))
    now = runtime.clock.now()
    parameters: dict[str, Any] = {
        "tenant": tenant_id,
        "agency": agency,
        "due": due,
        "dossier": dossier,
        "id": clock_id,
        "now": now,
        "limit": limit + 1,
    }
    with runtime.database.autocommit() as cursor:
        cursor.execute(listing(wanted, of_agency=agency is not None, further=due is not None), parameters)
        found = cursor.fetchall()
    page = found[:limit]
    items = []
    for dossier_id, ticket, *values in page:
        clock = clock_of(values)
        items.append({**clock_view(clock, tenant, now), "dossier": str(dossier_id), "ticket": ticket})
    more = len(found) > limit
    last = page[-1] if page else None
    following = cursor_of(last[2 + _FIELDS.index("due_at")], last[0], last[2]) if more and last else None
    return {"items": items, "next": following}


def listing(states: Collection[str], *, of_agency: bool, further: bool) -> str:
    """The statement that lists clocks.

    :param states: of :data:`STATES`, at least one.
    :param of_agency: whether one agency's only.
    :param further: whether from a cursor on.
    """
    stages = [
        _STAGE.format(stage=stage, when=when, whose=_WHOSE if of_agency else "", beyond=_BEYOND if further else "")
        for state in STATES
        if state in states
        for stage, when in _STAGES[state]
    ]
    together = " UNION ALL ".join(stages)
    return f"SELECT * FROM ({together}) AS stages ORDER BY due_at, dossier, id LIMIT %(limit)s"  # noqa: S608 - as above


def clock_of(values: Sequence[Any]) -> DossierClock:
    """The clock of a row that :func:`listing` gives, after its dossier and ticket."""
    return DossierClock(**dict(zip(_FIELDS, values, strict=True)))
