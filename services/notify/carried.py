"""What was handed to a carrier: written down at once, since its provider may tell of it before all else is done."""

from datetime import datetime
from uuid import UUID

from services.notify.ledger import Message
from shared.application.runtime import Runtime


def note_carried(
    runtime: Runtime,
    message: Message,
    channel: str,
    account: str,
    id_: UUID,
    state: str,
    now: datetime,
    *,
    provider_id: str = "",
    parts: int = 1,
    code: str | None = None,
) -> None:
    """Write down that a letter was handed over by a channel, or could not be.

    :param id_: the key under which it went.
    :param state: ``unknown``, ``accepted`` or ``failed``; a report that was faster is not lowered.
    """
    with runtime.database.autocommit() as cursor:
        cursor.execute(
            """
            INSERT INTO notify.carried AS carried (key, dossier, version, recipient, template, tenant, channel,
                   account, provider_id, state, parts, code, handed_at, state_at)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, nullif(%s, ''), %s, %s, %s, %s, %s)
            ON CONFLICT (key) DO UPDATE SET provider_id = coalesce(excluded.provider_id, carried.provider_id),
                   parts = excluded.parts, code = excluded.code,
                   state = CASE WHEN carried.state = 'unknown' THEN excluded.state ELSE carried.state END
            """,
            (
                str(id_),
                str(message.dossier),
                message.version,
                message.recipient,
                message.template,
                message.tenant,
                channel,
                account,
                provider_id,
                state,
                parts,
                code,
                now,
                now,
            ),
        )
