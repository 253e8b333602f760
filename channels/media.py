"""Files of messages: fetched before anything is said of them, kept sealed, handed to the complaint that they are of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid5

from shared.application.files import drops
from shared.application.runtime import Runtime
from shared.channels.carrier import Maybe
from shared.channels.incoming import Heard, MediaGone, MediaRef, MediaSource
from shared.domain.files.types import safe_name, type_of
from shared.domain.sealed_stream import file_key, open_stream, seal_stream
from shared.domain.sealing import DataKey
from shared.platform.metrics import MEDIA_FETCHED

_NAMESPACE: Final = UUID("6a3f2b1e-94f0-5a7e-8c55-21d7f0a4b9d3")
MOST_TRIES: Final = 8
"""Together with pauses that double from two seconds, some eight minutes."""


class NotNow(Exception):
    """A file could not be had yet: its message waits."""


@dataclass(frozen=True)
class Got:
    """What came of a message's files.

    :param kept: our ids of those that are here.
    :param refused: how many are of no kind that is taken.
    :param lost: how many could not be had.
    """

    kept: tuple[str, ...] = ()
    refused: int = 0
    lost: int = 0


def fetch(runtime: Runtime, source: MediaSource | None, tenant: str, key: DataKey, heard: Heard, *, last: bool) -> Got:
    """Fetch a message's files, and keep them; those that are here already are not fetched again.

    :param last: whether this is the last time that it is tried.
    :raises NotNow: if one could not be had, and it is not the last time.
    """
    kept: list[str] = []
    refused = lost = 0
    for place, media in enumerate(heard.media):
        id_ = uuid5(_NAMESPACE, f"{tenant} {heard.account} {heard.message_id} {place}")
        if _is_here(runtime, id_):
            kept.append(str(id_))
            continue
        try:
            content = _content(source, media, runtime.settings.file_most_bytes)
        except MediaGone as gone:
            too_large = str(gone) == "too_large"
            refused, lost = refused + too_large, lost + (not too_large)
            MEDIA_FETCHED.labels("refused" if too_large else "gone").inc()
            continue
        except Maybe:
            MEDIA_FETCHED.labels("gone" if last else "later").inc()
            if not last:
                raise NotNow from None
            lost += 1
            continue
        kind = type_of(content)
        MEDIA_FETCHED.labels("refused" if kind is None else "kept").inc()
        if kind is None:
            refused += 1
            continue
        _keep(runtime, tenant, key, id_, safe_name(media.name, kind), content)
        kept.append(str(id_))
    return Got(tuple(kept), refused, lost)


def _content(source: MediaSource | None, media: MediaRef, most: int) -> bytes:
    if media.content:
        if len(media.content) > most:
            raise MediaGone("too_large")
        return media.content
    return source.fetch(media, most).content if source else b""


def hand_over(runtime: Runtime, key: DataKey, id_: str) -> tuple[str, drops.Drop] | None:
    """Leave a file for a service to take: its name and where it lies; none if it is here no more."""
    with runtime.database.autocommit() as cursor:
        cursor.execute("SELECT name, sealed, person FROM channels.media WHERE id = %s", (id_,))
        row = cursor.fetchone()
    if row is None:
        return None
    name, sealed, person = row
    secret = key if person == key.dossier else runtime.vault.key_of(person)
    if secret is None:
        return None
    file = UUID(id_)
    content = open_stream(file_key(secret, file), file, [bytes(sealed)])
    return name, drops.leave(runtime.files, runtime.randomness, content)


def forget(cursor: Any, ids: Sequence[str]) -> None:
    """Nobody waits for these files any more."""
    cursor.execute("DELETE FROM channels.media WHERE id = ANY(%s::uuid[])", (list(ids),))


def _is_here(runtime: Runtime, id_: UUID) -> bool:
    with runtime.database.autocommit() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM channels.media WHERE id = %s)", (str(id_),))
        return cursor.fetchone() == (True,)


def _keep(runtime: Runtime, tenant: str, key: DataKey, id_: UUID, name: str, content: bytes) -> None:
    sealed = b"".join(seal_stream(file_key(key, id_), id_, [content], runtime.randomness))
    with runtime.database.autocommit() as cursor:
        cursor.execute(
            "INSERT INTO channels.media (id, tenant, person, name, sealed) VALUES (%s, %s, %s, %s, %s) "
            "ON CONFLICT DO NOTHING",
            (str(id_), tenant, str(key.dossier), name, sealed),
        )
