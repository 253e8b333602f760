"""Filing: complaints become dossiers. Those that come at the same time, by whatever door, share a transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from services.intake.asked_once import check_key
from services.intake.booking import book, joint
from services.intake.drafts import DraftedFiling, Submission, draft
from services.intake.receipts import Receipt, known_sender_id, public_id, receipt_of, shown_to
from shared.application.dossiers.codec import decode
from shared.application.requests import Mark, dossier_of
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.errors import Conflict, Forbidden, Invalid, NotFound
from shared.base.joining import NotTogether
from shared.base.randomness import new_uuid
from shared.domain.complaint.channels import known_channel
from shared.domain.complaint.rows import OF_CHANNELS
from shared.domain.dossier.contents import tracking_code_of
from shared.domain.dossier.desk import Cause
from shared.domain.dossier.events import CodeRenewed, ComplaintFiled
from shared.domain.sealing import DataKey
from shared.messaging.wire.failures import is_transient
from shared.platform.purposes import Lasting
from shared.store.eventstore.reading import RecordedEvent, read_dossier

__all__ = ["Submission", "check_contacts", "checked", "file", "file_all", "submission"]

_OFFICERS = ("tenant", "agency")
"""Scopes of the roles that may file for somebody."""
_ATTEMPTS = 8


def submission(
    runtime: Runtime, tenant: str, complaint: Mapping[str, Any], cause: Cause, caller: Mapping[str, Any] | None = None
) -> Submission:
    """The submission of a caller by RPC.

    :param complaint: as :func:`shared.domain.complaint.schema.load_submission` gives it.
    :param caller: as :meth:`shared.base.caller.Caller.to_dict` gives it, or only a ``user``; none for the public.
    :raises NotFound: no such tenant.
    :raises Forbidden: the caller's token is no officer's of this tenant, nor an administrator's.
    :raises Invalid: as :func:`check_contacts`.
    """
    found = _submission(runtime, tenant, complaint, cause, caller)
    check_contacts(found)
    return found


def _submission(
    runtime: Runtime, tenant: str, complaint: Mapping[str, Any], cause: Cause, caller: Mapping[str, Any] | None
) -> Submission:
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


def file(runtime: Runtime, submission: Submission, *, key_chosen: bool = False) -> Receipt:
    """File one complaint. An incomplete one is filed too: what it lacks is listed, for the desk to ask for.

    A request that was carried out before is answered as it was then.

    :param key_chosen: whether its sender chose the request's key, and may choose the same for another.

    :raises NotFound: no such tenant.
    :raises Invalid: no such channel there, or the request's key was used for another.
    """
    if key_chosen:
        check_key(runtime, checked(runtime, submission))
    receipt = file_all(runtime, [submission])[0]
    asked, filed = Mark.of(submission.cause.causation_id), Mark.of(receipt.request)
    if filed is not None and filed.is_repeated_by(asked):
        return replace(receipt, created=True)  # the same answer as when it was
    return receipt


def file_all(runtime: Runtime, submissions: Sequence[Submission]) -> list[Receipt]:
    """File several complaints in one transaction; those that were filed before get their first receipt.

    To an officer it bears the code only of what that officer has filed (:func:`services.intake.receipts.shown_to`).

    :returns: the receipts, in the order of the submissions.
    :raises NotFound: a tenant is unknown; nothing was filed then.
    :raises Invalid: a channel is unknown to its tenant; nothing was filed then.
    :raises Unavailable: if whoever asked for it does not wait any more (``call_expired``).
    """
    submissions = [checked(runtime, each) for each in submissions]
    ids = [_id(runtime, submission) for submission in submissions]
    receipts = _found(runtime, [uuid for uuid, each in zip(ids, submissions, strict=True) if _may_repeat(each)])
    fresh: dict[UUID, DraftedFiling] = {}
    for uuid, each in zip(ids, submissions, strict=True):
        if uuid not in receipts and uuid not in fresh:
            fresh[uuid] = draft(runtime, uuid, each)
    receipts |= _file_new(runtime, list(fresh.values()))
    handed_out: set[UUID] = set()
    result = []
    for uuid, each in zip(ids, submissions, strict=True):
        receipt = shown_to(receipts[uuid], each.user, each.actor)
        result.append(replace(receipt, created=False) if uuid in handed_out else receipt)
        handed_out.add(uuid)
    return result


def filed(runtime: Runtime, tenant: str, channel: str, external_id: str) -> Receipt:
    """The receipt of what a known sender has filed.

    :raises NotFound: ``unknown_ticket``, if nothing was filed under that id.
    """
    uuid = known_sender_id(tenant, channel, external_id)
    receipt = _found(runtime, [uuid]).get(uuid)
    if receipt is None:
        raise NotFound("unknown_ticket")
    return receipt


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


def check_contacts(submission: Submission) -> None:
    """Only a channel says by which conversation a reporter is written to: others would have letters go to anybody.

    :raises Invalid: if somebody else does.
    """
    contacts = (submission.complaint.get("reporter") or {}).get("contacts")
    if contacts and submission.user != submission.complaint["channel"]:
        raise Invalid("invalid_fields", fields={OF_CHANNELS: ["of_channels"]})


def _may_repeat(submission: Submission) -> bool:
    return bool(submission.complaint.get("external_id"))


def _id(runtime: Runtime, submission: Submission) -> UUID:
    if not _may_repeat(submission):
        return dossier_of(submission.cause.causation_id) or new_uuid(runtime.randomness)
    complaint = submission.complaint
    if not submission.trusted:
        return public_id(runtime.key(Lasting.PUBLIC_FILINGS), submission.tenant, complaint)
    return known_sender_id(submission.tenant, complaint["channel"], complaint["external_id"], submission.agency)


def _found(runtime: Runtime, ids: Sequence[UUID]) -> dict[UUID, Receipt]:
    if not ids:
        return {}
    with runtime.database.autocommit() as cursor:
        cursor.execute("SELECT dossier FROM intake.tickets WHERE dossier = ANY(%s::uuid[])", ([str(i) for i in ids],))
        known = [row[0] for row in cursor.fetchall()]
        keys = runtime.vault.keys(cursor, known) if known else {}
        histories = [read_dossier(cursor, uuid) for uuid in known]
    return {history[0].dossier: _first_receipt(history, keys.get(history[0].dossier)) for history in histories}


def _first_receipt(history: Sequence[RecordedEvent], key: DataKey | None) -> Receipt:
    first, *_ = history
    filed = decode(first)
    if not isinstance(filed, ComplaintFiled):
        raise TypeError(f"dossier {first.dossier} does not begin with its filing")
    given = [filed, *(decode(each) for each in history if each.type == CodeRenewed.__name__)]
    return receipt_of(filed, tracking_code_of(given, key), position=first.position, given=given[-1])


def _file_new(runtime: Runtime, fresh: Sequence[DraftedFiling]) -> dict[UUID, Receipt]:
    if not fresh:
        return {}
    try:
        joint(runtime).join(fresh)
    except NotTogether as failed:
        cause = failed.__cause__
        if cause is not None and is_transient(cause):
            raise cause from None
        # It may lie in one of those that were filed together, or in none of ours. Should it have been filed all the
        # same, its dossier is there, and is found.
        for each in fresh:
            _file_alone(each)
    receipts = {each.dossier: receipt for each in fresh if (receipt := each.outcome()) is not None}
    return receipts | _found(runtime, [each.dossier for each in fresh if each.known])


def _file_alone(one: DraftedFiling) -> None:
    for _ in range(_ATTEMPTS - 1):
        try:
            book([one])
        except Conflict:
            continue
        return
    book([one])
