"""Events that precede a delivered one but were not delivered themselves: read from the store."""

from collections.abc import Mapping
from uuid import UUID

from psycopg2 import extensions as pg

from shared.eventstore.reading import RecordedEvent, read_dossier
from shared.projection.errors import MissingEvents


def without_gaps(
    cursor: pg.cursor, dossier: UUID, before: int, fresh: Mapping[int, RecordedEvent]
) -> list[RecordedEvent]:
    """A dossier's unbroken continuation up to the latest event delivered.

    :param before: the version already applied.
    :param fresh: the events delivered beyond it, by version; at least one.
    :raises MissingEvents: if the store lacks one as well.
    """
    last = max(fresh)
    if len(fresh) == last - before:
        return [fresh[version] for version in sorted(fresh)]
    events = {event.version: event for event in read_dossier(cursor, dossier, after_version=before, upto=last)}
    events |= fresh
    for version in range(before + 1, last):
        if version not in events:
            raise MissingEvents(dossier, version)
    return [events[version] for version in range(before + 1, last + 1)]
