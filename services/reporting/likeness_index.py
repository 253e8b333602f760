"""The index of which complaints may be about one matter; with it what is learnt from what officers did with them.

It follows the log as :mod:`services.reporting.keyed_index` tells. Texts are opened in memory only, and nothing that
could be read is kept of them (:mod:`shared.domain.likeness.sketch`, :mod:`shared.domain.likeness.past`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from services.reporting import learning
from services.reporting.guessing import forget, position_of
from services.reporting.keyed_index import KeyedIndex
from services.reporting.readings import Readings
from shared.application.runtime import Runtime
from shared.base.turns import in_turns
from shared.domain.dossier.contents import GIVING
from shared.domain.dossier.event_name import EventName
from shared.domain.likeness.sketch import Sketcher
from shared.platform.database.many import rows_as_json
from shared.platform.purposes import Lasting
from shared.store.eventstore.reading import RecordedEvent

_ERASED: Final[EventName] = "Erased"
_TELLING: Final = frozenset({*(each.__name__ for each in GIVING), _ERASED})
_BATCH: Final = 200  # stems take time, and others wait for the process meanwhile
PAGE_BATCHES: Final = 5
"""As much of the log is indexed before a page is shown; the rest comes by itself, where the index is made anew."""
_KEEP: Final = """
    INSERT INTO reporting.likeness (dossier, hashes)
    SELECT dossier, hashes FROM json_to_recordset(%s) AS rows (dossier uuid, hashes bigint[])
    ON CONFLICT (dossier) DO UPDATE SET hashes = excluded.hashes
"""
_TABLES: Final = ("reporting.likeness", "reporting.past", "reporting.past_merges")


def _told(events: Sequence[RecordedEvent]) -> set[UUID]:
    return {event.dossier for event in events if event.type in _TELLING}


def _wanted(events: Sequence[RecordedEvent]) -> set[UUID]:
    learnt = (event for event in events if event.type in learning.TELLING)
    return _told(events) | {each for event in learnt for each in learning.concerned(event)}


def _apply(
    runtime: Runtime, cursor: Any, key: bytes, events: Sequence[RecordedEvent], readings: Readings
) -> Callable[[], None]:
    told = _told(events)
    rows = list(_rows(Sketcher(key), readings, told))

    def write() -> None:
        _keep(cursor, told, rows)
        lesson = learning.Lesson(runtime, cursor, key, readings, position_of(cursor))
        for event in events:
            if event.type in learning.TELLING:
                lesson.take(event)
        lesson.end(events[-1].position)
        if erased := [str(event.dossier) for event in events if event.type == _ERASED]:
            _forget(runtime, cursor, erased)

    return write


def _keep(cursor: Any, told: set[UUID], rows: Sequence[tuple[str, list[int]]]) -> None:
    if gone := set(map(str, told)).difference(dossier for dossier, _ in rows):
        cursor.execute("DELETE FROM reporting.likeness WHERE dossier = ANY(%s::uuid[])", (sorted(gone),))
    if rows:
        cursor.execute(_KEEP, (rows_as_json(("dossier", "hashes"), rows),))


def _forget(runtime: Runtime, cursor: Any, erased: Sequence[str]) -> None:
    for table in _TABLES:
        cursor.execute(f"DELETE FROM {table} WHERE dossier = ANY(%s::uuid[])", (erased,))  # noqa: S608 - names of ours
    cursor.execute("DELETE FROM reporting.told_apart WHERE one = ANY(%s::uuid[])", (erased,))
    cursor.execute("DELETE FROM reporting.told_apart WHERE other = ANY(%s::uuid[])", (erased,))
    forget(runtime)


def _rows(sketcher: Sketcher, readings: Readings, dossiers: set[UUID]) -> Iterator[tuple[str, list[int]]]:
    tenants: Mapping[UUID, str] = readings.tenants
    for dossier in in_turns(sorted(dossiers)):
        matter = readings.matter(dossier)
        if matter is not None:
            yield str(dossier), sorted(sketcher.hashes(tenants[dossier], matter))


INDEX: Final = KeyedIndex(
    Lasting.LIKENESS, "reporting.likeness_position", _TABLES, _apply, learning.TELLING, _wanted, _BATCH, way=2
)
