"""Letters that a carrier had taken and that came back: entered by whoever finds them in the sender's mailbox."""

from uuid import UUID

from services.notify.commands import bounced as record
from services.notify.ledger import SENT, find_sent, sent_back
from services.notify.rules import THE_REPORTER
from shared.application.reading_rights import check_may_read
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.errors import NotFound
from shared.domain.dossier.reaching import must_be_told

BOUNCED = "bounced"


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
