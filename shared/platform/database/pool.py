"""Connections to PostgreSQL: a pool that greenlets and threads can share, and how a connection is set up.

psycopg2 is made cooperative by eventlet's monkey patch. Its own pool closes every connection above the minimum when it
comes back, so this is a small pool of our own.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, cast

import psycopg2
from psycopg2.errors import ReadOnlySqlTransaction
from psycopg2.extensions import (
    TRANSACTION_STATUS_IDLE,
    connection,
    cursor,
    parse_dsn,
)
from psycopg2.extras import register_uuid

from shared.base.errors import Unavailable
from shared.platform.database.answering import Watched, install
from shared.platform.database.bell import bell_of
from shared.platform.database.patience import patience
from shared.platform.database.places import Places
from shared.platform.database.servers import DatabaseServers

APPLICATION_ROLE = "aduan_app"
"""What services act as: may read the log and append to it by its function, and write their own tables. No more."""

_CONNECT_SECONDS = 5
_LIVES_SECONDS = 2.0
_TRUST_SECONDS = 1.0  # an idle connection older than this is asked whether it still lives
_SLACK_SECONDS = 5.0  # a statement's limit is the server's to keep; so much later its answer must be here
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


class Database:
    """One PostgreSQL database and a pool of connections to it. Cheap to make: nothing connects until used.

    Never change a pooled connection's session (``SET``, ``LISTEN``, advisory session locks): take one of your own by
    :meth:`connect` for that.

    :param url: ``postgresql://`` URL or a libpq connection string; it may name a primary and its standbys, see
        :mod:`shared.platform.database.servers`.
    :param pool_size: most connections in use at once; who comes later waits.
    :param role: what to act as after connecting, e.g. :data:`APPLICATION_ROLE`; the login itself when not given.
    :param wait_seconds: how long to wait for a connection to come free.
    :param statement_seconds: a statement that takes longer is cancelled; 0 for no limit. One whose answer got lost is
        given up sooner: see :mod:`shared.platform.database.answering`.
    :param idle_in_transaction_seconds: a transaction left open and idle for longer is ended by the server, since it
        delays every reader of the log.
    :param writes: whether, of several servers, the one that takes writes is meant; else any.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 10,
        role: str | None = None,
        wait_seconds: float = 15.0,
        statement_seconds: float = 30.0,
        idle_in_transaction_seconds: float = 15.0,
        writes: bool = True,
    ) -> None:
        self.url = url
        self.role = role
        self.pool_size = pool_size
        self.bell = bell_of(url)
        self._servers = DatabaseServers(url, writes=writes)
        self._wait_seconds = wait_seconds
        self._answer_seconds = statement_seconds + _SLACK_SECONDS if statement_seconds else None
        self._places: Places[tuple[connection, float]] = Places(pool_size)  # idle ones, and when last used
        self._closed = False
        self._settings = {
            "timezone": "UTC",
            "statement_timeout": str(round(statement_seconds * 1000)),
            "idle_in_transaction_session_timeout": str(round(idle_in_transaction_seconds * 1000)),
        }

    @contextmanager
    def transaction(self) -> Iterator[cursor]:
        """A cursor in a transaction of its own: committed at the end, rolled back if anything is raised.

        :raises Unavailable: if no connection can be had.
        """
        lent = self._take()
        try:
            lent.autocommit = False
            with lent.cursor() as opened:
                yield opened
            lent.commit()
            self._tell(lent)
        except ReadOnlySqlTransaction:
            self._distrust(lent)
            raise
        except BaseException:
            _roll_back(lent)
            raise
        finally:
            self._give_back(lent)

    @contextmanager
    def autocommit(self) -> Iterator[cursor]:
        """A cursor whose every statement is a transaction: one round trip each.

        :raises Unavailable: if no connection can be had.
        """
        lent = self._take()
        try:
            lent.autocommit = True
            with lent.cursor() as opened:
                yield opened
        except ReadOnlySqlTransaction:
            self._distrust(lent)
            raise
        finally:
            self._tell(lent)
            self._give_back(lent)

    def connect(self, *, autocommit: bool = True) -> connection:
        """A connection outside the pool, for what belongs to a session. The caller closes it.

        :raises Unavailable: if the server cannot be reached within 5 seconds; of several, each within as many.
        """
        try:
            made, server = self._servers.connect(self._open)
        except (psycopg2.OperationalError, TimeoutError) as error:
            if self.role is not None and f'role "{self.role}" does not exist' in str(error):
                raise Unavailable("database_not_migrated", {"steps": self.role}) from None
            raise Unavailable("database_unavailable") from error
        watched = cast("Watched", made)
        watched.works_for, watched.most_seconds = partial(_works_for, server), self._answer_seconds
        watched.autocommit = autocommit
        return watched

    @property
    def closed(self) -> bool:
        """Whether nothing can be had any more."""
        return self._closed

    def _open(self, dsn: str) -> Watched:
        """A connection in the role wanted; or in the login's own, where that has services' roles instead of it."""
        try:
            return _connect(dsn, self._options(self.role))
        except psycopg2.OperationalError as error:
            if self.role is None or "FATAL" not in str(error):
                raise
            try:
                made = _connect(dsn, self._options(None))
            except (psycopg2.OperationalError, TimeoutError):
                raise error from None
            if not _has_roles_of_its_own(made, self.role):
                made.close()
                raise
            self.role = None
            return made

    def _options(self, role: str | None) -> str:
        settings = self._settings if role is None else {**self._settings, "role": role}
        given = cast("str | None", parse_dsn(self.url).get("options"))
        return " ".join([*([given] if given else []), *(f"-c {key}={settings[key]}" for key in settings)])

    def close(self) -> None:
        """Close the idle connections now, and those in use when they come back. Nothing can be had afterwards."""
        self._closed = True
        self._drop_idle()

    def _tell(self, lent: connection) -> None:
        """Ring the bell if something was appended to the log over this connection, and is committed now."""
        if getattr(lent, "appended", False):
            cast("Watched", lent).appended = False
            self.bell.ring()

    def _take(self) -> connection:
        """A connection in a known state, for the caller alone until given back."""
        if self._closed:
            raise Unavailable("database_closed")
        try:
            kept = self._places.take(self._wait_seconds)
        except TimeoutError:
            raise Unavailable("database_busy") from None
        try:
            if kept is not None:
                idle, since = kept
                if time.monotonic() - since <= _TRUST_SECONDS or _lives(idle):
                    return idle
                idle.close()
            return self.connect()
        except BaseException:
            self._places.put(None)
            raise

    def _give_back(self, lent: connection) -> None:
        """Keep a connection for the next, unless its state is not known for certain."""
        if not lent.closed and not self._closed and lent.get_transaction_status() == TRANSACTION_STATUS_IDLE:
            self._places.put((lent, time.monotonic()))
            return
        if lent.closed:
            self._drop_idle()  # the server has probably gone, and the others with it
        else:
            lent.close()
        self._places.put(None)

    def _distrust(self, lent: connection) -> None:
        """Use no connection again that may be to a server, or of a time, that takes no writes: it would stay so."""
        lent.close()
        self._drop_idle()

    def _drop_idle(self) -> None:
        for idle, _ in self._places.empty():
            idle.close()


