"""The registers that an SOP wants kept: every complaint of a month, with what each reader may see of it."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from services.reporting.filters import words_of
from services.reporting.queries import month_bounds
from services.reporting.titles import listed
from shared.application.pages import cursor_of, instant, position_of, word
from shared.application.reading_rights import readable_agency
from shared.application.readings.recording import HANDLING, OVERSIGHT, REGISTER, Opened, record
from shared.application.runtime import Runtime
from shared.base.blank import is_blank
from shared.base.caller import Caller
from shared.base.times import from_iso
from shared.domain.dossier.complaint_view import title_of
from shared.domain.dossier.contents import GIVING, complaint_of, text_of
from shared.domain.dossier.events import Answered, Dispositioned, DossierEvent
from shared.domain.dossier.identity import knows_reporter
from shared.domain.sealing import DataKey
from shared.domain.tenants import Tenant
from shared.wording.choices import one_of

SERVICE: Final = "reporting"
MOST_ROWS: Final = 500
"""The most rows of one page."""

_COLUMNS: Final = (
    "ticket",
    "filed_at",
    "channel",
    "category",
    "kecamatan",
    "agency",
    "status",
    "answered_at",
    "delivered_at",
    "delivered_by",
    "in_time",
)
_INSTANTS: Final = ("filed_at", "answered_at", "delivered_at")
_TELLING: Final = (*GIVING, Answered, Dispositioned)
_REGISTER = """
    SELECT dossier, privacy, sop_version, ticket, filed_at, channel, category, kecamatan, agency, status, answered_at,
           delivered_at, delivered_by, case_met
      FROM reporting.cases
     WHERE tenant = %(tenant)s AND filed_at >= %(start)s AND filed_at < %(end)s
       AND (%(agency)s::text IS NULL OR agency = %(agency)s)
       AND (%(channel)s::text IS NULL OR channel = %(channel)s)
       AND (%(ticket)s::text IS NULL OR (filed_at, ticket) > (%(filed_at)s::timestamptz, %(ticket)s))
     ORDER BY filed_at, ticket
     LIMIT %(limit)s
"""


def register(
    runtime: Runtime,
    caller: Caller,
    tenant_id: str,
    month: str,
    name: str | None = None,
    after: str | None = None,
    limit: int = MOST_ROWS,
    channel: str | None = None,
) -> dict[str, Any]:
    """The complaints that were filed in a month, in the order of their filing.

    What was written is shown to officers who may read the dossiers, who reported to those who may know it
    (:func:`shared.domain.dossier.identity.knows_reporter`); an administrator of the installation sees neither.

    :param month: as ``2026-10``, by the government's own calendar.
    :param name: the id of one of the SOP's registers, for its title; all of their titles if left out.
    :param after: ``next`` of the page before.
    :param limit: rows, at most :data:`MOST_ROWS`.
    :param channel: only what came in by it.
    :returns: ``titles`` of the registers, the ``channel`` if one was asked for, the procedure's own names of
        ``channels``, ``rows``, and ``next``.
    :raises NotFound: no such tenant.
    :raises Forbidden: another tenant's, or a caller who is no officer.
    :raises Invalid: no month, no such register or channel, or a cursor that is not one of ours.
    """
    tenant = runtime.tenants.get(tenant_id)
    agency = readable_agency(caller, tenant)
    start, end = month_bounds(tenant, month)
    registers = tenant.sop.registers
    if name is not None and not is_blank(name):
        known = {each.id: each.title for each in registers}
        wanted = one_of("register", name, known)
        registers = tuple(each for each in registers if each.id == wanted)
    only = None if channel is None or is_blank(channel) else words_of(tenant, {"channel": channel})["channel"]
    limit = max(1, min(limit, MOST_ROWS))
    asked = {"tenant": tenant.id, "start": start, "end": end, "agency": agency, "limit": limit + 1, "channel": only}
    asked["filed_at"], asked["ticket"] = position_of(after, instant, word)
    with runtime.database.autocommit() as cursor:
        cursor.execute(_REGISTER, asked)
        found = cursor.fetchall()
    page = found[:limit]
    written = {} if caller.admin else _written(runtime, caller, tenant, page)
    rows = [_row(tenant, values) | written.get(values[0], {}) for values in page]
    return {
        "tenant": tenant.id,
        "government": tenant.name,
        "month": month,
        "titles": [{"id": each.id, "title": each.title, "form": each.form, "every": each.every} for each in registers],
        "channel": only,
        "channels": {each.id: each.title for each in tenant.sop.channels},
        "rows": rows,
        "next": cursor_of(page[-1][4], page[-1][3]) if len(found) > limit else None,
    }


def _row(tenant: Tenant, values: Sequence[Any]) -> dict[str, Any]:
    row = dict(zip(_COLUMNS, values[3:], strict=True))
    for name in _INSTANTS:
        row[name] = tenant.local(row[name])
    return listed(tenant, row)


def _written(
    runtime: Runtime, caller: Caller, tenant: Tenant, page: Sequence[Sequence[Any]]
) -> dict[UUID, dict[str, Any]]:
    dossiers = [values[0] for values in page]
    histories = runtime.dossiers(SERVICE).open_all(dossiers, _TELLING)
    keys = runtime.vault.keys(None, dossiers)
    told = {}
    opened = []
    for dossier, privacy, version, *_ in page:
        contents = _contents(tenant, histories[dossier], keys.get(dossier))
        named = knows_reporter(privacy, caller, tenant.sop_of(version))
        if not named:
            contents |= dict.fromkeys(("name", "address", "identity"))
        told[dossier] = contents
        if keys.get(dossier) is not None:
            opened.append(Opened(dossier, OVERSIGHT if caller.agency is None else HANDLING, named))
    record(runtime, caller, tenant.id, REGISTER, opened)
    return told


def _contents(tenant: Tenant, events: Sequence[DossierEvent], key: DataKey | None) -> dict[str, Any]:
    complaint = complaint_of(events, key)
    reporter = complaint.get("reporter") or {}
    answer = next((each for each in reversed(events) if isinstance(each, Answered) and each.kind == "final"), None)
    return {
        "name": reporter.get("name"),
        "address": reporter.get("address"),
        "identity": reporter.get("identity"),
        "title": title_of(complaint) or None,
        "message": complaint.get("message"),
        "additions": [
            {"at": tenant.local(from_iso(each["at"])), "message": each["message"]}
            for each in complaint.get("additions") or ()
        ],
        "dispositions": [
            {"at": tenant.local(each.occurred_at), "agency": each.to_agency}
            for each in events
            if isinstance(each, Dispositioned)
        ],
        "answer": text_of(events, key, answer.originator_version) if answer is not None else None,
    }
