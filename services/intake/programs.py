"""What a program says of a complaint that it has filed for somebody: it holds no tracking code, and needs none."""

from collections.abc import Mapping
from typing import Any

from services.intake.adding import added
from services.intake.booking import SERVICE
from services.intake.reporter import resolve
from shared.application.requests import done_before
from shared.application.runtime import Runtime
from shared.base.errors import NotFound
from shared.domain.dossier.contents import complaint_of
from shared.domain.dossier.desk import Cause
from shared.domain.dossier.event import UNSEEN


def add(
    runtime: Runtime, tenant_id: str, ticket: str, filed_as: str, fields: Mapping[str, Any], cause: Cause
) -> dict[str, Any]:
    """Add words to a complaint; a request that was carried out before changes nothing.

    That nobody has opened the complaint by it is why it is none of the reporter's own actions: an answer does not
    count as read because a program wrote.

    :param filed_as: how the ids begin under which this program files: it adds to nothing else.
    :returns: the log ``position``.
    :raises NotFound: alike for an unknown ticket, another tenant's, another program's, and what was erased.
    :raises Conflict: ``ended``, if nobody would read it any more.
    :raises Invalid: a field is missing or of the wrong kind.
    """
    uuid = resolve(runtime, tenant_id, ticket)
    _, events = runtime.dossiers(SERVICE).open(uuid, tenant_id)
    key = runtime.vault.key_of(uuid)
    if key is None or not filed_as or not str(complaint_of(events, key).get("external_id")).startswith(filed_as):
        raise NotFound("unknown_ticket")
    if (done := done_before(events, cause.causation_id)) is not None:
        return {"position": runtime.dossiers(SERVICE).position(uuid, done)}
    made = added(runtime, events, fields, key, cause, UNSEEN)
    return {"position": runtime.dossiers(SERVICE).append(made)[-1]}
