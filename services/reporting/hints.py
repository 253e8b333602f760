"""What is suggested for each row of a coordinator's list, in a word or two: the dossier's page tells the rest."""

import time
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from services.reporting.guessing import past_of
from services.reporting.likeness_index import INDEX
from services.reporting.readings import Readings
from services.reporting.suggestions import guessed
from services.reporting.twins import likely
from shared.application.reading_rights import readable_agency
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.domain.sop.vocabulary import FINAL_STATUSES
from shared.domain.tenants import Tenant
from shared.platform.database.named import named_rows

MOST: Final = 25
"""Rows at once."""

_KEPT_SECONDS: Final = 20.0
_MOST_KEPT: Final = 10_000

_READABLE: Final = """
    SELECT dossier, sop_version, category FROM reporting.cases
     WHERE dossier = ANY(%(dossiers)s::uuid[]) AND tenant = %(tenant)s AND status <> ALL(%(ended)s::text[])
       AND (%(own)s::text IS NULL OR agency = %(own)s)
"""
_TICKETS: Final = "SELECT dossier, ticket FROM reporting.cases WHERE dossier = ANY(%s::uuid[])"


class _Kept:
    """What was suggested a moment ago: inboxes are looked at again and again, and each look costs a search."""

    def __init__(self) -> None:
        self._told: dict[Hashable, tuple[float, dict[str, Any] | None]] = {}

    def of(self, whose: Hashable, dossiers: Sequence[str]) -> dict[str, dict[str, Any] | None]:
        """What is known of some dossiers; nothing of those of which it is too old.

        :param whose: the database, the government and the agency to which its reader is narrowed.
        """
        since = time.monotonic() - _KEPT_SECONDS
        found = {each: self._told.get((whose, each)) for each in dossiers}
        return {each: kept[1] for each, kept in found.items() if kept is not None and kept[0] > since}

    def keep(self, whose: Hashable, told: Mapping[str, dict[str, Any] | None]) -> None:
        """Remember it."""
        if len(self._told) + len(told) > _MOST_KEPT:
            self._told.clear()
        now = time.monotonic()
        self._told.update({(whose, each): (now, hint) for each, hint in told.items()})


_KEPT: Final = _Kept()


def hints(runtime: Runtime, caller: Caller, tenant_id: str, dossiers: Sequence[UUID]) -> dict[str, dict[str, Any]]:
    """The likeliest twin, agency and category of some dossiers: of those that the caller may read and that are open.

    :param dossiers: the first :data:`MOST` are looked at.
    :returns: by the dossier's id ``twin`` (its ticket), ``agency`` (its name) and ``category``, none where nothing is
        suggested. To an administrator, who decides on none, nothing is told.
    :raises NotFound: no such tenant.
    :raises Forbidden: another tenant's, or a caller who is no officer.
    """
    tenant = runtime.tenants.get(tenant_id)
    own = readable_agency(caller, tenant)
    if caller.admin:
        return {}
    wanted = [str(each) for each in dossiers[:MOST]]
    known = _KEPT.of((runtime.database, tenant.id, own), wanted)
    fresh = _found(runtime, tenant, own, [each for each in wanted if each not in known])
    _KEPT.keep((runtime.database, tenant.id, own), fresh)
    return {dossier: told for dossier, told in {**known, **fresh}.items() if told is not None}


def _found(
    runtime: Runtime, tenant: Tenant, own: str | None, dossiers: Sequence[str]
) -> dict[str, dict[str, Any] | None]:
    """What is suggested now; none for what the caller may not read, or says nothing (any more)."""
    if not dossiers:
        return {}
    INDEX.follow(runtime)  # what was filed just now; of a long log a part, since a list does not wait for it
    asked = {"tenant": tenant.id, "own": own, "ended": sorted(FINAL_STATUSES)}
    with runtime.database.autocommit() as cursor:
        cursor.execute(_READABLE, {**asked, "dossiers": list(dossiers)})
        cases = {row["dossier"]: row for row in named_rows(cursor)}
        readings = Readings.of(runtime, cursor, cases)
        past = past_of(runtime, cursor, tenant, INDEX.key(runtime))
        twins: dict[UUID, UUID] = {}
        for one, other in likely(runtime, cursor, own, cases):
            twins.setdefault(one, other)
        cursor.execute(_TICKETS, ([str(each) for each in twins.values()],))
        tickets = dict(cursor.fetchall())
    told: dict[str, dict[str, Any] | None] = dict.fromkeys(dossiers)
    for dossier, row in cases.items():
        if complaint := readings.complaint(dossier):
            found = guessed(tenant, row["sop_version"], row["category"], complaint, past)
            told[str(dossier)] = {
                "twin": tickets.get(twins.get(dossier)),
                "agency": next((each["name"] for each in found["agencies"]), None),
                "category": next((each["id"] for each in found["categories"]), None),
            }
    return told
