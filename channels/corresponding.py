"""Letters: filed as they come, without a conversation. One that answers a letter of ours goes to its complaint."""

from datetime import timedelta
from typing import Final
from uuid import UUID, uuid5

from channels import media, rows
from channels.conversing import House
from channels.letters import Correspondence
from shared.base.times import to_iso
from shared.channels.incoming import BY_ITSELF, UNVERIFIED, UNVOUCHED, Heard
from shared.channels.journal import opened, read_safely
from shared.channels.outgoing import to_do
from shared.channels.registry import Channel
from shared.domain.sealing import DataKey
from shared.platform.metrics import CHANNEL_HEARD

LETTER: Final = "letter"
FILE_LETTER: Final = "file_letter"
UNSAID: Final = "unsaid"
"""The kind of thing that a receipt is which is not said."""
_NAMESPACE: Final = UUID("b5cf0a05-4c0f-5e0d-8f4c-5f4b8f0f6a52")
MOST_ANSWERS: Final = 4
WITHIN: Final = timedelta(minutes=10)
"""Who writes more letters than that within that time is answered no more for a day: it may be a machine."""
_SILENT: Final = timedelta(days=1)


def correspond(house: House, tenant_id: str, person: UUID) -> bool:
    """Take up a person's letters: what each says is written down to be dealt with. Whether there was any."""
    runtime = house.runtime
    key = runtime.vault.key_of(person)
    if key is None:
        return False  # forgotten meanwhile
    with runtime.database.autocommit() as cursor:
        fresh = rows.new_of(cursor, tenant_id, person)
    did = False
    for row in fresh:
        channel = house.channels.find(tenant_id, row.channel)
        if channel is not None and channel.letters and channel.incoming is not None:
            did = _take_up(house, tenant_id, key, row, channel) or did
    return did


def is_flooding(house: House, tenant_id: str, channel: str, person: UUID) -> bool:
    """Whether so many letters came from one person within a short time today that they are answered no more."""
    with house.runtime.database.autocommit() as cursor:
        cursor.execute(
            "SELECT received_at FROM channels.heard WHERE tenant = %s AND person = %s AND channel = %s "
            "AND received_at > clock_timestamp() - %s ORDER BY received_at",
            (tenant_id, str(person), channel, _SILENT),
        )
        times = [row[0] for row in cursor.fetchall()]
    many = any(last - first <= WITHIN for first, last in zip(times, times[MOST_ANSWERS:], strict=False))
    if many:
        CHANNEL_HEARD.labels(channel, "flood").inc()
    return many


def _take_up(house: House, tenant_id: str, key: DataKey, row: rows.New, channel: Channel) -> bool:
    if channel.incoming is None:
        return False
    what = read_safely(channel.incoming, opened(key, row.sealed))
    got = media.Got()
    if isinstance(what, Heard) and what.kind == "text":
        got = media.fetch(house.runtime, channel.media, tenant_id, key, what, last=True)
    with house.runtime.database.transaction() as cursor:
        if not rows.lock(cursor, tenant_id, key.dossier):
            return False
        if row.message_id not in [each.message_id for each in rows.new_of(cursor, tenant_id, key.dossier, keep=True)]:
            return True  # another process was faster
        if not isinstance(what, Heard):
            rows.odd(cursor, tenant_id, [row], "unreadable")
            return True
        rows.done_with(cursor, tenant_id, [row])
        letter = Correspondence(
            channel=row.channel,
            account=what.account,
            id=what.message_id,
            to=what.sender.to,
            name=what.sender.name,
            at=to_iso(row.provider_at),
            subject=what.subject,
            text=what.text,
            quotes=tuple(what.quotes.split()),
            media=got.kept,
            refused=len(got.refused) + got.lost,
            verified=what.note not in (UNVERIFIED, UNVOUCHED, BY_ITSELF),
            by_itself=what.note == BY_ITSELF,
            doubted=what.note == UNVERIFIED,
            whole=what.kind == "text",
        )
        id_ = uuid5(_NAMESPACE, f"{tenant_id} {row.channel} {row.account} {row.message_id}")
        to_do(cursor, id_, tenant_id, key, LETTER, letter.to_dict(), row.request)
    return True
