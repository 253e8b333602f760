"""How often something was tried or asked lately. Counted in PostgreSQL, so that several portals count together.

Neither names nor addresses are kept, only hashes of them.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from shared.platform.database.pool import Database

LONGEST: Final = timedelta(days=1)
"""No window is longer. A count is let go when the longest is over, whoever counts: others' windows may still run."""

_ADD: Final = """
    INSERT INTO identity.attempts AS a (key, attempts, since)
    SELECT key, 1, %(now)s FROM unnest(%(keys)s::bytea[]) AS k (key) ORDER BY key
    ON CONFLICT (key) DO UPDATE SET
        attempts = CASE WHEN a.since <= %(old)s THEN 1 ELSE a.attempts + 1 END,
        since = CASE WHEN a.since <= %(old)s THEN %(now)s ELSE a.since END
    RETURNING key, attempts, since
"""
_FOUND: Final = "SELECT key, attempts, since FROM identity.attempts WHERE key = ANY (%s::bytea[]) AND since > %s"
_LET_GO: Final = """
    DELETE FROM identity.attempts WHERE key IN
        (SELECT key FROM identity.attempts WHERE since <= %s LIMIT 100 FOR UPDATE SKIP LOCKED)
"""
_TAKE_BACK: Final = """
    UPDATE identity.attempts a SET attempts = attempts - 1 FROM
        (SELECT key FROM identity.attempts JOIN unnest(%s::bytea[], %s::timestamptz[]) AS c (key, since)
         USING (key, since) WHERE attempts > 0 ORDER BY key FOR UPDATE) AS own
    WHERE a.key = own.key
"""


Counted = dict[bytes, tuple[int, datetime]]
"""How often each was counted within its window, and when that began."""


def add(database: Database, keys: Iterable[bytes], now: datetime, window: timedelta) -> Counted:
    """Count one more for each key.

    :param now: by the machine's clock.
    :param window: after which a key's count begins anew; at most :data:`LONGEST`.
    :returns: this once included.
    """
    with database.autocommit() as cursor:
        cursor.execute(_ADD, {"now": now, "old": now - window, "keys": sorted(keys)})
        counted = {bytes(key): (times, since) for key, times, since in cursor.fetchall()}
        cursor.execute(_LET_GO, (now - LONGEST,))
    return counted


def take_back(database: Database, counted: Counted) -> None:
    """Count each once less: what it was counted for has not come about.

    :param counted: as it was told; a count that has begun anew since then is left as it is.
    """
    if counted:
        with database.autocommit() as cursor:
            cursor.execute(_TAKE_BACK, (list(counted), [since for _, since in counted.values()]))


def found(database: Database, keys: Iterable[bytes], now: datetime, window: timedelta) -> Counted:
    """What was counted until now; parameters as for :func:`add`."""
    with database.autocommit() as cursor:
        cursor.execute(_FOUND, (sorted(keys), now - window))
        return {bytes(key): (times, since) for key, times, since in cursor.fetchall()}


def key_of(*parts: str) -> bytes:
    """By what something is counted."""
    return hashlib.sha256("\0".join(parts).encode()).digest()
