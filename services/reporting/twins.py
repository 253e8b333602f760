"""Which complaints are likely about one matter, two by two, for who may merge them; and which were told apart.

Candidates meet by the hashes of the index, a few for each complaint (:mod:`services.reporting.meeting`); only these are
opened, in memory, and compared as :mod:`services.reporting.alike` compares them. So the work for a page has a limit
however many complaints there are, and however alike.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from services.reporting.likeness_index import INDEX, PAGE_BATCHES
from services.reporting.meeting import Pair, met
from services.reporting.readings import Readings
from shared.application.pages import cursor_of, instant, position_of
from shared.application.reading_rights import check_may_read, readable_agency
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.errors import Conflict, Forbidden, Invalid
from shared.domain.dossier.arranged import helpers
from shared.domain.dossier.complaint_view import title_of
from shared.domain.likeness.comparing import Likeness, likeness
from shared.domain.sop.model import Action
from shared.domain.sop.vocabulary import OPEN_STATUSES
from shared.domain.tenants import Tenant
from shared.platform.database.named import named_rows

SERVICE: Final = "reporting"
MOST: Final = 15
"""So many complaints are looked at for a page."""

_ROUNDS: Final = 3
"""Times as many are looked at where nothing is found, before a page says so."""
_LATEST: Final = """
    SELECT dossier, filed_at FROM reporting.cases
     WHERE tenant = %(tenant)s AND ended_at IS NULL AND status = ANY(%(mergeable)s::text[])
       AND (%(own)s::text IS NULL OR agency = %(own)s)
       AND (%(dossier)s::uuid IS NULL OR (filed_at, dossier) < (%(filed_at)s::timestamptz, %(dossier)s::uuid))
     ORDER BY filed_at DESC, dossier DESC
     LIMIT %(limit)s
"""
_COLUMNS: Final = ("ticket", "status", "agency", "privacy", "category", "kecamatan", "desa", "filed_at")
_CASES: Final = f"""
    SELECT dossier, version, {", ".join(_COLUMNS)}
      FROM reporting.cases JOIN reporting.applied USING (dossier)
     WHERE dossier = ANY(%s::uuid[])
"""  # noqa: S608 - constants of ours
_APART: Final = """
    INSERT INTO reporting.told_apart (one, other, tenant, account, at) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (one, other) DO NOTHING
