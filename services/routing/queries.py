"""What others may ask of routing: an inbox, and a dossier."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.application.pages import cursor_of, instant, position_of, whole, word
from shared.application.reading_rights import check_administrator, check_may_read, narrowed
from shared.application.readings import recording, telling
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.errors import Forbidden
from shared.domain.dossier.arranged import helpers
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.events import DossierEvent
from shared.domain.dossier.identity import knows_reporter
from shared.domain.dossier.view import dossier_view, heading, title_of
from shared.domain.sealing import DataKey
from shared.domain.tenants import Tenant
from shared.platform.database.named import named_rows

SERVICE = "routing"
MAX_LIMIT = 200

_TASKS = """
    SELECT dossier, ticket, task, task_version, step, actor, agency, status, since, due_at, judged, state, paused_until
           {more}
      FROM routing.inbox JOIN routing.dossiers USING (dossier)
     WHERE tenant = %(tenant)s
       AND (%(agency)s::text IS NULL OR agency = %(agency)s)
       AND (%(actor)s::text IS NULL OR actor = %(actor)s)
       AND (%(due)s::timestamptz IS NULL
            OR (coalesce(due_at, 'infinity'), dossier, task, task_version)
               > (%(due)s::timestamptz, %(dossier)s::uuid, %(task)s, %(version)s))
     ORDER BY coalesce(due_at, 'infinity'), dossier, task, task_version
     LIMIT %(limit)s
