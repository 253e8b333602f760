"""How a connection to one server is opened, in a bounded time, and how it is found out what it is good for."""

from typing import Any

import psycopg2
from psycopg2.extensions import connection
from psycopg2.extras import register_uuid

from shared.platform.database.answering import Watched, install
from shared.platform.database.patience import patience

_CONNECT_SECONDS = 5
_LIVES_SECONDS = 2.0
_NETWORK: dict[str, Any] = {
    "connect_timeout": _CONNECT_SECONDS,  # heeded where no wait callback is set
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,  # milliseconds until unanswered data count as a dead peer
}
_WORKS = """
    SELECT state IN ('active', 'fastpath function call') AND wait_event IS DISTINCT FROM 'ClientWrite'
    FROM pg_stat_activity WHERE pid = %s
"""

_OWN_ROLES = """
    SELECT NOT pg_has_role(to_regrole(%s), 'MEMBER') AND EXISTS (
        SELECT FROM pg_roles
        WHERE rolname ~ '^aduan_' AND rolname NOT IN (%s, 'aduan_dashboards') AND pg_has_role(oid, 'USAGE'))
"""

# UUID both ways: as parameters and as what comes back.
register_uuid()  # type: ignore[no-untyped-call]


def connect_to(url: str, options: str) -> Watched:
    """A new connection.

    :raises psycopg2.OperationalError: if there is none to be had.
    :raises TimeoutError: if the server does not answer in time.
    """
    install()
    with patience(_CONNECT_SECONDS):
        made: Watched = psycopg2.connect(url, options=options, connection_factory=Watched, **_NETWORK)
    return made


def has_roles_of_its_own(made: connection, shared: str) -> bool:
    """Whether a login may not act in the shared role, and is a service's own."""
    made.autocommit = True
    with patience(_LIVES_SECONDS), made.cursor() as cursor:
        cursor.execute(_OWN_ROLES, (shared, shared))
        row = cursor.fetchone()
    return row is not None and bool(row[0])


def lives(idle: connection) -> bool:
    """Whether a connection that was idle for a while still leads to its server."""
    idle.autocommit = True
    try:
        with patience(_LIVES_SECONDS), idle.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (psycopg2.Error, TimeoutError):
        return False
    return True


def works_for(server: str, session: int) -> bool:
    """Whether a server works on a statement of a session. Asked as the login itself, which may see that."""
    try:
        asking = connect_to(server, f"-c statement_timeout={_CONNECT_SECONDS * 1000}")
    except (psycopg2.OperationalError, TimeoutError) as error:
        return "FATAL" in str(error)  # it answers, and has no place for us: too many connections, say
    try:
        asking.autocommit = True
        with patience(_CONNECT_SECONDS), asking.cursor() as cursor:
            cursor.execute(_WORKS, (session,))
            row = cursor.fetchone()
    except (psycopg2.Error, TimeoutError):
        return False
    finally:
        asking.close()
    return row is not None and bool(row[0])
