"""The journal: verify, insert, commit, answer. Nothing that a provider was thanked for is lost; nothing is twice."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID, uuid5

from shared.base.errors import AduanError
from shared.channels.halves import mended
from shared.channels.incoming import NO_TIME, Answer, Heard, Incoming, Odd, Raw, Reported, Request
from shared.channels.kinds.parsing import unusable
from shared.channels.outgoing import TROUBLE, to_do
from shared.channels.persons import Persons
from shared.domain.sealing import DataKey
from shared.platform.database.pool import Database
from shared.platform.metrics import CHANNEL_HEARD, CHANNEL_ODD

log = logging.getLogger(__name__)

_NAMESPACE: Final = UUID("3c1b7c62-0d5c-5a5e-9b39-86d0c7e1f0a4")
SEALED_AS: Final = "channels.heard"
UNREADABLE: Final = "unreadable"
_LONGEST_ID: Final = 250
_FIRST: Final = datetime(1990, 1, 1, tzinfo=UTC)
"""Before there was any SMS."""
_AHEAD: Final = timedelta(days=1)


@dataclass(frozen=True)
class Journal:
    """Where everything that comes is written down first.

    :param database: of the installation.
    """

    database: Database
    persons: Persons

    def take(
        self, tenant: str, channel: str, incoming: Incoming, request: Request, correlation_id: str | None = None
    ) -> Answer:
        """Write down a delivery that was verified, and answer as its provider expects.

        :param correlation_id: of the request, by which what follows from it is found.
        :returns: once everything is safe. A delivery that came before changes nothing and is answered alike.
        :raises Unavailable: if the database is away: the provider will repeat it.
        """
        read = _items(incoming, request)
        if read:
            self.keep(tenant, channel, read, incoming, request.at, correlation_id)
        return incoming.answer(request)

    def keep(
        self,
        tenant: str,
        channel: str,
        items: Sequence[tuple[Raw, Heard | Reported | Odd]],
        incoming: Incoming,
        now: datetime,
        correlation_id: str | None = None,
    ) -> int:
        """Write down items, all or none.

        :returns: how many had not been here before.
        """
        fresh = 0
        with self.database.transaction() as cursor:
            for raw, what in items:
                if isinstance(what, Reported):
                    fresh += self._reported(cursor, tenant, channel, what, now)
                else:
                    by = _CameBy(tenant, channel, incoming, now, correlation_id)
                    fresh += self._heard(cursor, by, raw, what)
        return fresh

    def _heard(self, cursor: Any, by: "_CameBy", raw: Raw, what: Heard | Odd) -> int:
        tenant, channel, now = by.tenant, by.channel, by.now
        if isinstance(what, Heard):
            key = self.persons.person(cursor, tenant, what.sender, now)
            id_, account, at = what.message_id, what.account, _said_at(cursor, tenant, key, what, now)
            same = self._same(tenant, channel, what) if at == what.at else None
        else:
            id_, account, at, same = _id_of(by.incoming, raw), "", now, None
            key = self.persons.nobody(cursor, tenant, now)
        reason = what.reason if isinstance(what, Odd) else None
        cursor.execute(
            """
            INSERT INTO channels.heard
                (tenant, channel, account, message_id, person, provider_at, same, sealed, state, reason, request)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
            """,
            (
                tenant,
                channel,
                account,
                id_,
                str(key.dossier),
                at,
                same,
                key.seal(kept_as(raw), SEALED_AS),
                "odd" if reason else "new",
                reason,
                by.correlation_id,
            ),
        )
        new = int(cursor.rowcount == 1)
        CHANNEL_HEARD.labels(channel, "repeated" if not new else "odd" if reason else "message").inc()
        if new and isinstance(what, Odd):
            CHANNEL_ODD.labels(channel, what.reason.partition(" ")[0]).inc()
            if what.trouble:
                told = {"channel": channel, "what": what.trouble}
                to_do(cursor, uuid5(_NAMESPACE, f"{tenant} {channel} {id_}"), tenant, key, TROUBLE, told)
        return new

    def _same(self, tenant: str, channel: str, heard: Heard) -> bytes | None:
        """For channels whose ids cannot be trusted: one person's same words at the same second are one message.

        :param heard: of a time that is likely: a clock that stands still would make a second "1" the first once more.
        """
        if not heard.timed:
            return None
        who = next(iter(heard.sender.ids.values()))
        said = f"{who}\n{heard.at.isoformat()}\n{heard.text}"
        if heard.part is not None:  # two parts of one message may say the same
            said += f"\n{heard.part.reference} {heard.part.number}"
        return self.persons.hash(tenant, f"same {channel}", said)

    def _reported(self, cursor: Any, tenant: str, channel: str, what: Reported, now: datetime) -> int:
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
                _column(what.provider_id or what.key),
                what.state,
                _column(what.part),
                _column(what.provider_id),
                _column(what.key),
                _column(what.code)[:100],
                _likely(what.at, now),
            ),
        )
        CHANNEL_HEARD.labels(channel, "report" if cursor.rowcount == 1 else "repeated").inc()
        return int(cursor.rowcount == 1)


@dataclass(frozen=True)
class _CameBy:
    """By which an item came."""

    tenant: str
    channel: str
    incoming: Incoming
    now: datetime
    correlation_id: str | None


def _items(incoming: Incoming, request: Request) -> list[tuple[Raw, Heard | Reported | Odd]]:
    """The items of a delivery; a delivery that its channel stumbles over is one, and odd.

    :raises Invalid: as :meth:`shared.channels.incoming.Incoming.split`: its provider can mend it.
    """
    try:
        found = incoming.split(request)
    except AduanError:
        raise
    except Exception as error:  # noqa: BLE001 - strangers send it; else it would come again for a week
        log.warning("a delivery could not be read", extra={"error": type(error).__name__})
        return [(unusable(request, UNREADABLE), Odd(UNREADABLE))]
    return [understood(incoming, raw) for raw in found]


def understood(incoming: Incoming, raw: Raw) -> tuple[Raw, Heard | Reported | Odd]:
    """An item as it can be kept, and as its channel understands that.

    Halves of letters, which are none, are marked, unless the channel has use for them.
    """
    what = read_safely(incoming, raw)
    if _is_whole(raw) or (isinstance(what, Heard) and what.halves):
        return raw, what
    raw = json.loads(mended(json.dumps(raw, ensure_ascii=False)))
    return raw, read_safely(incoming, raw)


def _is_whole(raw: Raw) -> bool:
    try:
        json.dumps(raw, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _said_at(cursor: Any, tenant: str, key: DataKey, heard: Heard, now: datetime) -> datetime:
    """When something was said. What is told without a time, as a press of a button is, comes after all that is waiting
    to be read, also where a clock elsewhere is before ours.
    """
    if heard.at != NO_TIME:
        return _likely(heard.at, now)
    cursor.execute(
        "SELECT max(provider_at) FROM channels.heard WHERE tenant = %s AND person = %s AND state = 'new'",
        (tenant, str(key.dossier)),
    )
    [(latest,)] = cursor.fetchall()
    return max(latest or now, now)


def _likely(at: datetime, now: datetime) -> datetime:
    """When something was said: a telephone's clock may be anywhere; what cannot be is taken for now."""
    try:
        return at if _FIRST <= at.astimezone(UTC) <= now + _AHEAD else now
    except OverflowError:
        return now