"""


def twins(runtime: Runtime, caller: Caller, tenant_id: str, after: str | None = None) -> dict[str, Any]:
    """Pairs of complaints that are likely one matter and have not been told apart, the latest filed first.

    :param after: ``next`` of the page before.
    :returns: ``items``, each with ``newer`` and ``older``, both without a title for an administrator and with the
        ``version`` that is told, and what they have in common; ``next``; and ``may_decide``, whether the caller may
        merge them or tell them apart.
    :raises NotFound: no such tenant.
    :raises Forbidden: another tenant's, or a caller who is no officer.
    :raises Invalid: no cursor of ours.
    """
    tenant = runtime.tenants.get(tenant_id)
    own = readable_agency(caller, tenant)
    filed_at, dossier = position_of(after, instant, UUID)
    INDEX.catch_up(runtime, PAGE_BATCHES)
    asked = {"tenant": tenant.id, "own": own, "mergeable": _mergeable(tenant), "limit": MOST + 1}
    items: list[dict[str, Any]] = []
    more = True
    with runtime.database.autocommit() as cursor:
        for _round in range(_ROUNDS):
            cursor.execute(_LATEST, {**asked, "filed_at": filed_at, "dossier": dossier})
            found = cursor.fetchall()
            page, more = [each for each, _ in found[:MOST]], len(found) > MOST
            items += _told(runtime, cursor, tenant, caller, likely(runtime, cursor, own, page, before=True))
            if items or not more:
                break
            dossier, filed_at = found[MOST - 1]
        following = cursor_of(found[MOST - 1][1], found[MOST - 1][0]) if more else None
    return {"items": items, "next": following, "may_decide": may_decide(caller, tenant)}


def tell_apart(runtime: Runtime, caller: Caller, tenant_id: str, dossiers: Sequence[UUID]) -> dict[str, Any]:
    """Note that two complaints are not the same matter: neither is suggested for the other any more.

    :param dossiers: the two.
    :raises NotFound: one of them is no dossier of the tenant.
    :raises Forbidden: who may not read both, or may not merge.
    :raises Invalid: they are one and the same.
    :raises Conflict: the reporter of one was erased: nothing more is written down of such a complaint.
    """
    tenant = runtime.tenants.get(tenant_id)
    gone = False
    for each in dossiers:
        state, events = runtime.dossiers(SERVICE).open(each, tenant_id)
        check_may_read(caller, tenant, state.sop_version, state.agency, helpers(events))
        gone = gone or state.erased
    if not may_decide(caller, tenant):
        raise Forbidden("wrong_actor")
    one, other = sorted(dossiers)
    if one == other:
        raise Invalid("invalid_fields", fields={"other": ["unknown_ticket"]})
    if gone:
        raise Conflict("erased")
    with runtime.database.transaction() as cursor:
        cursor.execute(_APART, (str(one), str(other), tenant.id, caller.user, runtime.clock.now()))
    return {"apart": True}


def may_decide(caller: Caller, tenant: Tenant) -> bool:
    """Whether a caller may merge complaints, and so say of two that they are not one."""
    return not caller.admin and any(action.actor == caller.actor for action in _merging(tenant))


def _merging(tenant: Tenant) -> list[Action]:
    return [action for action in tenant.sop.anytime if action.event == "Merged"]


def _mergeable(tenant: Tenant) -> list[str]:
    """The statuses in which a complaint can be merged into another."""
    return sorted({status for action in _merging(tenant) for status in action.statuses or OPEN_STATUSES})


def likely(
    runtime: Runtime, cursor: Any, own: str | None, dossiers: Collection[UUID], *, before: bool = False
) -> dict[Pair, Likeness]:
    """Of some complaints those that are likely the same as another, the likeliest first.

    :param own: the only agency whose complaints are looked at; none for all of the government's.
    :param before: whether only those that were filed before are looked at, so that each pair is found once.
    """
    candidates = met(cursor, own, dossiers, before=before)
    readings = Readings.of(runtime, cursor, {each for pair in candidates for each in pair})
    matters = {each: readings.matter(each) for each in readings.histories}
    compared = {
        pair: likeness(one, other)
        for pair in candidates
        if (one := matters.get(pair[0])) is not None and (other := matters.get(pair[1])) is not None
    }
    suggested = [(pair, common) for pair, common in compared.items() if common.suggested]
    return dict(sorted(suggested, key=lambda each: -each[1].score))


def _told(
    runtime: Runtime, cursor: Any, tenant: Tenant, caller: Caller, pairs: Mapping[Pair, Likeness]
) -> list[dict[str, Any]]:
    """Pairs as the page tells them."""
    dossiers = {each for pair in pairs for each in pair}
    cursor.execute(_CASES, ([str(each) for each in dossiers],))
    cases = {row["dossier"]: row for row in named_rows(cursor)}
    readings = Readings.of(runtime, cursor, () if caller.admin else dossiers)

    def one(dossier: UUID) -> dict[str, Any]:
        row = {**cases[dossier], "filed_at": tenant.local(cases[dossier]["filed_at"])}
        entries = tenant.entries
        spellings = {"category": entries.category, "kecamatan": entries.kecamatan, "desa": entries.desa}
        names = {name: spell(row[name]) for name, spell in spellings.items()}
        title = "" if caller.admin else title_of(readings.complaint(dossier))
        return {**row, **names, "id": str(row.pop("dossier")), "title": title} | {
            "agency_name": tenant.agency_name(row["agency"])
        }

    return [
        {
            "newer": one(newer),
            "older": one(older),
            "text": common.text,
            "metres": common.metres,
            "days": common.days,
        }
        for (newer, older), common in pairs.items()
    ]
