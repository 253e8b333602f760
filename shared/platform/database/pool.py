"""Connections to PostgreSQL: a pool that greenlets and threads can share.

psycopg2 is made cooperative by eventlet's monkey patch. Its own pool closes every connection above the minimum when it
comes back, so this is a small pool of our own.
"""

import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, cast

import psycopg2
from psycopg2.errors import ReadOnlySqlTransaction
from psycopg2.extensions import (
    TRANSACTION_STATUS_IDLE,
    connection,
    cursor,
    parse_dsn,
)

from shared.base.errors import Unavailable
from shared.platform.database.answering import Watched
from shared.platform.database.bell import bell_of
from shared.platform.database.connecting import connect_to, has_roles_of_its_own, lives, works_for
from shared.platform.database.places import Places
from shared.platform.database.servers import DatabaseServers

APPLICATION_ROLE = "aduan_app"
"""What services act as: may read the log and append to it by its function, and write their own tables. No more."""

_TRUST_SECONDS = 1.0  # an idle connection older than this is asked whether it still lives
_SLACK_SECONDS = 5.0  # a statement's limit is the server's to keep; so much later its answer must be here


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
    :ivar looked_up: what is asked for again and again and was found, by what looks for it; see
        :class:`shared.platform.database.seldom.Seldom`.
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
        self.looked_up: Final[dict[Hashable, Any]] = {}
        self._writes = writes
        self._idle_seconds, self._statement_seconds = idle_in_transaction_seconds, statement_seconds
        self._servers = DatabaseServers(url, writes=writes)
        self._wait_seconds = wait_seconds
        self._answer_seconds = statement_seconds + _SLACK_SECONDS if statement_seconds else None
        self._places: Places[tuple[connection, float]] = Places(pool_size)  # idle ones, and when last used
        self._aside: Database | None = None
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
        watched.works_for, watched.most_seconds = partial(works_for, server), self._answer_seconds
        watched.autocommit = autocommit
        return watched

    def unlimited(self) -> "Database":
        """The same database for statements that take as long as there are rows, whatever the limit of others.

        The caller closes it, or only the connection that it takes from it by :meth:`connect`. To set
        ``statement_timeout`` on a connection of a limited one is not enough: its answer is given up here, too.
        """
        return self._of_one(0)

    @property
    def aside(self) -> "Database":
        """The same database by one connection apart, for short look-ups that may come in the middle of anything.

        Whoever holds a connection must not wait for another of the same pool: all who do so at once wait for one
        another, and of a pool of one each waits for itself. Nothing else may be waited for while this one is held.
        """
        if self._aside is None:
            self._aside = self._of_one(self._statement_seconds)
            if self._closed:
                self._aside.close()
        return self._aside

    def _of_one(self, statement_seconds: float) -> "Database":
        return Database(
            self.url,
            pool_size=1,
            role=self.role,
            wait_seconds=self._wait_seconds,
            statement_seconds=statement_seconds,
            idle_in_transaction_seconds=self._idle_seconds,
            writes=self._writes,
        )

    @property
    def closed(self) -> bool:
        """Whether nothing can be had any more."""
        return self._closed

    def _open(self, dsn: str) -> Watched:
        """A connection in the role wanted; or in the login's own, where that has services' roles instead of it."""
        try:
            return connect_to(dsn, self._options(self.role))
        except psycopg2.OperationalError as error:
            if self.role is None or "FATAL" not in str(error):
                raise
            try:
                made = connect_to(dsn, self._options(None))
            except (psycopg2.OperationalError, TimeoutError):
                raise error from None
            if not has_roles_of_its_own(made, self.role):
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
        if self._aside is not None:
            self._aside.close()

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
                if time.monotonic() - since <= _TRUST_SECONDS or lives(idle):
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


def _roll_back(lent: connection) -> None:
    """Undo; a connection that cannot even do that is closed, so that it never comes back into the pool."""
    cast("Watched", lent).appended = False
    if lent.closed:
        return
    try:
        lent.rollback()
    except psycopg2.Error:
        lent.close()