def _column(told: str) -> str:
    return told.replace("\x00", "")[:_LONGEST_ID]


def read_safely(incoming: Incoming, raw: Raw) -> Heard | Reported | Odd:
    """An item as its channel understands it; what it stumbles over is odd, and harms no other item."""
    try:
        what = incoming.read(raw)
    except Exception as error:  # noqa: BLE001 - strangers send it; whatever it breaks is this one item's affair
        # Not what it says: that may quote the message.
        log.warning("an item could not be read", extra={"error": type(error).__name__})
        return Odd(UNREADABLE, unread=True)
    if isinstance(what, Heard) and (not what.sender.ids or not _is_id(what.message_id)):
        return Odd(UNREADABLE, unread=True)
    return what


def _id_of(incoming: Incoming, raw: Raw) -> str:
    """Of what cannot be read: its id if it has one, else a digest of the whole."""
    try:
        given = incoming.item_id(raw)
    except Exception:  # noqa: BLE001 - as above
        given = ""
    if _is_id(given):
        return given
    text = json.dumps(raw, sort_keys=True, default=str).encode("utf-8", "replace")
    return f"synthetic:{sha256(text).hexdigest()}"


def _is_id(told: str) -> bool:
    return 0 < len(told) <= _LONGEST_ID and "\x00" not in told


def kept_as(raw: Raw) -> dict[str, Any]:
    """An item of the journal as it is sealed: halves of letters can only be written as JSON escapes them."""
    return {"raw": raw} if _is_whole(raw) else {"halves": json.dumps(raw)}


def opened(key: DataKey, sealed: str) -> Raw:
    """An item of the journal as it came."""
    kept = key.open(sealed, SEALED_AS)
    raw: Raw = kept["raw"] if "raw" in kept else json.loads(kept["halves"])
    return raw
