"""By whom complaints can be found: names and telephone numbers as keyed hashes, never as they are.

Kept as :mod:`services.reporting.keyed_index` tells. An erased reporter's hashes go.
"""

import hmac
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from services.reporting.keyed_index import KeyedIndex
from shared.application.dossiers.codec import decode
from shared.application.runtime import Runtime
from shared.base.names import canonical, entry_form
from shared.base.turns import in_turns
from shared.domain.dossier.contents import complaint_of
from shared.domain.dossier.event_name import EventName
from shared.domain.telephone import telephone
from shared.platform.database.many import rows_as_json
from shared.platform.purposes import Lasting
from shared.store.eventstore.reading import RecordedEvent, read_dossiers

NAME: Final = "name"
PHONE: Final = "phone"
_FILED: Final[EventName] = "ComplaintFiled"
_TELLING: Final[frozenset[EventName]] = frozenset({_FILED, "Supplemented", "DataAnswered", "Erased"})
_KEEP: Final = """
    INSERT INTO reporting.people (dossier, kind, hash)
    SELECT dossier, kind, decode(hash, 'hex') FROM json_to_recordset(%s) AS rows (dossier uuid, kind text, hash text)
    ON CONFLICT DO NOTHING
"""
_HASH_BYTES: Final = 16


def look_up(runtime: Runtime, kind: str, written: str) -> bytes | None:
    """The hash under which a name or number is kept; none if the text is no name or number.

    :param kind: :data:`NAME` or :data:`PHONE`.
    """
    form = canonical(written) if kind == NAME else telephone(written)
    return _hashed(INDEX.key(runtime), kind, form) if form else None


def follow(runtime: Runtime, *, wait: bool = False) -> bool:
    """Index what the log has told since the last time; see :meth:`.keyed_index.KeyedIndex.follow`."""
    return INDEX.follow(runtime, wait=wait)


def _index(runtime: Runtime, cursor: Any, key: bytes, events: Sequence[RecordedEvent]) -> None:
    dossiers = sorted({event.dossier for event in events if event.type in _TELLING}, key=str)
    if not dossiers:
        return
    keys = runtime.vault.keys(cursor, dossiers)
    histories: dict[UUID, list[Any]] = {}
    for recorded in in_turns(read_dossiers(cursor, dossiers, sorted(_TELLING))):
        histories.setdefault(recorded.dossier, []).append(decode(recorded))
    rows = [
        (dossier, kind, hashed.hex())
        for dossier, history in in_turns(histories.items())
        for kind, hashed in _hashes(key, complaint_of(history, keys.get(dossier)).get("reporter") or {})
    ]
    filed = {event.dossier for event in events if event.type == _FILED}
    if before := [str(each) for each in dossiers if each not in filed]:  # of those filed just now there is nothing yet
        cursor.execute("DELETE FROM reporting.people WHERE dossier = ANY(%s::uuid[])", (before,))
    if rows:
        cursor.execute(_KEEP, (rows_as_json(("dossier", "kind", "hash"), rows),))


def _hashes(key: bytes, reporter: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    forms: Iterable[tuple[str, str | None]] = (
        (NAME, entry_form(str(reporter.get("name") or "")) or None),
        (PHONE, telephone(str(reporter.get("phone") or ""))),
    )
    for kind, form in forms:
        if form:
            yield kind, _hashed(key, kind, form)


def _hashed(key: bytes, kind: str, form: str) -> bytes:
    return hmac.digest(key, f"{kind}:{form}".encode(), "sha256")[:_HASH_BYTES]


INDEX: Final = KeyedIndex(Lasting.PEOPLE, "reporting.people_position", ("reporting.people",), _index, reads=())
