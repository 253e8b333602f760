"""Publishing again what the broker may have lost: from where the projections have not come to."""

from collections.abc import Sequence

from shared.messaging.publishing.relay_position import read_position, set_back
from shared.platform.database.pool import Database
from shared.store.projection.lag import low_water


def catch_up(database: Database, schemas: Sequence[str]) -> int:
    """Let the relay publish again whatever one of the projections has not applied.

    Done at each embedded start, whose broker begins empty, and by ``aduan catchup`` after a broker has lost its queues.

    :param schemas: the projections, by their PostgreSQL schema.
    :returns: the position after which the log is published now.
    """
    with database.autocommit() as cursor:
        marks = [low_water(cursor, schema) for schema in schemas]
        if marks:
            set_back(cursor, min(marks))
        return read_position(cursor)
