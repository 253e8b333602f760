"""Messages that end the process of whoever takes them, found and given up across restarts.

A process that dies has acknowledged nothing, so its messages come again, to the next process or to another instance.
One that has come back several times is tried by itself, and before each try that is written down in PostgreSQL and
committed; afterwards it is crossed out, whatever came of the try. What stands there already was left by a process that
did not live to cross it out.

RabbitMQ's quorum queues tell how often a message came back. The in-memory broker ends with its process, and the log is
published anew; so its consumers note what they have in hand, and what is found noted at a start is tried by itself.
"""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from greenlet import GreenletExit

from shared.messaging.wire.failures import describe, is_transient
from shared.messaging.wire.received import Received
from shared.platform.database.pool import Database

log = logging.getLogger(__name__)

OFTEN: Final = 2
"""A message that came back so often is tried by itself. Once happens at every restart to what was only fetched."""
TRIES: Final = 2
"""So many tries of one by itself may end the process; then it is given up."""


class Deadly:
    """Watches the messages of one queue.

    :param database: where tries are written down; without one nothing is watched.
    :param queue: the queue's name.
    :param forgetful: whether its broker ends with the process.
    """

    def __init__(self, database: Database | None, queue: str, *, forgetful: bool) -> None:
        self._database = database
        self._queue = queue
        self._forgetful = forgetful and database is not None
        self._left: set[str] | None = None

    def suspects(self, message: Received) -> bool:
        """Whether it is to be tried by itself."""
        if self._database is None:
            return False
        return message.delivered_before >= OFTEN or bool(self._left and digest(message) in self._left)

    def begin(self) -> None:
        """Before messages are taken: learn what a process before us had in hand when it ended.

        :raises psycopg2.Error: if the database is away.
        :raises Unavailable: likewise.
        """
        if self._database is None or not self._forgetful or self._left is not None:
            return
        with self._database.autocommit() as cursor:
            cursor.execute("SELECT messages FROM messaging.in_hand WHERE queue = %s", (self._queue,))
            row = cursor.fetchone()
        self._left = set(row[0]) if row else set()

    @contextmanager
    def watching(self, messages: Sequence[Received]) -> Iterator[bool]:
        """A try of these messages; gives whether it may be made.

        :raises psycopg2.Error: if the database is away; nothing was tried then.
        :raises Unavailable: likewise.
        """
        suspect = messages[0] if len(messages) == 1 and self.suspects(messages[0]) else None
        if suspect is not None and not self.try_alone(suspect):
            yield False
            return
        self.hold(messages)
        try:
            yield True
        except GreenletExit:
            raise  # we are killed, perhaps by this very message
        except BaseException:
            self._live_on(suspect)
            raise
        self._live_on(suspect)

    def hold(self, messages: Sequence[Received]) -> None:
        """Note what is in hand, without waiting for the disk: what a process writes outlives it."""
        if self._database is None or not self._forgetful:
            return
        with self._database.autocommit() as cursor:
            cursor.execute(
                """
                SET LOCAL synchronous_commit = off;
                INSERT INTO messaging.in_hand (queue, messages) VALUES (%s, %s)
                ON CONFLICT (queue) DO UPDATE SET messages = excluded.messages
                """,
                (self._queue, [digest(message) for message in messages]),
            )

    def try_alone(self, message: Received) -> bool:
        """Write down that it is being tried.

        :returns: False if it has had its tries.
        """
        if self._database is None:
            return True
        with self._database.autocommit() as cursor:
            cursor.execute(
                """
                INSERT INTO messaging.attempts AS attempts (queue, message) VALUES (%s, %s)
                ON CONFLICT (queue, message) DO UPDATE SET tried = attempts.tried + 1, latest = clock_timestamp()
                RETURNING tried
                """,
                (self._queue, digest(message)),
            )
            row = cursor.fetchone()
        return row is None or int(row[0]) <= TRIES

    def survived(self, message: Received) -> None:
        """Cross it out: it has not ended us."""
        if self._left:
            self._left.discard(digest(message))
        if self._database is not None:
            with self._database.autocommit() as cursor:
                cursor.execute(
                    "DELETE FROM messaging.attempts WHERE queue = %s AND message = %s", (self._queue, digest(message))
                )

    def _live_on(self, suspect: Received | None) -> None:
        """Cross out a try; what was done is done, so a database that is away meanwhile is no reason to do it again."""
        if suspect is None:
            return
        try:
            self.survived(suspect)
        except Exception as error:
            if not is_transient(error):
                raise
            log.warning("a try could not be crossed out", extra={"queue": self._queue, "error": describe(error)})


def digest(message: Received) -> str:
    """By which a message is known again when it comes again, also when the log is published anew."""
    place = [str(message.headers.get(name, "")) for name in ("subject", "sequence")]
    told = "\n".join([message.routing_key, str(message.properties.get("message_id", "")), *place])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass") + b"\n" + message.body).hexdigest()[:32]
