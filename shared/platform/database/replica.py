"""A standby that lists and figures are read from while it keeps up with its primary.

How far it lags is measured by the primary's own places in its write-ahead log, noted twice a second: what the standby
says of itself looks well when it has lost its primary. Until it has once come to a place that we have noted it is not
read from, nor while it lags by more than a few seconds, nor for a moment after a read from it has failed.
"""

import logging
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import psycopg2

from shared.base.errors import Unavailable
from shared.platform.database.patience import patience
from shared.platform.database.pool import Database
from shared.platform.metrics import REPLICA_LAG_SECONDS

log = logging.getLogger(__name__)

MOST_LAG_SECONDS: Final = 5.0
"""A list that lags by more is read from the primary."""
_LOOK_SECONDS: Final = 0.5
_LOOK_PATIENCE_SECONDS: Final = 2.0
_STALE_SECONDS: Final = 10.0  # so long nobody has been able to look
_REST_SECONDS: Final = 2.0
_WHO: Final = "(SELECT system_identifier FROM pg_control_system()), pg_postmaster_start_time()"
PLACE: Final = f"SELECT {_WHO}, false, pg_current_wal_flush_lsn() - '0/0'::pg_lsn"
REPLAYED: Final = f"""
    SELECT {_WHO}, pg_is_in_recovery(),
           CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END
           - '0/0'::pg_lsn
"""

AWAY: Final = "away"
BEHIND: Final = "behind"


class Replica:
    """One standby, or several of which any will do.

    :param database: its connections.
    :param primary: of which it is a copy. When its pool is closed, this one ends, too.
    :param most_lag_seconds: from here on it is not read from.
    """

    def __init__(self, database: Database, primary: Database, most_lag_seconds: float = MOST_LAG_SECONDS) -> None:
        self.database = database
        self._primary = primary
        self._most_lag_seconds = most_lag_seconds
        self._noted: deque[tuple[float, int]] = deque()
        self._lag_seconds: float | None = None
        self._looked = -_STALE_SECONDS
        self._rests_until = 0.0
        self._said = ""
        self._a_copy = False
        self._watching: threading.Thread | None = None

    def why_not(self) -> str:
        """Why it is not to be read from now: :data:`AWAY`, :data:`BEHIND`, or nothing if it is."""
        if self._watching is None:
            self._watching = threading.Thread(target=self._watch, name="replica", daemon=True)
            self._watching.start()
        now = time.monotonic()
        if now < self._rests_until or now - self._looked > _STALE_SECONDS:
            return AWAY
        return "" if self._lag_seconds is not None and self._lag_seconds <= self._most_lag_seconds else BEHIND

    def failed(self, error: Exception) -> None:
        """A read from it has failed: it is left alone for a moment."""
        self._rests_until = time.monotonic() + _REST_SECONDS
        self._tell(AWAY, type(error).__name__)

    def told(self) -> str:
        """For people: how far it lags, or that it is not read from."""
        why = self.why_not()
        lag = "unknown" if self._lag_seconds is None else f"{self._lag_seconds:.1f} s"
        return f"lag {lag}" if not why else f"not read from: {why}, lag {lag}"

    def _watch(self) -> None:
        while not self._primary.closed:
            try:
                self._look()
            except (psycopg2.Error, Unavailable, TimeoutError, OSError) as error:
                self._looked = -_STALE_SECONDS
                self._tell(AWAY, type(error).__name__)
            time.sleep(_LOOK_SECONDS)
        self.database.close()

    def _look(self) -> None:
        found = ServerPlace.of(self.database, REPLAYED)
        now = time.monotonic()
        caught_up = self._lag_seconds is not None
        while self._noted and self._noted[0][1] <= found.place:
            self._noted.popleft()
            caught_up = True
        if caught_up:
            self._lag_seconds = now - self._noted[0][0] if self._noted else 0.0
            REPLICA_LAG_SECONDS.set(self._lag_seconds)
        with suppress(psycopg2.Error, Unavailable, TimeoutError, OSError):  # whoever needs the primary tells of it
            self._note(now, found, ServerPlace.of(self._primary, PLACE))
        self._looked = now if self._a_copy else -_STALE_SECONDS
        self._tell(self.why_not(), self._detail())

    def _note(self, now: float, found: "ServerPlace", primary: "ServerPlace") -> None:
        """Note the primary's place, and whether the other is a copy of it that goes on."""
        self._a_copy = found.follows(primary)
        if self._noted and primary.place < self._noted[-1][1]:
            self._noted.clear()  # another is the primary now, and has not come so far
        if not self._noted or self._noted[-1][1] < primary.place:
            self._noted.append((now, primary.place))

    def _detail(self) -> str:
        if not self._a_copy:
            return "it is no standby of the database"
        return "" if self._lag_seconds is None else f"lags by {self._lag_seconds:.1f} s"

    def _tell(self, why: str, detail: str) -> None:
        if why == self._said:
            return
        self._said = why
        if why:
            log.warning("lists are read from the primary", extra={"why": why, "detail": detail})
        else:
            log.info("lists are read from the replica", extra={"detail": detail})


@dataclass(frozen=True)
class ServerPlace:
    """Where a server stands, and which one it is.

    :param system: the cluster of which it, or what it was copied from, was made.
    :param since: when it was started.
    :param place: in the write-ahead log, in bytes.
    """

    system: int
    since: datetime
    in_recovery: bool
    place: int

    @classmethod
    def of(cls, database: Database, statement: str) -> "ServerPlace":
        """Ask it, for a bounded time."""
        with patience(_LOOK_PATIENCE_SECONDS), database.autocommit() as cursor:
            cursor.execute(statement)
            [(system, since, in_recovery, place)] = cursor.fetchall()
        return cls(int(system), since, bool(in_recovery), int(place))

    def follows(self, primary: "ServerPlace") -> bool:
        """Whether it is a standby of this cluster, or the primary itself; a copy that lives on by itself is neither."""
        return self.system == primary.system and (self.in_recovery or self.since == primary.since)
