"""Letters that a carrier had taken and that came back: entered by whoever finds them in the sender's mailbox."""

from uuid import UUID

from services.notify.commands import bounced as record
from services.notify.ledger import SENT, find_by_id, find_sent, sent_back
from services.notify.rules import THE_REPORTER
from shared.application.reading_rights import check_may_read
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.errors import NotFound
from shared.domain.dossier.reaching import must_be_told

BOUNCED = "bounced"
_REASONS = {"5.1": "mailbox_refused", "5.1.2": "no_such_domain", "5.2.2": "mailbox_full"}


def letter_bounced(runtime: Runtime, caller: Caller, message_id: str, reason: str = BOUNCED) -> dict[str, str]:
    """Write down that the letter of a Message-ID came back, to whomever it had gone.

    :returns: the ``dossier`` and the ``recipient``.
    :raises NotFound: no letter was sent under it.
    """
    with runtime.database.autocommit() as cursor:
        message = find_by_id(cursor, message_id)
    if message is None:
        raise NotFound("unknown_message_id")
    if message.recipient == THE_REPORTER:
        bounced(runtime, caller, message.tenant, message.dossier, message.version, reason)
    else:
        tenant = runtime.tenants.get(message.tenant)
        dossier, _ = runtime.dossiers("notify").open(message.dossier, message.tenant)
        check_may_read(caller, tenant, dossier.sop_version, dossier.agency)
        with runtime.database.autocommit() as cursor:
            sent_back(cursor, message, reason, runtime.clock.now())
    return {"dossier": str(message.dossier), "recipient": message.recipient}


def came_back(runtime: Runtime, tenant_id: str, message_id: str, code: str) -> bool:
    """Write down what a mail server reported of a letter; whether there is such a letter of that government.

    :param message_id: as the report quotes it, or only the part before its domain.
    :param code: the server's, e.g. ``5.1.1`` (RFC 3463).
    """
    with runtime.database.autocommit() as cursor:
        message = find_by_id(cursor, whole_id(runtime, message_id))
    if message is None or message.tenant != tenant_id:
        return False
    reason = reason_of(code)
    if message.recipient == THE_REPORTER and message.outcome == SENT:
        _, events = runtime.dossiers("notify").open(message.dossier, tenant_id)
        if must_be_told(events[message.version - 1]):
            record(runtime, message, reason)
    with runtime.database.autocommit() as cursor:
        sent_back(cursor, message, reason, runtime.clock.now())
    return True


def reason_of(code: str) -> str:
    """Why a mail came back, as a code of ours.

    :param code: a mail server's (RFC 3463).
    """
    return _REASONS.get(code) or _REASONS.get(code.rpartition(".")[0]) or BOUNCED


def whole_id(runtime: Runtime, given: str) -> str:
    """A Message-ID with its domain, which the tag of an address does not have."""
    return given if "@" in given else f"{given}@{runtime.settings.mail_from.rpartition('@')[2]}"


def bounced(
    runtime: Runtime, caller: Caller, tenant_id: str, dossier_id: UUID, version: int, reason: str = BOUNCED
) -> None:
    """Write down that the letter about an event came back from the reporter. Doing it twice changes nothing more.

    :param version: the event that the letter told of.
    :param reason: a code.
    :raises NotFound: no such dossier in that tenant, or no letter about that event was sent.
    :raises Forbidden: for whoever may not read the dossier.
    """
    tenant = runtime.tenants.get(tenant_id)
    dossier, events = runtime.dossiers("notify").open(dossier_id, tenant_id)
    check_may_read(caller, tenant, dossier.sop_version, dossier.agency)
    with runtime.database.autocommit() as cursor:
        message = find_sent(cursor, dossier_id, version, THE_REPORTER)
    if message is None:
        raise NotFound("unknown_letter", {"version": version})
    if message.outcome == SENT and must_be_told(events[version - 1]):
        record(runtime, message, reason)
    with runtime.database.autocommit() as cursor:
        sent_back(cursor, message, reason, runtime.clock.now())
