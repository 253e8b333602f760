"""The journal: verify, insert, commit, answer. Nothing that a provider was thanked for is lost; nothing is twice."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from shared.channels.incoming import Answer, Heard, Incoming, Odd, Raw, Reported, Request
from shared.channels.persons import Persons
from shared.domain.sealing import DataKey
from shared.platform.database.pool import Database
from shared.platform.metrics import CHANNEL_HEARD

log = logging.getLogger(__name__)

SEALED_AS: Final = "channels.heard"
UNREADABLE: Final = "unreadable"
MOST_ITEMS: Final = 1000
"""Items of one delivery: no provider sends more at once."""
_LONGEST_ID: Final = 250


@dataclass(frozen=True)
class Journal:
    """Where everything that comes is written down first.

    :param database: of the installation.
    """

    database: Database
    persons: Persons

    def take(self, tenant: str, channel: str, incoming: Incoming, request: Request) -> Answer:
        """Write down a delivery that was verified, and answer as its provider expects.

        :returns: once everything is safe. A delivery that came before changes nothing and is answered alike.
        :raises Unavailable: if the database is away: the provider will repeat it.
        """
        items = incoming.split(request)[:MOST_ITEMS]
        if items:
            self.keep(tenant, channel, [(raw, read_safely(incoming, raw)) for raw in items], incoming, request.at)
        return incoming.answer(request)

    def keep(
        self,
        tenant: str,
        channel: str,
        items: Sequence[tuple[Raw, Heard | Reported | Odd]],
        incoming: Incoming,
        now: datetime,
    ) -> int:
        """Write down items, all or none.

        :returns: how many had not been here before.
        """
        fresh = 0
        with self.database.transaction() as cursor:
            for raw, what in items:
                if isinstance(what, Reported):
                    fresh += self._reported(cursor, tenant, channel, what)
                else:
                    fresh += self._heard(cursor, tenant, channel, raw, what, incoming, now)
        return fresh

    def _heard(
        self, cursor: Any, tenant: str, channel: str, raw: Raw, what: Heard | Odd, incoming: Incoming, now: datetime
    ) -> int:
        if isinstance(what, Heard):
            id_, account, at = what.message_id, what.account, what.at
            key = self.persons.person(cursor, tenant, what.sender, now)
            same = self._same(tenant, channel, what)
        else:
            id_, account, at, same = _id_of(incoming, raw), "", now, None
            key = self.persons.nobody(cursor, tenant, now)
        reason = what.reason if isinstance(what, Odd) else None
        cursor.execute(
            """
            INSERT INTO channels.heard
                (tenant, channel, account, message_id, person, provider_at, same, sealed, state, reason)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
            """,
            (
                tenant,
                channel,
                account,
                id_,
                str(key.dossier),
                at,
                same,
                key.seal({"raw": raw}, SEALED_AS),
                "odd" if reason else "new",
                reason,
            ),
        )
        new = int(cursor.rowcount == 1)
        CHANNEL_HEARD.labels(channel, "repeated" if not new else "odd" if reason else "message").inc()
        return new

    def _same(self, tenant: str, channel: str, heard: Heard) -> bytes | None:
        """For channels whose ids cannot be trusted: one person's same words at the same second are one message."""
        if not heard.timed:
            return None
        who = next(iter(heard.sender.ids.values()))
        said = f"{who}\n{heard.at.isoformat()}\n{heard.text}"
        if heard.part is not None:  # two parts of one message may say the same
            said += f"\n{heard.part.reference} {heard.part.number}"
        return self.persons.hash(tenant, f"same {channel}", said)

    def _reported(self, cursor: Any, tenant: str, channel: str, what: Reported) -> int:
        cursor.execute(
            """
            INSERT INTO channels.reported
                (tenant, channel, account, letter, state, part, provider_id, key, code, at)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
            """,
            (
                tenant,
                channel,
                what.account,
                (what.provider_id or what.key)[:_LONGEST_ID],
                what.state,
                what.part[:_LONGEST_ID],
                what.provider_id[:_LONGEST_ID],
                what.key[:_LONGEST_ID],
                what.code[:100],
                what.at,
            ),
        )
        CHANNEL_HEARD.labels(channel, "report" if cursor.rowcount == 1 else "repeated").inc()
        return int(cursor.rowcount == 1)


def read_safely(incoming: Incoming, raw: Raw) -> Heard | Reported | Odd:
    """An item as its channel understands it; what it stumbles over is odd, and harms no other item."""
    try:
        what = incoming.read(raw)
    except Exception as error:  # noqa: BLE001 - strangers send it; whatever it breaks is this one item's affair
        # Not what it says: that may quote the message.
        log.warning("an item could not be read", extra={"error": type(error).__name__})
        return Odd(UNREADABLE)
    if isinstance(what, Heard) and (not what.sender.ids or not what.message_id or len(what.message_id) > _LONGEST_ID):
        return Odd(UNREADABLE)
    return what


def _id_of(incoming: Incoming, raw: Raw) -> str:
    """Of what cannot be read: its id if it has one, else a digest of the whole."""
    try:
        given = incoming.item_id(raw)
    except Exception:  # noqa: BLE001 - as above
        given = ""
    if given and len(given) <= _LONGEST_ID:
        return given
    text = json.dumps(raw, sort_keys=True, default=str).encode("utf-8", "replace")
    return f"synthetic:{sha256(text).hexdigest()}"


def opened(key: DataKey, sealed: str) -> Raw:
    """An item of the journal as it came."""
    raw: Raw = key.open(sealed, SEALED_AS)["raw"]
    return raw
