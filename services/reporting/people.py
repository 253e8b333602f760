"""By whom complaints can be found: names and telephone numbers as keyed hashes, never as they are.

The index follows the log by itself, by position, and belongs to the key that its hashes were made with: under a new
master key, or on a folder of an older version, it is made anew from the beginning. An erased reporter's hashes go.
"""

import hmac
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from psycopg2.extras import execute_values

from shared.application.dossiers.codec import decode
from shared.application.runtime import Runtime
from shared.base.names import canonical
from shared.domain.dossier.contents import complaint_of
from shared.domain.dossier.event_name import EventName
from shared.domain.telephone import telephone
from shared.platform.secret import derive
from shared.store.eventstore.reading import RecordedEvent, read_after, read_dossiers

NAME: Final = "name"
PHONE: Final = "phone"
_TELLING: Final[frozenset[EventName]] = frozenset({"ComplaintFiled", "Supplemented", "Erased"})
_BATCH: Final = 500
_PURPOSE: Final = "people"
_HASH_BYTES: Final = 16
_POSITION: Final = "SELECT key_id, position FROM reporting.people_position FOR UPDATE"


def look_up(runtime: Runtime, kind: str, written: str) -> bytes | None:
    """The hash under which a name or number is kept; none if the text is no name or number.

    :param kind: :data:`NAME` or :data:`PHONE`.
    """
    form = canonical(written) if kind == NAME else telephone(written)
    return _hashed(_key(runtime), kind, form) if form else None


def follow(runtime: Runtime, *, wait: bool = False) -> bool:
    """Index what the log has told since the last time; says whether there may be more.

    Several instances may try at once: one does it, the others find it taken.

    :param wait: whether to wait for who is at it, instead of leaving it to them: for who reads the index next.
    """
    key = _key(runtime)
    with runtime.database.transaction() as cursor:
        position = _position(cursor, _id(key), wait=wait)
        if position is None:
            return False
        events = read_after(cursor, position, _BATCH)
        if not events:
            return False
        _index(runtime, cursor, key, events)
        cursor.execute("UPDATE reporting.people_position SET position = %s", (events[-1].position,))
    return len(events) == _BATCH


def _index(runtime: Runtime, cursor: Any, key: bytes, events: Sequence[RecordedEvent]) -> None:
    dossiers = sorted({event.dossier for event in events if event.type in _TELLING}, key=str)
    if not dossiers:
        return
    keys = runtime.vault.keys(cursor, dossiers)
    histories: dict[UUID, list[Any]] = {}
    for recorded in read_dossiers(cursor, dossiers):
        if recorded.type in _TELLING:
            histories.setdefault(recorded.dossier, []).append(decode(recorded))
    cursor.execute("DELETE FROM reporting.people WHERE dossier = ANY(%s::uuid[])", ([str(each) for each in dossiers],))
    rows = [
        (str(dossier), kind, hashed)
        for dossier, history in histories.items()
        for kind, hashed in _hashes(key, complaint_of(history, keys.get(dossier)).get("reporter") or {})
    ]
    if rows:
        execute_values(
            cursor, "INSERT INTO reporting.people (dossier, kind, hash) VALUES %s ON CONFLICT DO NOTHING", rows
        )


def _hashes(key: bytes, reporter: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    forms: Iterable[tuple[str, str | None]] = (
        (NAME, canonical(str(reporter.get("name") or "")) or None),
        (PHONE, telephone(str(reporter.get("phone") or ""))),
    )
    for kind, form in forms:
        if form:
            yield kind, _hashed(key, kind, form)


def _position(cursor: Any, key_id: str, *, wait: bool) -> int | None:
    """How far the index has come; from the beginning under another key. None if another is at it and we do not wait."""
    cursor.execute(_POSITION if wait else _POSITION + " SKIP LOCKED")
    row = cursor.fetchone()
    if row is None:
        return None
    if row[0] == key_id:
        return int(row[1])
    cursor.execute("DELETE FROM reporting.people")
    cursor.execute("UPDATE reporting.people_position SET key_id = %s, position = 0", (key_id,))
    return 0


def _key(runtime: Runtime) -> bytes:
    return derive(runtime.settings.master_key, _PURPOSE)


def _id(key: bytes) -> str:
    return sha256(key).hexdigest()[:16]


def _hashed(key: bytes, kind: str, form: str) -> bytes:
    return hmac.digest(key, f"{kind}:{form}".encode(), "sha256")[:_HASH_BYTES]
