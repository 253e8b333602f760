"""The complaints that came from another system, for the bridge to it: its numbers, ours, and what became of them."""

from collections.abc import Sequence
from typing import Any, Final

from services.reporting.titles import listed
from shared.application.pages import cursor_of, instant, position_of, word
from shared.application.reading_rights import readable_agency
from shared.application.readings.recording import HANDLING, OVERSIGHT, REGISTER, Opened, record
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.errors import Forbidden
from shared.base.times import from_iso
from shared.domain.complaint.channels import known_channel
from shared.domain.dossier.contents import GIVING, complaint_of, text_of
from shared.domain.dossier.events import Answered, DossierEvent
from shared.domain.sealing import DataKey
from shared.domain.tenants import Tenant
from shared.store.projection.lag import low_water

SERVICE: Final = "reporting"
MOST: Final = 500
"""The most complaints of one page."""

_COLUMNS: Final = ("ticket", "filed_at", "category", "agency", "status", "answered_at")
_TELLING: Final = (*GIVING, Answered)
_OF_CHANNEL: Final = """
    SELECT c.dossier, c.ticket, c.filed_at, c.category, c.agency, c.status, c.answered_at
      FROM reporting.cases c JOIN reporting.applied a USING (dossier)
     WHERE c.tenant = %(tenant)s AND c.channel = %(channel)s AND a.position > %(since)s
       AND (%(agency)s::text IS NULL OR c.agency = %(agency)s)
       AND (%(ticket)s::text IS NULL OR (c.filed_at, c.ticket) > (%(filed_at)s::timestamptz, %(ticket)s))
     ORDER BY c.filed_at, c.ticket
     LIMIT %(limit)s
"""


def exchange(
    runtime: Runtime,
    caller: Caller,
    tenant_id: str,
    *,
    source: str,
    channel: str,
    since: int = 0,
    after: str | None = None,
    limit: int = MOST,
) -> dict[str, Any]:
    """A page of the complaints that came from another system, in the order of their filing.

    Of each: its number there, without the source, our id and ticket, what was written, where it is, and its latest
    final answer. That they were opened is recorded first. Who reported is not told: the other system knows.

    :param source: the first half of their external ids.
    :param channel: by which they were filed.
    :param since: only those of which the log has told something after this position.
    :param after: ``next`` of the page before.
    :returns: ``rows``, ``next``, and ``position``: up to there the log is in what was told.
    :raises NotFound: no such tenant.
    :raises Forbidden: another tenant's, a caller who is no officer, or an administrator, who reads no texts.
    :raises Invalid: no such channel, or a cursor that is not one of ours.
    """
    tenant = runtime.tenants.get(tenant_id)
    agency = readable_agency(caller, tenant)
    if caller.admin:
        raise Forbidden("wrong_actor")
    limit = max(1, min(limit, MOST))
    asked: dict[str, Any] = {"tenant": tenant.id, "channel": known_channel(tenant.sop, channel), "since": since}
    asked |= {"agency": agency, "limit": limit + 1}
    asked["filed_at"], asked["ticket"] = position_of(after, instant, word)
    with runtime.database.autocommit() as cursor:
        position = low_water(cursor, SERVICE)
        cursor.execute(_OF_CHANNEL, asked)
        found = cursor.fetchall()
    page = found[:limit]
    rows = _written(runtime, caller, tenant, page, f"{source}:")
    return {
        "rows": rows,
        "next": cursor_of(page[-1][2], page[-1][1]) if len(found) > limit else None,
        "position": position,
    }


def _written(
    runtime: Runtime, caller: Caller, tenant: Tenant, page: Sequence[Sequence[Any]], beginning: str
) -> list[dict[str, Any]]:
    dossiers = [values[0] for values in page]
    if not dossiers:
        return []
    histories = runtime.dossiers(SERVICE).open_all(dossiers, _TELLING)
    keys = runtime.vault.keys(None, dossiers)
    rows = []
    for dossier, *values in page:
        said = _said(tenant, histories[dossier], keys.get(dossier))
        if str(said["external_id"] or "").startswith(beginning):
            row = listed(tenant, dict(zip(_COLUMNS, values, strict=True)))
            times = {name: tenant.local(row[name]) for name in ("filed_at", "answered_at")}
            number = said["external_id"].removeprefix(beginning)
            rows.append({"id": str(dossier), **row, **times, **said, "external_id": number})
    why = OVERSIGHT if caller.agency is None else HANDLING
    opened = {each["id"] for each in rows}
    record(
        runtime,
        caller,
        tenant.id,
        REGISTER,
        [Opened(each, why, named=False) for each in dossiers if str(each) in opened],
    )
    return rows


def _said(tenant: Tenant, events: Sequence[DossierEvent], key: DataKey | None) -> dict[str, Any]:
    complaint = complaint_of(events, key)
    answer = next((each for each in reversed(events) if isinstance(each, Answered) and each.kind == "final"), None)
    return {
        "external_id": complaint.get("external_id"),
        "message": complaint.get("message"),
        "additions": [
            {"at": tenant.local(from_iso(each["at"])), "message": each["message"]}
            for each in complaint.get("additions") or ()
        ],
        "answer": text_of(events, key, answer.originator_version) if answer is not None else None,
    }
