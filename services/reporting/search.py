"""Finding complaints: by ticket, reporter, place, category, agency, step, status and time, the latest first.

What the caller may not read is not found. A name finds no anonymous or secret reporter but for the government's own
desks: else to search would tell who is behind a complaint.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from services.reporting.counted import CONDITION, counted_in
from services.reporting.filters import WORDS, given_in, words_of
from services.reporting.people import NAME, PHONE, follow, look_up
from services.reporting.titles import listed, titles_of
from shared.application.pages import cursor_of, instant, position_of
from shared.application.reading_rights import readable_agency
from shared.application.runtime import Runtime
from shared.base.blank import is_blank
from shared.base.caller import Caller
from shared.base.errors import Forbidden, Invalid
from shared.domain.sop.vocabulary import FINAL_STATUSES, STATUSES
from shared.domain.tenants import Tenant
from shared.wording.choices import one_of

MOST: Final = 200
OPEN: Final = "open"
CLOSED: Final = "closed"

_COLUMNS: Final = (
    "ticket",
    "status",
    "step",
    "actor",
    "agency",
    "channel",
    "privacy",
    "classification",
    "category",
    "kecamatan",
    "desa",
    "filed_at",
    "answered_at",
    "delivered_at",
    "ended_at",
)
_INSTANTS: Final = ("filed_at", "answered_at", "delivered_at", "ended_at")
FILTERS: Final = frozenset({*WORDS, NAME, PHONE, "status", "state", "counted", "since", "until"})
_SEARCH = f"""
    SELECT dossier, {", ".join(_COLUMNS)} FROM reporting.cases c
     WHERE tenant = %(tenant)s
       AND (%(own)s::text IS NULL OR agency = %(own)s)
       {" ".join(f"AND (%({name})s::text IS NULL OR {name} = %({name})s)" for name in WORDS)}
       AND (%(statuses)s::text[] IS NULL OR status = ANY(%(statuses)s::text[]))
       {CONDITION}
       AND (%(since)s::timestamptz IS NULL OR filed_at >= %(since)s)
       AND (%(until)s::timestamptz IS NULL OR filed_at < %(until)s)
       AND (%(hashes)s::bytea[] IS NULL OR (
            (%(everybody)s OR privacy = 'open') AND
            dossier IN (SELECT p.dossier FROM reporting.people p WHERE p.hash = ANY(%(hashes)s::bytea[])
                         GROUP BY p.dossier HAVING count(DISTINCT p.hash) = cardinality(%(hashes)s::bytea[]))))
       AND (%(dossier)s::uuid IS NULL OR (filed_at, dossier) < (%(filed_at)s::timestamptz, %(dossier)s::uuid))
     ORDER BY filed_at DESC, dossier DESC
     LIMIT %(limit)s
