"""Events that precede a delivered one but were not delivered themselves: read from the store."""

from collections.abc import Mapping
from uuid import UUID

from psycopg2 import extensions as pg

from shared.eventstore.reading import RecordedEvent, read_dossier
from shared.projection.errors import MissingEvents


def fill_gaps(
    cursor: pg.cursor, delivered: Mapping[UUID, Mapping[int, RecordedEvent]], before: Mapping[UUID, int]
) -> tuple[dict[UUID, list[RecordedEvent]], int]:
    """The unbroken continuation of each dossier.

    :param delivered: for each dossier the new events by version.
    :param before: for each dossier the version already applied.
    :returns: for each dossier its events in order, and how many of all were read from the store.
    :raises MissingEvents: if the store has not got them either.
    """
    complete: dict[UUID, list[RecordedEvent]] = {}
    filled = 0
    for dossier, by_version in delivered.items():
        start, end = before[dossier], max(by_version)
        events = by_version
        if len(by_version) < end - start:
            read = {event.version: event for event in read_dossier(cursor, dossier, after_version=start, upto=end)}
            filled += len(read.keys() - by_version.keys())
            events = {**read, **by_version}
        complete[dossier] = [_at(events, dossier, version) for version in range(start + 1, end + 1)]
    return complete, filled


def _at(events: Mapping[int, RecordedEvent], dossier: UUID, version: int) -> RecordedEvent:
    if version not in events:
        raise MissingEvents(dossier, version)
    return events[version]
