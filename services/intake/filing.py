"""Filing: complaints become dossiers, one by one or a batch of submissions in one transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg2.extras import execute_values

from services.intake.receipts import (
    Receipt,
    draw_numbers,
    known_sender_id,
    public_id,
    receipt_for,
    receipt_of,
)
from shared.application.dossiers.codec import decode
from shared.application.requests import Mark, dossier_of
from shared.application.runtime import Runtime
from shared.base.caller import REPORTER, Caller
from shared.base.errors import Conflict, Forbidden
from shared.base.randomness import new_uuid
from shared.base.times import from_iso
from shared.domain.complaint.channels import known_channel
from shared.domain.complaint.sheet import sheet_of
from shared.domain.complaint.spelling import new_ticket
from shared.domain.complaint.tracking import tracking_code
from shared.domain.dossier.contents import with_names_as_written
from shared.domain.dossier.desk import Cause
from shared.domain.dossier.events import ComplaintFiled
from shared.domain.sealing import DataKey
from shared.domain.sop import engine
from shared.store.eventstore.reading import RecordedEvent, read_dossier

SERVICE = "intake"
_OFFICERS = ("tenant", "agency")
"""Scopes of the roles that may file for somebody."""


@dataclass(frozen=True)
class Submission:
    """A checked complaint on its way in.

    :param complaint: as :func:`shared.domain.complaint.schema.load_submission` gives it.
    :param user: who brings it: an account, an adapter's channel, ``import``; ``reporter`` for who says so themselves.
    :param actor: the role in which it is brought.
    :param agency: the agency of an officer who files it.
    :param trusted: whether who brings it is known: an officer, an adapter by its account on the broker, an import.
        What anybody else says of channel, external id and time touches no complaint but this one.
    """

    tenant: str
    complaint: Mapping[str, Any]
    cause: Cause
    user: str = REPORTER
    actor: str = REPORTER
    agency: str | None = None
    trusted: bool = False


def submission(
    runtime: Runtime, tenant: str, complaint: Mapping[str, Any], cause: Cause, caller: Mapping[str, Any] | None = None
) -> Submission:
    """The submission of a caller by RPC.

    :param complaint: as :func:`shared.domain.complaint.schema.load_submission` gives it.
    :param caller: as :meth:`shared.base.caller.Caller.to_dict` gives it, or only a ``user``; none for the public.
    :raises NotFound: no such tenant.
    :raises Forbidden: the caller's token is no officer's of this tenant, nor an administrator's.
    """
    home = runtime.tenants.get(tenant)
    if caller is None:
        return Submission(tenant, complaint, cause)
    if "actor" not in caller:
        return Submission(tenant, complaint, cause, user=caller.get("user") or "import", trusted=True)
    who = Caller.from_dict(caller)
    if not who.admin:
        if who.tenant != tenant:
            raise Forbidden("wrong_tenant")
        if not home.sop.has_actor(who.actor) or home.sop.actor(who.actor).scope not in _OFFICERS:
            raise Forbidden("unknown_actor", {"actor": who.actor})
    return Submission(
        tenant, complaint, cause, user=who.user or who.actor, actor=who.actor, agency=who.agency, trusted=True
    )


def file(runtime: Runtime, submission: Submission) -> Receipt:
    """File one complaint. An incomplete one is filed too: what it lacks is listed, for the desk to ask for.

    A request that was carried out before is answered as it was then.

    :raises NotFound: no such tenant.
    :raises Invalid: no such channel there, or the request's key was used for another.
    """
    receipt = file_all(runtime, [submission])[0]
    asked, filed = Mark.of(submission.cause.causation_id), Mark.of(receipt.request)
    if filed is not None and filed.is_repeated_by(asked):
        return replace(receipt, created=True)  # the same answer as when it was
    return receipt


def file_all(runtime: Runtime, submissions: Sequence[Submission]) -> list[Receipt]:
    """File several complaints in one transaction; those that were filed before get their first receipt.

    :returns: the receipts, in the order of the submissions.
    :raises NotFound: a tenant is unknown; nothing was filed then.
    :raises Invalid: a channel is unknown to its tenant; nothing was filed then.
    """
    submissions = [checked(runtime, each) for each in submissions]
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


def checked(runtime: Runtime, submission: Submission) -> Submission:
    """The submission, with its channel as the lists spell it.

    :raises NotFound: no such tenant.
    :raises Invalid: no such channel there, naming those that there are.
    """
    complaint = submission.complaint
    channel = known_channel(runtime.tenants.get(submission.tenant).sop, complaint["channel"])
    return (
        submission
        if channel == complaint["channel"]
        else replace(submission, complaint={**complaint, "channel": channel})
    )


def _may_repeat(submission: Submission) -> bool:
    return bool(submission.complaint.get("external_id"))


def _id(runtime: Runtime, submission: Submission) -> UUID:
    if not _may_repeat(submission):
        return dossier_of(submission.cause.causation_id) or new_uuid(runtime.randomness)
    complaint = submission.complaint
    if not submission.trusted:
        return public_id(runtime.settings.master_key, submission.tenant, complaint)
    return known_sender_id(submission.tenant, complaint["channel"], complaint["external_id"], submission.agency)


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
    return receipt_of(filed, key, position=recorded.position)


def _file_one(runtime: Runtime, uuid: UUID, submission: Submission) -> dict[UUID, Receipt]:
    try:
        return _file_new(runtime, {uuid: submission})
    except Conflict:
        return _found(runtime, [uuid])


def _file_new(runtime: Runtime, fresh: Mapping[UUID, Submission]) -> dict[UUID, Receipt]:
    if not fresh:
        return {}
    numbers = _numbers(runtime, [submission.tenant for submission in fresh.values()])
    filed: list[tuple[ComplaintFiled, str]] = []
    keys: dict[UUID, DataKey] = {}
    for uuid, submission in fresh.items():
        keys[uuid] = runtime.vault.new_key(uuid)
        code = tracking_code(runtime.randomness)
        number = next(numbers[submission.tenant])
        filed.append((_event(runtime, uuid, submission, number, keys[uuid], code), code))

    def also(cursor: Any) -> None:
        runtime.vault.store(cursor, list(keys.values()))
        execute_values(
            cursor,
            "INSERT INTO intake.tickets (dossier, tenant, ticket, channel, filed_at) VALUES %s ON CONFLICT DO NOTHING",
            [(str(e.originator_id), e.tenant, e.ticket, e.channel, e.recorded_at) for e, _ in filed],
        )

    positions = runtime.dossiers(SERVICE).append([event for event, _ in filed], also)
    return {
        event.originator_id: receipt_for(event, code, created=True, position=position)
        for (event, code), position in zip(filed, positions, strict=True)
    }


def _numbers(runtime: Runtime, tenants: Sequence[str]) -> dict[str, Any]:
    drawn = {}
    now = runtime.clock.now()
    with runtime.database.autocommit() as cursor:
        for tenant_id, count in sorted(Counter(tenants).items()):
            tenant = runtime.tenants.get(tenant_id)
            year = now.astimezone(tenant.zone).year
            numbers = draw_numbers(cursor, tenant_id, year, count)
            drawn[tenant_id] = iter([new_ticket(tenant.sop.ticket_prefix, year, number) for number in numbers])
    return drawn


def _event(
    runtime: Runtime, uuid: UUID, submission: Submission, number: str, key: DataKey, code: str
) -> ComplaintFiled:
    complaint, now = submission.complaint, runtime.clock.now()
    tenant = runtime.tenants.get(submission.tenant)
    sheet = sheet_of(complaint, tenant.entries, now)
    whole = {**sheet.given, "channel": complaint["channel"], "privacy": complaint["privacy"]}
    own = {
        **sheet.clear,
        "ticket": number,
        "channel": complaint["channel"],
        "privacy": complaint["privacy"],
        "missing": engine.missing(tenant.sop, with_names_as_written(whole)),
        "sealed": key.seal({**sheet.private, "tracking_code": code}, "ComplaintFiled"),
    }
    caller = Caller(tenant=submission.tenant, actor=submission.actor, agency=submission.agency, user=submission.user)
    dated = _dated(runtime, sheet.private.get("occurred_at"), now) if submission.trusted else None
    return runtime.desk(submission.tenant).file(uuid, caller, submission.cause, own, dated)


def _dated(runtime: Runtime, stated: str | None, now: datetime) -> datetime | None:
    """The instant from which a complaint counts, if not from now: as far back as the installation lets it."""
    if stated is None:
        return None
    instant = from_iso(stated)
    return instant if now - instant <= timedelta(days=runtime.settings.backdate_days) else None
