"""Events that precede a delivered one but were not delivered themselves: read from the store."""

from collections.abc import Mapping
from uuid import UUID

from psycopg2 import extensions as pg

from shared.store.eventstore.reading import RecordedEvent, read_dossiers
from shared.store.projection.errors import MissingEvents

ByVersion = dict[int, RecordedEvent]


def fill_gaps(
    cursor: pg.cursor, fresh: Mapping[str, ByVersion], before: Mapping[str, int]
) -> dict[str, list[RecordedEvent]]:
    """The unbroken continuation of each dossier up to the latest event delivered; one query if there are gaps at all.

    :param fresh: by dossier (as text) the events delivered beyond what is applied, at least one.
    :param before: by dossier the version applied already.
    :returns: by dossier the events in order.
    :raises MissingEvents: if the store lacks an event as well.
    """
    broken = [_dossier(events) for key, events in fresh.items() if len(events) < max(events) - before[key]]
    known: dict[UUID, ByVersion] = {dossier: {} for dossier in broken}
    if broken:
        for event in read_dossiers(cursor, broken):
            known[event.dossier][event.version] = event
    return {key: _in_order(before[key], events, known.get(_dossier(events), {})) for key, events in fresh.items()}


def _in_order(before: int, fresh: ByVersion, known: ByVersion) -> list[RecordedEvent]:
    events = {**known, **fresh}
    wanted = range(before + 1, max(fresh) + 1)
    for version in wanted:
        if version not in events:
            raise MissingEvents(_dossier(fresh), version)
    return [events[version] for version in wanted]


def _dossier(events: ByVersion) -> UUID:
    return next(iter(events.values())).dossier
