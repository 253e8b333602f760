"""Waking those who follow the log in other processes: PostgreSQL tells them that something was appended.

Not in the append, where a notification would make commits wait for one another, but after it, and for all appends of a
moment together. It only says that it is worth looking: who misses it looks a moment later by himself.
"""

# mypy: disable-error-code="no-untyped-call"

import logging
import select
import threading
import time
from contextlib import closing
from typing import Any, Final
from uuid import uuid4

import eventlet
import psycopg2

from shared.base.errors import Unavailable
from shared.messaging.wire.failures import describe
from shared.platform.database.pool import Database

log = logging.getLogger(__name__)

CHANNEL: Final = "aduan_log"
_AT_MOST_EVERY_SECONDS: Final = 0.02
"""After a lull at once; then so often, since those who are told rest for longer than this after each batch."""
_LOOK_SECONDS: Final = 1.0
_AGAIN_SECONDS: Final = 1.0
_TELL: Final = f"SET LOCAL synchronous_commit = off; SELECT pg_notify('{CHANNEL}', %s)"


class Waker:
    """Tells other processes of what is appended in this one, and this one of what is appended in others.

    :param database: with the log.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._own = uuid4().hex

    def run(self, stop: threading.Event) -> None:
        """Tell and listen until told to stop."""
        telling = eventlet.spawn(self._tell)
        try:
            while not stop.is_set():
                try:
                    with closing(self._database.connect()) as connection:
                        self._listen(connection, stop)
                except (psycopg2.Error, Unavailable, OSError) as error:
                    log.debug("nobody can wake us for a while", extra={"error": describe(error)})
                    stop.wait(_AGAIN_SECONDS)
        finally:
            telling.kill()

    def _listen(self, connection: Any, stop: threading.Event) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        self._database.bell.ring_for_another()  # for what was missed meanwhile
        while not stop.is_set():
            if select.select([connection], [], [], _LOOK_SECONDS)[0]:
                connection.poll()
            told = {each.payload for each in connection.notifies}
            connection.notifies.clear()
            if told - {self._own}:
                self._database.bell.ring_for_another()

    def _tell(self) -> None:
        with self._database.bell.listening(to_own=True) as ear:
            while True:
                if not ear.wait(_LOOK_SECONDS):
                    continue
                began = time.monotonic()
                try:
                    with self._database.autocommit() as cursor:
                        cursor.execute(_TELL, (self._own,))
                except (psycopg2.Error, Unavailable) as error:
                    log.debug("others could not be woken", extra={"error": describe(error)})
                eventlet.sleep(max(0.0, _AT_MOST_EVERY_SECONDS - (time.monotonic() - began)))
