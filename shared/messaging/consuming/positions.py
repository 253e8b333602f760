"""How far each service has followed the log, and who follows it for a service: both kept in PostgreSQL."""

from collections.abc import Mapping, Sequence

from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class
from psycopg2.extras import execute_values

from shared.platform.database.locks import Lock, give_back, try_to_hold
from shared.store.projection.lag import low_water


def try_to_lead(cursor: Cursor, service: str) -> bool:
    """Become the one who follows the log for a service, for as long as the cursor's connection lives.

    :returns: False if another connection is.
    """
    return try_to_hold(cursor, Lock.FOLLOWING, service)


def leave(cursor: Cursor, service: str) -> None:
    """Let another lead."""
    give_back(cursor, Lock.FOLLOWING, service)


def positions_of(cursor: Cursor, services: Sequence[str]) -> dict[str, int]:
    """The positions of those services that have one."""
    cursor.execute("SELECT service, position FROM messaging.followers WHERE service = ANY(%s)", (list(services),))
    return dict(cursor.fetchall())


def first_position(cursor: Cursor, service: str, schema: str) -> int:
    """The position of a service that may not have one yet: it begins where its tables lack something.

    :param schema: that of its tables.
    """
    known = positions_of(cursor, [service])
    if service in known:
        return known[service]
    cursor.execute(
        "INSERT INTO messaging.followers (service, position) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        (service, low_water(cursor, schema)),
    )
    return positions_of(cursor, [service])[service]


def begin(cursor: Cursor, service: str) -> int:
    """Note that a process begins to work at the service's position.

    :returns: how often that was done without getting any further, this time included.
    """
    cursor.execute(
        """
        UPDATE messaging.followers
           SET tries = CASE WHEN begun = position THEN tries + 1 ELSE 1 END, begun = position
         WHERE service = %s RETURNING tries
        """,
        (service,),
    )
    [(tries,)] = cursor.fetchall()
    return int(tries)


def move(cursor: Cursor, moves: Mapping[str, tuple[int, int]]) -> set[str]:
    """Save that services have come further, except where somebody has set the position back meanwhile.

    :param moves: by service from where and to where.
    :returns: those for which it was saved.
    """
    moved = execute_values(
        cursor,
        """
        UPDATE messaging.followers f SET position = new.position, tries = 0
          FROM (VALUES %s) AS new (service, before, position)
         WHERE f.service = new.service AND f.position = new.before
        RETURNING f.service
        """,
        [(service, before, after) for service, (before, after) in sorted(moves.items())],
        template="(%s, %s::bigint, %s::bigint)",
        page_size=len(moves),
        fetch=True,
    )
    return {service for (service,) in moved}


def set_back(cursor: Cursor, service: str, position: int) -> bool:
    """Let a service look again at everything after a position.

    :returns: whether that was further back than it had come.
    """
    cursor.execute(
        "UPDATE messaging.followers SET position = %(to)s WHERE service = %(service)s AND position > %(to)s",
        {"service": service, "to": position},
    )
    return cursor.rowcount == 1