"""  # noqa: S608 - constants of ours


def search(
    runtime: Runtime,
    caller: Caller,
    tenant_id: str,
    wanted: Mapping[str, Any],
    after: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """A page of the complaints that fit everything asked for.

    :param wanted: any of ``ticket``, ``name``, ``phone`` (each exact, in any spelling), ``category``, ``kecamatan``,
        ``desa``, ``agency``, ``step``, ``channel``, ``classification``, ``status`` (a list), ``state`` (``open`` or
        ``closed``), ``counted`` (what a recap counts, see ``counted.py``), ``since`` and ``until`` (days of the filing
        by the government's own calendar, both included, as ``2026-10-05``).
    :param after: ``next`` of the page before.
    :returns: ``items``, the latest filed first, and ``next``.
    :raises NotFound: no such tenant.
    :raises Forbidden: another tenant's, a caller who is no officer, or an administrator who asks for a person.
    :raises Invalid: naming what is no filter, no word of the list that its filter is asked of, or no cursor; or an end
        before its beginning.
    """
    tenant = runtime.tenants.get(tenant_id)
    own = readable_agency(caller, tenant)
    wanted = given_in(wanted, FILTERS)
    limit = max(1, min(limit, MOST))
    asked: dict[str, Any] = {
        **words_of(tenant, wanted, partial(_borne, runtime, tenant.id)),
        "tenant": tenant.id,
        "own": own,
        "statuses": _statuses(wanted),
        "counted": counted_in(wanted),
        "since": _first_instant(tenant, wanted, "since"),
        "until": _first_instant(tenant, wanted, "until"),
        "hashes": _people(runtime, caller, wanted),
        "everybody": own is None,
        "limit": limit + 1,
    }
    if asked["since"] and asked["until"] and asked["until"] <= asked["since"]:
        raise Invalid("invalid_fields", fields={"until": ["ends_before_it_begins"]})
    asked["filed_at"], asked["dossier"] = position_of(after, instant, UUID)
    with runtime.database.autocommit() as cursor:
        cursor.execute(_SEARCH, asked)
        found = cursor.fetchall()
    page = found[:limit]
    titles = {} if caller.admin else titles_of(runtime, [row[0] for row in page])
    items = [_item(tenant, row, titles) for row in page]
    last = dict(zip(_COLUMNS, page[-1][1:], strict=True)) if len(found) > limit else None
    return {"items": items, "next": cursor_of(last["filed_at"], page[-1][0]) if last else None}


def _item(tenant: Tenant, row: Sequence[Any], titles: Mapping[UUID, str]) -> dict[str, Any]:
    item = {"id": str(row[0]), **dict(zip(_COLUMNS, row[1:], strict=True)), "title": titles.get(row[0], "")}
    for name in _INSTANTS:
        item[name] = tenant.local(item[name])
    return listed(tenant, item)


def _borne(runtime: Runtime, tenant: str, name: str, word: str) -> bool:
    """Whether complaints bear a word that the files know no longer.

    :param name: of a filter, which is a column's.
    """
    if not word.isprintable():  # no word of ours, and the database would not take it
        return False
    with runtime.database.autocommit() as cursor:
        cursor.execute(f"SELECT 1 FROM reporting.cases WHERE tenant = %s AND {name} = %s LIMIT 1", (tenant, word))  # noqa: S608 - a name of ours
        return cursor.fetchone() is not None


def asks_for_somebody(wanted: Mapping[str, Any]) -> bool:
    """Whether a person is looked for: then the index of people is brought up to date first."""
    return any(wanted.get(kind) for kind in (NAME, PHONE))


def _people(runtime: Runtime, caller: Caller, wanted: Mapping[str, Any]) -> list[bytes] | None:
    """The hashes that a complaint must have all of; none if nobody is asked for."""
    asked = {kind: str(wanted[kind]) for kind in (NAME, PHONE) if wanted.get(kind)}
    if not asked:
        return None
    if caller.admin:
        raise Forbidden("admin_may_not_know")
    hashes = {kind: look_up(runtime, kind, written) for kind, written in asked.items()}
    unfit = [kind for kind, hashed in hashes.items() if hashed is None]
    if unfit:
        raise Invalid("invalid_fields", fields={kind: [f"not_a_{kind}"] for kind in unfit})
    while follow(runtime, wait=True):  # whoever asks just after a filing finds it
        pass
    return [hashed for hashed in hashes.values() if hashed is not None]


def _statuses(wanted: Mapping[str, Any]) -> list[str] | None:
    given = [one_of("status", each, STATUSES) for each in wanted.get("status") or () if not is_blank(each)]
    statuses = set(given or STATUSES)
    state = wanted.get("state")
    if state is not None:
        statuses -= (
            FINAL_STATUSES if one_of("state", str(state), (OPEN, CLOSED)) == OPEN else set(STATUSES) - FINAL_STATUSES
        )
    return None if statuses == set(STATUSES) else sorted(statuses)


def _first_instant(tenant: Tenant, wanted: Mapping[str, Any], name: str) -> datetime | None:
    """The first instant of a day, or of the day after the last one."""
    written = wanted.get(name)
    if not written:
        return None
    try:
        day = date.fromisoformat(str(written)) + timedelta(days=name == "until")
    except (ValueError, OverflowError):
        raise Invalid("invalid_fields", fields={name: ["not_a_day"]}) from None
    return datetime.combine(day, time(), tzinfo=tenant.zone)
