"""Going back to what has not been applied, and publishing again what the broker may have lost for others."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from shared.messaging.consuming.positions import set_back as look_again
from shared.messaging.publishing.relay_position import read_position, set_back
from shared.platform.database.pool import Database
from shared.store.eventstore.reading import head
from shared.store.projection.lag import low_water

_NOT_BACK: Final[Mapping[str, int]] = MappingProxyType({})


def resume(database: Database, schemas: Sequence[str], look_back: Mapping[str, int] = _NOT_BACK) -> int:
    """Let the services look again at whatever they have not applied: what lay in a queue that is gone.

    Done at each embedded start, whose broker begins empty.

    :param schemas: the services' projections, by their PostgreSQL schema.
    :param look_back: by schema how many of the last events are looked at again although they are applied.
    :returns: the position after which the log lacks something in one of them.
    """
    marks = []
    with database.autocommit() as cursor:
        last = head(cursor)
        for schema in schemas:
            marks.append(low_water(cursor, schema))
            look_again(cursor, schema, min(marks[-1], max(0, last - look_back.get(schema, 0))))
    return min(marks, default=0)


def catch_up(database: Database, schemas: Sequence[str], look_back: Mapping[str, int] = _NOT_BACK) -> int:
    """Let the services look again, and the relay publish again, whatever one of the projections has not applied.

    Done by ``aduan catchup`` after a broker has lost its queues. What a service had to do about an event besides its
    tables lay in them too, and no table tells that it is still to be done: so those that have such work look again at
    the last events, which changes nothing where it was done.

    :param schemas: the projections, by their PostgreSQL schema.
    :param look_back: by schema how many of the last events.
    :returns: the position after which the log is published now.
    """
    mark = resume(database, schemas, look_back)
    with database.autocommit() as cursor:
        if schemas:
            set_back(cursor, mark)
        return read_position(cursor)
