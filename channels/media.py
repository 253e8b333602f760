"""Files of messages: fetched before anything is said of them, kept sealed, handed to the complaint that they are of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid5

from shared.application.files import drops
from shared.application.files.limits import fault_of, largest
from shared.application.runtime import Runtime
from shared.channels.carrier import Maybe
from shared.channels.incoming import Heard, MediaGone, MediaRef, MediaSource
from shared.channels.kept_files import keep_file
from shared.domain.files.types import is_recording, safe_name, type_of
from shared.domain.sealed_stream import file_key, open_stream
from shared.domain.sealing import DataKey
from shared.platform.metrics import MEDIA_FETCHED

_NAMESPACE: Final = UUID("6a3f2b1e-94f0-5a7e-8c55-21d7f0a4b9d3")
_TOO_LARGE: Final = "file_too_large"
_NO_ROOM: Final = "files_too_large"
_NOT_TAKEN: Final = "file_type_not_taken"
MOST_TRIES: Final = 8
"""Together with pauses that double from two seconds, some eight minutes."""


class NotNow(Exception):
    """A file could not be had yet: its message waits."""


@dataclass(frozen=True)
class Got:
    """What came of a message's files.

    :param kept: our ids of those that are here.
    :param refused: why others are not taken, a code for each: ``file_type_not_taken``, ``file_too_large``, or
        ``files_too_large`` of one for which the person's others leave no room.
    :param lost: how many could not be had.
    :param recordings: how many of those that are here are listened to or watched.
    """

    kept: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    lost: int = 0
    recordings: int = 0


def fetch(
    runtime: Runtime,
    source: MediaSource | None,
    tenant: str,
    key: DataKey,
    heard: Heard,
    *,
    last: bool = False,
    away: bool = False,
    together: int | None = None,
) -> Got:
    """Fetch a message's files, and keep them; those that are here already are not fetched again.

    :param together: bytes that all files of this person which wait here may have; none where that has no bound.
    :param last: whether this is the last time that it is tried.
    :param away: whether nothing is asked for now: where they lie has just failed.
    :raises NotNow: if one could not be had, and it is not the last time; if it is not here, and nothing is asked for.
    """
    kept: dict[str, str] = {}
    refused: list[str] = []
    lost = 0
    for place, media in enumerate(heard.media):
        id_ = uuid5(_NAMESPACE, f"{tenant} {heard.account} {heard.message_id} {place}")
        if (name := _name_of(runtime, id_)) is not None:
            kept[str(id_)] = name
            continue
        if away:
            raise NotNow
        most = alone = largest(runtime.settings)
        if together is not None:
            most = min(most, together - _waiting(runtime, tenant, key.dossier))
        try:
            content = _content(source, media, most)
        except MediaGone as gone:
            if str(gone) == "too_large":
                refused.append(_NO_ROOM if most < alone and _size(media) <= alone else _TOO_LARGE)
            else:
                lost += 1
            MEDIA_FETCHED.labels("refused" if str(gone) == "too_large" else "gone").inc()
            continue
        except Maybe:
            MEDIA_FETCHED.labels("gone" if last else "later").inc()
            if not last:
                raise NotNow from None
            lost += 1
            continue
        fault, kind = fault_of(runtime.settings, content), type_of(content)
        MEDIA_FETCHED.labels("refused" if fault else "kept").inc()
        if fault or kind is None:
            refused.append(fault or _NOT_TAKEN)
            continue
        name = safe_name(media.name, kind)
        with runtime.database.autocommit() as cursor:
            keep_file(cursor, runtime.randomness, tenant, key, id_, name, content)
        kept[str(id_)] = name
    return Got(tuple(kept), tuple(refused), lost, sum(is_recording(name) for name in kept.values()))


def _size(media: MediaRef) -> int:
    """Bytes that a file has, as far as that is known before it is fetched; one at least."""
    return max(len(media.content), media.size, 1)


def _content(source: MediaSource | None, media: MediaRef, most: int) -> bytes:
    if _size(media) > most:
        raise MediaGone("too_large")
    if media.content:
        return media.content
    if source is None:
        raise MediaGone("gone")
    return source.fetch(media, most).content


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


def _waiting(runtime: Runtime, tenant: str, person: UUID) -> int:
    """How many bytes the files have that a person has sent and that are of no complaint yet."""
    with runtime.database.autocommit() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(octet_length(sealed)), 0) FROM channels.media WHERE tenant = %s AND person = %s",
            (tenant, str(person)),
        )
        [(waiting,)] = cursor.fetchall()
    return int(waiting)


def _name_of(runtime: Runtime, id_: UUID) -> str | None:
    """What a file is called; none if it is not here."""
    with runtime.database.autocommit() as cursor:
        cursor.execute("SELECT name FROM channels.media WHERE id = %s", (str(id_),))
        row = cursor.fetchone()
    return None if row is None else str(row[0])