"""
_INBOX = _TASKS.format(more=", filed")
_OUTLINE = _TASKS.format(more="")
_TICKETS = "SELECT dossier, ticket FROM routing.dossiers WHERE dossier = ANY(%s::uuid[])"
_OF_SYSTEM = "SELECT EXISTS (SELECT FROM routing.inbox WHERE actor = 'system')"


def dossier(
    runtime: Runtime, caller: Caller, tenant_id: str, dossier_id: UUID, why: str | None = None
) -> dict[str, Any]:
    """One dossier, for an officer who may read it; that they read it is recorded first.

    :param why: what they say they open it for, one of :data:`shared.application.readings.recording.GIVEN`.
    :raises NotFound: no such dossier in that tenant.
    :raises Forbidden: another tenant's, or, for an actor of an agency, another agency's.
    :raises Unavailable: if it could not be recorded.
    """
    state, events = runtime.dossiers(SERVICE).open(dossier_id, tenant_id)
    check_may_read(caller, runtime.tenants.get(state.tenant), state.sop_version, state.agency, helpers(events))
    return view(runtime, caller, state, events, why=why)


def latest(runtime: Runtime, caller: Caller, tenant_id: str, dossier_id: UUID) -> dict[str, Any]:
    """What happened last to a dossier, for an officer who may read it: opens nothing, and is no reading.

    :returns: ``version``, and of that event ``event``, ``actor``, ``agency``, ``to_agency`` and ``at``.
    :raises NotFound: no such dossier in that tenant.
    :raises Forbidden: as :func:`dossier`.
    """
    state, events = runtime.dossiers(SERVICE).open(dossier_id, tenant_id)
    tenant = runtime.tenants.get(state.tenant)
    check_may_read(caller, tenant, state.sop_version, state.agency, helpers(events))
    last = events[-1]
    told = {name: getattr(last, name, None) for name in ("actor", "agency", "to_agency")}
    return {"version": state.version, "event": last.type, **told, "at": tenant.local(last.occurred_at)}


def view(
    runtime: Runtime,
    caller: Caller,
    state: Dossier,
    events: Sequence[DossierEvent],
    key: DataKey | None = None,
    why: str | None = None,
) -> dict[str, Any]:
    """The view of a dossier that was just read or written.

    :param key: the dossier's, if it was just used; looked for otherwise.
    :param why: as for :func:`dossier`.
    """
    key = key or runtime.vault.keys(None, [state.id])[state.id]
    read(runtime, caller, recording.DOSSIER, state, events, key, why)
    return dossier_view(state, events, runtime.tenants.get(state.tenant), key, runtime.clock.now(), caller)


def read(
    runtime: Runtime,
    caller: Caller,
    what: str,
    state: Dossier,
    events: Sequence[DossierEvent],
    key: DataKey | None,
    why: str | None = None,
) -> None:
    """Record that a caller is about to be shown what lies in a dossier; of an erased one there is nothing to show.

    :param what: as for :func:`shared.application.readings.recording.record`.
    :raises Unavailable: if it could not be recorded.
    :raises Invalid: ``why`` is none of those that may be said.
    """
    reason = recording.reason(caller, state, helpers(events), why)
    if key is None:
        return
    named = knows_reporter(state.privacy, caller, runtime.tenants.get(state.tenant).sop_of(state.sop_version))
    recording.record(runtime, caller, state.tenant, what, [recording.Opened(state.id, reason, named)])


def readings(
    runtime: Runtime, caller: Caller, tenant_id: str, dossier_id: UUID | None, asked: Mapping[str, Any]
) -> dict[str, Any]:
    """Who opened personal data, the latest first, with the tickets where the tables have them.

    :param dossier_id: of this dossier only.
    :param asked: ``account``, ``after`` and ``limit``.
    :raises Forbidden: for who is no administrator.
    """
    page = telling.page_of(runtime, caller, tenant_id, dossier=dossier_id, **asked)
    with runtime.database.autocommit() as cursor:
        cursor.execute(_TICKETS, ([each["id"] for each in page["items"]],))
        tickets = {str(dossier): ticket for dossier, ticket in cursor.fetchall()}
    items = [{**each, "ticket": tickets.get(each["id"])} for each in page["items"]]
    return {**page, "items": items}


def after_action(
    runtime: Runtime, caller: Caller, state: Dossier, events: Sequence[DossierEvent], key: DataKey | None = None
) -> dict[str, Any]:
    """What an officer sees of a dossier after acting on it: only where it went, if it left the officer's agency.

    :param key: as for :func:`view`.
    """
    tenant = runtime.tenants.get(state.tenant)
    try:
        check_may_read(caller, tenant, state.sop_version, state.agency, helpers(events))
    except Forbidden:
        return {**heading(state, tenant), "version": state.version, "allowed": []}
    return view(runtime, caller, state, events, key)


def inbox(
    runtime: Runtime,
    caller: Caller,
    tenant_id: str,
    *,
    agency: str | None = None,
    actor: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """The open tasks of an agency and actor, soonest due first.

    An actor of an agency sees its own agency's tasks only, and is refused another's.

    :param after: the cursor ``next`` of the page before.
    :param limit: at most this many, up to 200.
    :raises Forbidden: another tenant's or another agency's inbox.
    :raises Invalid: the cursor is not one of ours.
    """
    tenant = runtime.tenants.get(tenant_id)
    agency = narrowed(caller, tenant, agency)
    due, dossier_id, task, version = position_of(after, instant, UUID, word, whole)
    limit = max(1, min(limit, MAX_LIMIT))
    asked = {
        "tenant": tenant_id,
        "agency": agency,
        "actor": actor,
        "limit": limit + 1,
        "due": due,
        "dossier": dossier_id,
        "task": task,
        "version": version,
    }
    with runtime.database.autocommit() as cursor:
        cursor.execute(_INBOX, asked)
        found = named_rows(cursor)
        page = found[:limit]
        keys = runtime.vault.keys(runtime.near(cursor), list({row["dossier"] for row in page}))
    now = runtime.clock.now()
    items = [_item(row, tenant, keys.get(row["dossier"]), now) for row in page]
    return {"items": items, "next": _cursor(page[-1]) if len(found) > limit else None}


def outline(
    runtime: Runtime, caller: Caller, tenant_id: str, *, agency: str | None = None, actor: str | None = None
) -> dict[str, Any]:
    """The first page of an inbox without what was written: which tasks there are, and by when.

    It opens nothing, so that it may be asked again and again.

    :returns: ``items`` as of :func:`inbox`, their titles empty, up to :data:`MAX_LIMIT`; ``more`` if there are more.
    :raises Forbidden: as :func:`inbox`.
    """
    tenant = runtime.tenants.get(tenant_id)
    asked = {"tenant": tenant_id, "agency": narrowed(caller, tenant, agency), "actor": actor, "limit": MAX_LIMIT + 1}
    asked |= dict.fromkeys(("due", "dossier", "task", "version"))
    with runtime.database.autocommit() as cursor:
        cursor.execute(_OUTLINE, asked)
        found = named_rows(cursor)
    now = runtime.clock.now()
    items = [_item(row, tenant, None, now) for row in found[:MAX_LIMIT]]
    return {"items": items, "more": len(found) > MAX_LIMIT}


def outstanding(runtime: Runtime, caller: Caller) -> bool:
    """Whether a step of the system's is still to be taken.

    :param caller: an administrator of the installation: it is about all governments at once.
    :raises Forbidden: for anybody else.
    """
    check_administrator(caller)
    with runtime.database.autocommit() as cursor:
        cursor.execute(_OF_SYSTEM)
        [(found,)] = cursor.fetchall()
    return bool(found)


def _item(row: Mapping[str, Any], tenant: Tenant, key: DataKey | None, now: datetime) -> dict[str, Any]:
    return {
        "id": str(row["dossier"]),
        "ticket": row["ticket"],
        "title": title_of(key.open(row["filed"], "ComplaintFiled")) if key and row.get("filed") else "",
        **{name: row[name] for name in ("task", "task_version", "step", "actor", "agency", "status")},
        "since": tenant.local(row["since"]),
        "due_at": tenant.local(row["due_at"]),
        "state": _state(row, now),
    }


def _state(row: Mapping[str, Any], now: datetime) -> str:
    """As of an instant: a due time that has passed is a breach, a pause that is over has ended, whatever timers did."""
    state = str(row["state"])
    if state == "paused" and now >= row["paused_until"]:
        state = "running"
    overdue = row["judged"] and row["due_at"] is not None and now > row["due_at"]
    return "breached" if overdue and state != "paused" else state


def _cursor(row: Mapping[str, Any]) -> str:
    return cursor_of(row["due_at"], row["dossier"], row["task"], row["task_version"])
