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
