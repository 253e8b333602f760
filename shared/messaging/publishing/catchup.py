"""Going back to what has not been applied, and publishing again what the broker may have lost for others."""

from collections.abc import Sequence

from shared.messaging.consuming.positions import set_back as look_again
from shared.messaging.publishing.relay_position import read_position, set_back
from shared.platform.database.pool import Database
from shared.store.projection.lag import low_water


def resume(database: Database, schemas: Sequence[str]) -> int:
    """Let the services look again at whatever they have not applied: what lay in a queue that is gone.

    Done at each embedded start, whose broker begins empty.

    :param schemas: the services' projections, by their PostgreSQL schema.
    :returns: the position after which the log lacks something in one of them.
    """
    marks = []
    with database.autocommit() as cursor:
        for schema in schemas:
            marks.append(low_water(cursor, schema))
            look_again(cursor, schema, marks[-1])
    return min(marks, default=0)


def catch_up(database: Database, schemas: Sequence[str]) -> int:
    """Let the services look again, and the relay publish again, whatever one of the projections has not applied.

    Done by ``aduan catchup`` after a broker has lost its queues.

    :param schemas: the projections, by their PostgreSQL schema.
    :returns: the position after which the log is published now.
    """
    mark = resume(database, schemas)
    with database.autocommit() as cursor:
        if schemas:
            set_back(cursor, mark)
        return read_position(cursor)
