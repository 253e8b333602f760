"""By whom complaints can be found: names and telephone numbers as keyed hashes, never as they are.

Kept as :mod:`services.reporting.keyed_index` tells. An erased reporter's hashes go.
"""

import hmac
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from services.reporting.keyed_index import KeyedIndex
from services.reporting.readings import Readings
from shared.application.runtime import Runtime
from shared.base.names import canonical, entry_form
from shared.base.turns import in_turns
from shared.domain.dossier.event_name import EventName
from shared.domain.telephone import telephone
from shared.platform.database.many import rows_as_json
from shared.platform.purposes import Lasting
from shared.store.eventstore.reading import RecordedEvent

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


def _wanted(events: Sequence[RecordedEvent]) -> set[UUID]:
    return {event.dossier for event in events if event.type in _TELLING}


def _index(
    _runtime: Runtime, cursor: Any, key: bytes, events: Sequence[RecordedEvent], readings: Readings
) -> Callable[[], None]:
    dossiers = sorted(_wanted(events), key=str)
    rows = [
        (dossier, kind, hashed.hex())
        for dossier in in_turns(dossiers)
        for kind, hashed in _hashes(key, readings.complaint(dossier).get("reporter") or {})
    ]
    filed = {event.dossier for event in events if event.type == _FILED}
    before = [str(each) for each in dossiers if each not in filed]  # of those filed just now there is nothing yet

    def write() -> None:
        if before:
            cursor.execute("DELETE FROM reporting.people WHERE dossier = ANY(%s::uuid[])", (before,))
        if rows:
            cursor.execute(_KEEP, (rows_as_json(("dossier", "kind", "hash"), rows),))

    return write


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


INDEX: Final = KeyedIndex(
    Lasting.PEOPLE, "reporting.people_position", ("reporting.people",), _index, reads=(), wants=_wanted
)
