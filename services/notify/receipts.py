"""Receipts that a conversation gives: one that fails for good is brought by the next way, or is a desk's task.

Who complains in a conversation is told ticket and code there and then, and so is not written to about it. That holds
only as long as the reply with them arrives.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.notify.carrying import way_named
from services.notify.ledger import Message
from services.notify.rules import THE_REPORTER
from shared.platform.database.named import named_rows

_FILED: Final = 1
"""The version of the event that a receipt tells of."""
KNOWN: Final = "known"
"""Why a letter was dropped: it would tell the reporter what they have done or been shown themselves."""
UNSAID: Final = "too_many_letters"
"""Why a receipt was not even said: so many letters came from one mailbox that it may be a machine's."""
_MESSAGE: Final = f"dossier = %(dossier)s AND version = {_FILED} AND recipient = '{THE_REPORTER}'"


@dataclass(frozen=True)
class LostReceipt:
    """A receipt that has failed.

    :param code: why.
    """

    channel: str
    account: str
    code: str


def note(cursor: Any, reply: Mapping[str, Any], now: datetime) -> str:
    """Let follow what follows from what became of a reply, if that is a receipt.

    :param reply: its row, whose state is another than that of ``before``.
    :returns: what whoever looks after the channel has to be told, in words; blank if nothing.
    """
    if reply["receipt"] is None:
        return ""
    if reply["state"] == "failed":
        _has_failed(cursor, reply["receipt"], now)
        return f"a receipt could not be delivered: {reply['code'] or 'failed'}"
    if reply["before"] == "failed":
        _has_arrived(cursor, reply, now)
    return ""


def _has_failed(cursor: Any, dossier: UUID, now: datetime) -> None:
    """The reporter does not know of their complaint after all: its letter is to be brought by the next way.

    Whoever is at that letter and takes them to know has it no more: what they write down then is of nobody.
    """
    cursor.execute(
        f"UPDATE notify.messages SET outcome = NULL, way = NULL, reason = NULL, settled = false, "  # noqa: S608 - ours
        f"next_attempt_at = %(now)s, lease = NULL, leased_until = NULL "
        f"WHERE {_MESSAGE} AND (outcome IS NULL OR (outcome = 'dropped' AND reason = '{KNOWN}'))",
        {"dossier": str(dossier), "now": now},
    )


def _has_arrived(cursor: Any, reply: Mapping[str, Any], now: datetime) -> None:
    """What had been given up arrived: the provider's last word is that the reporter has it."""
    cursor.execute("UPDATE notify.carried SET state = 'delivered', code = NULL WHERE key = %s", (str(reply["key"]),))
    cursor.execute(
        f"UPDATE notify.messages SET outcome = 'sent', way = %(way)s, reason = NULL, done_at = %(now)s, "  # noqa: S608 - ours
        f"settled = false, next_attempt_at = %(now)s, lease = NULL, leased_until = NULL "
        f"WHERE {_MESSAGE} AND outcome IS DISTINCT FROM 'sent'",
        {"dossier": str(reply["receipt"]), "way": way_named(reply["channel"]), "now": now},
    )


def lost(cursor: Any, message: Message, now: datetime) -> LostReceipt | None:
    """The receipt in whose place a letter goes, if it has failed; it then counts as that letter's first attempt."""
    cursor.execute(
        """
        INSERT INTO notify.carried (key, dossier, version, recipient, template, tenant, channel, account,
                                    state, code, handed_at, state_at)
        SELECT t.key, %(dossier)s, %(version)s, %(recipient)s, %(template)s, t.tenant, t.channel, t.account,
               'failed', t.code, coalesce(t.state_at, %(now)s), coalesce(t.state_at, %(now)s)
          FROM notify.talks t
         WHERE t.receipt = %(dossier)s AND t.tenant = %(tenant)s AND t.state = 'failed'
           AND NOT EXISTS (SELECT FROM notify.talks other
                            WHERE other.receipt = t.receipt AND other.state <> 'failed')
         ORDER BY t.number DESC LIMIT 1
            ON CONFLICT DO NOTHING
        """,
        {
            "dossier": str(message.dossier),
            "version": message.version,
            "recipient": message.recipient,
            "template": message.template,
            "tenant": message.tenant,
            "now": now,
        },
    )
    cursor.execute(
        "SELECT c.channel, c.account, coalesce(c.code, 'failed') AS code FROM notify.carried c "
        "JOIN notify.talks t ON t.key = c.key WHERE t.receipt = %s AND c.state = 'failed' LIMIT 1",
        (str(message.dossier),),
    )
    row = next(iter(named_rows(cursor)), None)
    return LostReceipt(**row) if row is not None else None
