"""What may help an officer with a dossier: never more than suggestions, each with how often such were right."""

from typing import Any, Final
from uuid import UUID

from services.reporting.alike import alike
from services.reporting.guessing import Guessing, past_of
from services.reporting.likeness_index import INDEX
from services.reporting.readings import Readings
from shared.application.reading_rights import check_may_read
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.domain.classifying.classify import classify
from shared.domain.dossier.arranged import helpers
from shared.domain.tenants import Tenant

SERVICE: Final = "reporting"
_WORDS: Final = "words"
_CATEGORY: Final = "category"
_PAST: Final = "past"
_LATEST: Final = 200
_RATE: Final = f"""
    SELECT count(*) FILTER (WHERE agency IS NOT NULL AND cardinality(guessed_agencies) > 0),
           count(*) FILTER (WHERE agency = guessed_agencies[1]),
           count(*) FILTER (WHERE agency = ANY(guessed_agencies)),
           count(*) FILTER (WHERE category IS NOT NULL AND cardinality(guessed_categories) > 0),
           count(*) FILTER (WHERE category = guessed_categories[1]),
           count(*) FILTER (WHERE category = ANY(guessed_categories))
      FROM (SELECT * FROM reporting.past WHERE tenant = %(tenant)s ORDER BY position DESC LIMIT {_LATEST}) AS latest
"""  # noqa: S608 - a constant of ours
_OF_A_MONTH: Final = """
    SELECT *
      FROM (SELECT count(*) FILTER (WHERE agency IS NOT NULL AND cardinality(guessed_agencies) > 0),
                   count(*) FILTER (WHERE agency = guessed_agencies[1]),
                   count(*) FILTER (WHERE agency = ANY(guessed_agencies)),
                   count(*) FILTER (WHERE category IS NOT NULL AND cardinality(guessed_categories) > 0),
                   count(*) FILTER (WHERE category = guessed_categories[1]),
                   count(*) FILTER (WHERE category = ANY(guessed_categories))
              FROM reporting.past
             WHERE tenant = %(tenant)s AND month = %(month)s AND (%(agency)s::text IS NULL OR agency = %(agency)s)
           ) AS decisions,
           (SELECT count(*), count(*) FILTER (WHERE suggested) FROM reporting.past_merges
             WHERE tenant = %(tenant)s AND month = %(month)s AND (%(agency)s::text IS NULL OR agency = %(agency)s)
           ) AS merges
"""


def suggestions(runtime: Runtime, caller: Caller, tenant_id: str, dossier_id: UUID) -> dict[str, Any]:
    """What is suggested for a dossier, to whoever may read it.

    :returns: ``alike``, complaints that may be about the same matter (:mod:`services.reporting.alike`); ``agencies``
        and ``categories``, the likeliest first, each ``by`` words of the government's list, the agency that handles the
        ``category``, or the ``past``; and ``hits``, how often the past's suggestions of late were what an officer
        decided. A dossier that has ended, or whose reporter was erased, needs none.
    :raises NotFound: no such dossier in that tenant.
    :raises Forbidden: as for the dossier itself.
    """
    tenant = runtime.tenants.get(tenant_id)
    state, events = runtime.dossiers(SERVICE).open(dossier_id, tenant_id)
    check_may_read(caller, tenant, state.sop_version, state.agency, helpers(events))
    if state.ended or state.erased:
        return {"alike": [], "agencies": [], "categories": [], "hits": _hits((0,) * 6)}
    found = alike(runtime, caller, tenant, state)
    with runtime.database.autocommit() as cursor:
        complaint = Readings.of(runtime, cursor, [state.id]).complaint(state.id)
        cursor.execute(_RATE, {"tenant": tenant.id})
        [counted] = cursor.fetchall()
        past = past_of(runtime, cursor, tenant, INDEX.key(runtime))
    return {
        "alike": found,
        **guessed(tenant, state.sop_version, state.category, complaint, past),
        "hits": _hits(counted),
    }


def guessed(
    tenant: Tenant, sop_version: int, category: str | None, complaint: dict[str, Any], past: Guessing
) -> dict[str, list[dict[str, str]]]:
    """What is suggested for a complaint by its words, its category and the past: see :func:`suggestions`.

    :param sop_version: under which it runs.
    :param category: as it is known now.
    """
    by_past = past.guesses(past.buckets(complaint))
    by_words = _by_words(tenant, sop_version, complaint)
    handles = tenant.agency_for(tenant.entries.category(category) or by_words)
    agencies = _listed((_CATEGORY, [handles.id] if handles else []), (_PAST, by_past[0]))
    return {
        "agencies": [{**each, "name": tenant.agency_name(each["id"]) or each["id"]} for each in agencies],
        "categories": _listed((_WORDS, [by_words] if by_words else []), (_PAST, by_past[1])),
    }


def of_month(cursor: Any, asked: dict[str, Any]) -> dict[str, Any]:
    """How often suggestions for the complaints of a month were what an officer decided, for its recap.

    :param asked: ``tenant``, ``month`` and ``agency``.
    :returns: for ``agency`` and ``category`` how many were ``judged``, for how many of those the ``first`` was right,
        and for how many one ``among`` those shown; of ``merges`` how many there were, and how many would have been
        ``suggested``.
    """
    cursor.execute(_OF_A_MONTH, asked)
    [(*counted, merged, suggested)] = cursor.fetchall()
    return {**_hits(counted), "merges": {"count": merged, "suggested": suggested}}


def _by_words(tenant: Tenant, sop_version: int, complaint: dict[str, Any]) -> str | None:
    """The category for which words of the government's list speak clearly."""
    rules = tenant.sop_of(sop_version).classification
    if not rules.rules:
        return None
    found = classify(rules, f"{complaint.get('title') or ''}\n{complaint.get('message') or ''}")
    return None if found.category == rules.default_category else tenant.entries.category(found.category)


def _listed(*named: tuple[str, Any]) -> list[dict[str, str]]:
    """Each name once, with the first that speaks for it."""
    by: dict[str, str] = {}
    for source, names in named:
        for name in names:
            by.setdefault(name, source)
    return [{"id": name, "by": source} for name, source in by.items()]


def _hits(counted: tuple[int, ...]) -> dict[str, dict[str, int]]:
    names = ("judged", "first", "among")
    return {
        "agency": dict(zip(names, counted[:3], strict=True)),
        "category": dict(zip(names, counted[3:], strict=True)),
    }
