"""What lies new in the journal, read: with its files fetched, and the parts of long SMS joined."""

import logging
from collections.abc import Sequence

from channels import media, rows
from channels.joining import AGAIN_SECONDS, Read, joined
from shared.application.runtime import Runtime
from shared.channels.incoming import FORWARDED, REFERRED, Heard
from shared.channels.installed import Channels
from shared.channels.journal import opened, read_safely
from shared.channels.registry import Channel
from shared.channels.talk.world import PersonsMessage
from shared.domain.sealing import DataKey

log = logging.getLogger(__name__)


def read_new(
    runtime: Runtime, installed: Channels, tenant_id: str, key: DataKey, fresh: Sequence[rows.New]
) -> tuple[Read, ...] | None:
    """A person's new messages, as the conversation takes them; parts that wait for others are left where they are.

    :returns: none if nothing of it can be answered yet.
    """
    read, away = [], False
    for row in fresh:
        try:
            read.append(Read(row, *_read(runtime, installed, tenant_id, key, row, away=away)))
        except media.NotNow:
            away = True  # the try counts for each that has files: were it for one alone, an album would take hours
    if away:
        return None
    together = joined(read, runtime.clock.now())
    if together.waiting:
        with runtime.database.autocommit() as cursor:
            for row in together.waiting:
                rows.put_off(cursor, tenant_id, row, AGAIN_SECONDS)
    return together.whole if together.whole or not fresh else None


def without_letters(installed: Channels, tenant_id: str, found: list[rows.New]) -> list[rows.New]:
    """New messages without those of channels of whole letters: see :mod:`channels.corresponding`."""
    channels = {row.channel: installed.find(tenant_id, row.channel) for row in found}
    letters = {name for name, channel in channels.items() if channel is not None and channel.letters}
    return [row for row in found if row.channel not in letters]


def _read(
    runtime: Runtime, installed: Channels, tenant_id: str, key: DataKey, row: rows.New, *, away: bool
) -> tuple[Heard | None, PersonsMessage | None]:
    """A message of the journal, with its files fetched; none if nobody can read it.

    :param away: whether a file of a message before it could not be had in this round.
    :raises media.NotNow: if one of its own could not, or would not be asked for now.
    """
    channel = installed.find(tenant_id, row.channel)
    what = read_safely(channel.incoming, opened(key, row.sealed)) if channel and channel.incoming else None
    if not isinstance(what, Heard):
        return None, None
    got = media.Got()
    if what.media:
        got = _fetched(runtime, tenant_id, key, row, what, channel, away=away)
    place = (what.place.lat, what.place.lon, what.place.text) if what.place else None
    message = PersonsMessage(
        id=what.message_id,
        kind=what.kind,
        at=row.provider_at,  # which is likely; what it says itself may be any
        text=what.text,
        choice=what.choice,
        media=got.kept,
        refused=got.refused,
        recordings=got.recordings,
        lost=got.lost,
        place=place,
        quotes=what.quotes,
        forwarded=what.note == FORWARDED,
        number=what.number,
        referred=what.note == REFERRED,
    )
    return what, message


def _fetched(
    runtime: Runtime, tenant_id: str, key: DataKey, row: rows.New, heard: Heard, channel: Channel | None, *, away: bool
) -> media.Got:
    source, last = channel.media if channel else None, row.attempts + 1 >= media.MOST_TRIES
    try:
        together = runtime.settings.reporters_files_most_bytes
        return media.fetch(runtime, source, tenant_id, key, heard, last=last, away=away and not last, together=together)
    except media.NotNow:
        log.warning("a file could not be fetched yet", extra={"channel": row.channel, "attempt": row.attempts + 1})
        with runtime.database.autocommit() as cursor:
            rows.put_off(cursor, tenant_id, row, 2.0 * 2**row.attempts)
        raise
