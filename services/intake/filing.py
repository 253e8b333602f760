"""Filing: complaints become dossiers, one by one or a batch of submissions in one transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from psycopg2.extras import execute_values

from services.intake.receipts import Receipt, dossier_id, draw_numbers, receipt_for, ticket, tracking_code
from shared.application.dossiers.codec import decode
from shared.application.runtime import Runtime
from shared.base.caller import REPORTER, Caller
from shared.base.errors import Conflict
from shared.base.randomness import new_uuid
from shared.base.times import from_iso
from shared.domain.dossier.desk import Cause
from shared.domain.dossier.events import ComplaintFiled
from shared.domain.sealing import DataKey
from shared.domain.sop import engine
from shared.store.eventstore.reading import RecordedEvent, read_dossier

SERVICE = "intake"
_PRIVATE = ("reporter", "title", "message", "attachments", "external_id")


@dataclass(frozen=True)
class Submission:
    """A checked complaint on its way in.

    :param complaint: as :func:`shared.domain.complaint.schema.load_submission` gives it.
    """

    tenant: str
    complaint: Mapping[str, Any]
    cause: Cause
    user: str = "reporter"


def file(runtime: Runtime, submission: Submission) -> Receipt:
    """File one complaint. An incomplete one is filed too: what it lacks is listed, for the desk to ask for.

    :raises NotFound: no such tenant.
    """
    return file_all(runtime, [submission])[0]


def file_all(runtime: Runtime, submissions: Sequence[Submission]) -> list[Receipt]:
    """File several complaints in one transaction; those that were filed before get their first receipt.

    :returns: the receipts, in the order of the submissions.
    :raises NotFound: a tenant is unknown; nothing was filed then.
    """
    ids = [_id(runtime, submission) for submission in submissions]
    receipts = _found(runtime, [uuid for uuid, each in zip(ids, submissions, strict=True) if _may_repeat(each)])
    fresh = {
        uuid: submission
        for uuid, submission in reversed(list(zip(ids, submissions, strict=True)))
        if uuid not in receipts
    }
    try:
        receipts |= _file_new(runtime, dict(reversed(fresh.items())))
    except Conflict:
        # Another instance filed one of them since we looked: one by one, only that one is found again.
        for uuid, submission in fresh.items():
            receipts |= _file_one(runtime, uuid, submission)
    handed_out: set[UUID] = set()
    result = []
    for uuid in ids:
        receipt = receipts[uuid]
        result.append(replace(receipt, created=False) if uuid in handed_out else receipt)
        handed_out.add(uuid)
    return result


def private_parts(complaint: Mapping[str, Any]) -> dict[str, Any]:
    """What of a complaint is sealed: everything that could tell who reported, and every free text."""
    private = {name: complaint[name] for name in _PRIVATE if complaint.get(name)}
    place = complaint.get("location") or {}
    exact = {name: place[name] for name in ("lat", "lon") if place.get(name) is not None}
    if exact:
        private["location"] = exact
    return private


def _may_repeat(submission: Submission) -> bool:
    return bool(submission.complaint.get("external_id"))


def _id(runtime: Runtime, submission: Submission) -> UUID:
    if not _may_repeat(submission):
        return new_uuid(runtime.randomness)
    complaint = submission.complaint
    return dossier_id(submission.tenant, complaint["channel"], str(complaint["external_id"]))


def _found(runtime: Runtime, ids: Sequence[UUID]) -> dict[UUID, Receipt]:
    if not ids:
        return {}
    with runtime.database.autocommit() as cursor:
        cursor.execute("SELECT dossier FROM intake.tickets WHERE dossier = ANY(%s::uuid[])", ([str(i) for i in ids],))
        known = [row[0] for row in cursor.fetchall()]
        keys = runtime.vault.keys(cursor, known) if known else {}
        filings = [read_dossier(cursor, uuid, upto=1)[0] for uuid in known]
    return {recorded.dossier: _first_receipt(recorded, keys.get(recorded.dossier)) for recorded in filings}


def _first_receipt(recorded: RecordedEvent, key: DataKey | None) -> Receipt:
    filed = decode(recorded)
    if not isinstance(filed, ComplaintFiled):
        raise TypeError(f"dossier {recorded.dossier} does not begin with its filing")
    return receipt_for(filed, key, created=False, position=recorded.position)


def _file_one(runtime: Runtime, uuid: UUID, submission: Submission) -> dict[UUID, Receipt]:
    try:
        return _file_new(runtime, {uuid: submission})
    except Conflict:
        return _found(runtime, [uuid])


def _file_new(runtime: Runtime, fresh: Mapping[UUID, Submission]) -> dict[UUID, Receipt]:
    if not fresh:
        return {}
    numbers = _numbers(runtime, [submission.tenant for submission in fresh.values()])
    events: list[ComplaintFiled] = []
    keys: dict[UUID, DataKey] = {}
    for uuid, submission in fresh.items():
        keys[uuid] = runtime.vault.new_key(uuid)
        events.append(_event(runtime, uuid, submission, next(numbers[submission.tenant]), keys[uuid]))

    def also(cursor: Any) -> None:
        runtime.vault.store(cursor, list(keys.values()))
        execute_values(
            cursor,
            "INSERT INTO intake.tickets (dossier, tenant, ticket, channel, filed_at) VALUES %s ON CONFLICT DO NOTHING",
            [(str(e.originator_id), e.tenant, e.ticket, e.channel, e.recorded_at) for e in events],
        )

    positions = runtime.dossiers(SERVICE).append(events, also)
    return {
        event.originator_id: receipt_for(event, keys[event.originator_id], created=True, position=position)
        for event, position in zip(events, positions, strict=True)
    }


def _numbers(runtime: Runtime, tenants: Sequence[str]) -> dict[str, Any]:
    drawn = {}
    now = runtime.clock.now()
    with runtime.database.autocommit() as cursor:
        for tenant_id, count in sorted(Counter(tenants).items()):
            tenant = runtime.tenants.get(tenant_id)
            year = now.astimezone(tenant.zone).year
            numbers = draw_numbers(cursor, tenant_id, year, count)
            drawn[tenant_id] = iter([ticket(tenant.sop.ticket_prefix, year, number) for number in numbers])
    return drawn


def _event(runtime: Runtime, uuid: UUID, submission: Submission, number: str, key: DataKey) -> ComplaintFiled:
    complaint = submission.complaint
    place = complaint.get("location") or {}
    private = {**private_parts(complaint), "tracking_code": tracking_code(runtime.randomness)}
    own = {
        "ticket": number,
        "channel": complaint["channel"],
        "privacy": complaint["privacy"],
        "kecamatan": place.get("kecamatan"),
        "desa": place.get("desa"),
        "classification": complaint.get("classification"),
        "category": complaint.get("category"),
        "missing": engine.missing(runtime.tenants.get(submission.tenant).sop, complaint),
        "sealed": key.seal(private, "ComplaintFiled"),
    }
    occurred_at = complaint.get("occurred_at")
    caller = Caller(tenant=submission.tenant, actor=REPORTER, user=submission.user)
    return runtime.desk(submission.tenant).file(
        uuid, caller, submission.cause, own, from_iso(occurred_at) if occurred_at else None
    )
