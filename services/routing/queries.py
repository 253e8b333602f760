"""What others may ask of routing: an inbox, and a dossier."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from services.routing.by_time import STATES, by_time, how_many
from services.routing.members_words import MembersWords, members_words
from services.routing.task_page import BEHIND, COLUMNS, FILTERS, MAX_LIMIT, NARROWED, page_of_tasks
from shared.application.reading_rights import check_may_read, narrowed
from shared.application.readings import recording, telling
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.errors import Forbidden, Invalid
from shared.domain.dossier.arranged import helpers
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.events import DossierEvent
from shared.domain.dossier.identity import knows_reporter
from shared.domain.dossier.view import dossier_view, heading
from shared.domain.sealing import DataKey
from shared.domain.sop.vocabulary import REPORTER, SYSTEM
from shared.domain.tenants import Tenant
from shared.wording.choices import one_of

SERVICE = "routing"

_INBOX = f"SELECT {COLUMNS}, filed {NARROWED} {BEHIND}"
_TICKETS = "SELECT dossier, ticket FROM routing.dossiers WHERE dossier = ANY(%s::uuid[])"
_NAMED = ("id", "task", "task_version")
_OUTLINED = (*_NAMED, "ticket", "actor", "agency", "state", "due_at")
"""What is told of a task where it is only asked what waits: for each dossier that is opened, of up to 200 tasks."""
OF_SYSTEM: Final = "EXISTS (SELECT FROM routing.inbox WHERE actor = 'system')"
"""Whether a step of the system's is still to be taken."""


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


def latest(
    runtime: Runtime, caller: Caller, tenant_id: str, dossier_id: UUID, since: int | None = None
) -> dict[str, Any]:
    """What happened last to a dossier, for an officer who may read it: opens nothing, and is no reading.

    :param since: a version, of which also is told what came after it.
    :returns: ``version``, and of that event ``event``, ``actor``, ``agency``, ``to_agency`` and ``at``; the same of
        those after ``since``, if it was given, the first first.
    :raises NotFound: no such dossier in that tenant.
    :raises Forbidden: as :func:`dossier`.
    """
    state, events = runtime.dossiers(SERVICE).open(dossier_id, tenant_id)
    tenant = runtime.tenants.get(state.tenant)
    check_may_read(caller, tenant, state.sop_version, state.agency, helpers(events))
    told = {"version": state.version, **_happened(events[-1], tenant)}
    return told if since is None else {**told, "since": [_happened(each, tenant) for each in events[max(0, since) :]]}


def _happened(event: DossierEvent, tenant: Tenant) -> dict[str, Any]:
    told = {name: getattr(event, name, None) for name in ("actor", "agency", "to_agency")}
    return {"event": event.type, **told, "at": tenant.local(event.occurred_at)}


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
    key = key or runtime.vault.key_of(state.id)
    said = members_words(runtime, state, events) if key is not None else MembersWords()
    read(runtime, caller, recording.DOSSIER, state, events, key, why, said.of)
    tenant = runtime.tenants.get(state.tenant)
    return dossier_view(state, events, tenant, key, runtime.clock.now(), caller, said.additions)


def read(
    runtime: Runtime,
    caller: Caller,
    what: str,
    state: Dossier,
    events: Sequence[DossierEvent],
    key: DataKey | None,
    why: str | None = None,
    beside: Sequence[UUID] = (),
) -> None:
    """Record that a caller is about to be shown what lies in a dossier; of an erased one there is nothing to show.

    :param what: as for :func:`shared.application.readings.recording.record`.
    :param beside: the duplicates of which words are shown with it, and nobody's name.
    :raises Unavailable: if it could not be recorded.
    :raises Invalid: ``why`` is none of those that may be said.
    """
    reason = recording.reason(caller, state, helpers(events), why)
    if key is None:
        return
    named = knows_reporter(state.privacy, caller, runtime.tenants.get(state.tenant).sop_of(state.sop_version))
    also = [recording.Opened(each, reason, named=False) for each in beside]
    recording.record(runtime, caller, state.tenant, what, [recording.Opened(state.id, reason, named), *also])


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
    wanted: Mapping[str, Sequence[str]] | None = None,
    states: Sequence[str] | None = None,
    colleagues: bool = False,
    after: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """The open tasks of an agency and actor, soonest due first, of equals the longest at its desk.

    An actor of an agency sees its own agency's tasks only, and is refused another's. An administrator sees no titles,
    here as in every list: what was written they read by opening a dossier, which is recorded.

    :param wanted: for any of :data:`services.routing.task_page.FILTERS` the words of which a task's must be one, as
        the government's lists and procedures spell them.
    :param states: by the state of their time, as :func:`services.routing.by_time.by_time` has it: only these of
        them, or all of them if it is empty; none for a list by due time alone.
    :param colleagues: what lies at the other desks of the agency instead of the actor's.
    :param after: the cursor ``next`` of the page before.
    :param limit: at most this many, up to 200.
    :returns: ``items`` and ``next``; with ``states`` also ``counts``, and where there are both an agency and an actor,
        how many rows its ``colleagues`` have, whatever is ``wanted``.
    :raises Forbidden: another tenant's or another agency's inbox.
    :raises Invalid: the cursor is not one of ours, or there is no such filter or state.
    """
    tenant = runtime.tenants.get(tenant_id)
    agency = narrowed(caller, tenant, agency)
    given = wanted or {}
    if unknown := sorted(set(given) - set(FILTERS)):
        raise Invalid("invalid_fields", fields={name: ["unknown_field"] for name in unknown})
    beside = {"agency": agency, "actor": None, "but": [each for each in (actor, REPORTER, SYSTEM) if each]}
    desk = beside if colleagues else {"agency": agency, "actor": actor, "but": None}
    asked = desk | {name: list(given.get(name, ())) or None for name in FILTERS}
    if states is None:
        return page_of_tasks(runtime, tenant, _INBOX, asked, after=after, limit=limit, titled=not caller.admin)
    for state in states:
        one_of("state", state, STATES)
    found = by_time(runtime, tenant, asked, states=states, after=after, limit=limit, titled=not caller.admin)
    if agency is None or actor is None:
        return found
    return {**found, "colleagues": how_many(runtime, tenant, beside | dict.fromkeys(FILTERS))}


def outline(
    runtime: Runtime, caller: Caller, tenant_id: str, *, agency: str | None = None, actor: str | None = None
) -> dict[str, Any]:
    """The first page of an inbox by time, without what was written: which tasks there are, and by when.

    It opens nothing, so that it may be asked again and again.

    :returns: ``items`` as of :func:`inbox`, up to :data:`MAX_LIMIT`, each with no more than which task it is (also of
        what is ``also`` there), whose, and by when; ``more`` if there are more.
    :raises Forbidden: as :func:`inbox`.
    """
    tenant = runtime.tenants.get(tenant_id)
    asked = {"agency": narrowed(caller, tenant, agency), "actor": actor, "but": None} | dict.fromkeys(FILTERS)
    found = by_time(runtime, tenant, asked, limit=MAX_LIMIT, titled=False, counted=False)
    items = [{**_of(item, _OUTLINED), "also": [_of(each, _NAMED) for each in item["also"]]} for item in found["items"]]
    return {"items": items, "more": found["next"] is not None}


def _of(item: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: item[name] for name in names}