def _has_roles_of_its_own(made: connection, shared: str) -> bool:
    """Whether a login may not act in the shared role, and is a service's own."""
    made.autocommit = True
    with patience(_LIVES_SECONDS), made.cursor() as opened:
        opened.execute(_OWN_ROLES, (shared, shared))
        row = opened.fetchone()
    return row is not None and bool(row[0])


def _roll_back(lent: connection) -> None:
    """Undo; a connection that cannot even do that is closed, so that it never comes back into the pool."""
    cast("Watched", lent).appended = False
    if lent.closed:
        return
    try:
        lent.rollback()
    except psycopg2.Error:
        lent.close()


def _lives(idle: connection) -> bool:
    idle.autocommit = True
    try:
        with patience(_LIVES_SECONDS), idle.cursor() as opened:
            opened.execute("SELECT 1")
    except (psycopg2.Error, TimeoutError):
        return False
    return True


def _works_for(server: str, session: int) -> bool:
    """Whether a server works on a statement of a session. Asked as the login itself, which may see that."""
    try:
        asking = _connect(server, f"-c statement_timeout={_CONNECT_SECONDS * 1000}")
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


def _connect(url: str, options: str) -> Watched:
    """A new connection.

    :raises psycopg2.OperationalError: if there is none to be had.
    :raises TimeoutError: if the server does not answer in time.
    """
    install()
    with patience(_CONNECT_SECONDS):
        made: Watched = psycopg2.connect(url, options=options, connection_factory=Watched, **_NETWORK)
    return made
