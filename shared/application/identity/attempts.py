"""How often a log-in may be tried. Counted in PostgreSQL, so that several portals count together.

An attempt is counted before its password is looked at: a hundred guesses at once get no more than the limit. Neither
names nor addresses are kept, only their hashes.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from shared.application.identity.errors import TooManyAttempts
from shared.base.clock import Clock
from shared.platform.database.pool import Database


@dataclass(frozen=True)
class Limits:
    """Most failed attempts within a window, by whom they come from and whom they are about.

    :param from_one_place: at one account from one address. Low: this is guessing.
    :param at_one_account: from everywhere. Higher: others must not be able to lock an officer out with a few tries.
    :param by_one_address: at any account. Higher still: a whole office may come from one address.
    """

    from_one_place: int = 5
    at_one_account: int = 50
    by_one_address: int = 200
    window: timedelta = timedelta(minutes=15)


class Attempts:
    """Counts the attempts to log in.

    :param machine: the machine's clock, see :mod:`shared.application.identity.tokens`.
    """

    def __init__(self, database: Database, machine: Clock, limits: Limits) -> None:
        self._database = database
        self._machine = machine
        self._limits = limits

    def count(self, account: str, address: str) -> None:
        """Count one attempt.

        :param account: whom it is about, known or not.
        :param address: where it comes from.
        :raises TooManyAttempts: if a limit is exceeded.
        """
        limits = self._keys(account, address)
        now = self._machine.now()
        old = now - self._limits.window
        with self._database.autocommit() as cursor:
            cursor.execute(
                """
                INSERT INTO identity.attempts AS a (key, attempts, since)
                SELECT key, 1, %(now)s FROM unnest(%(keys)s::bytea[]) AS k (key) ORDER BY key
                ON CONFLICT (key) DO UPDATE SET
                    attempts = CASE WHEN a.since <= %(old)s THEN 1 ELSE a.attempts + 1 END,
                    since = CASE WHEN a.since <= %(old)s THEN %(now)s ELSE a.since END
                RETURNING key, attempts, since
                """,
                {"now": now, "old": old, "keys": sorted(limits)},
            )
            over = [since for key, attempts, since in cursor.fetchall() if attempts > limits[bytes(key)]]
            cursor.execute(
                """
                DELETE FROM identity.attempts WHERE key IN
                    (SELECT key FROM identity.attempts WHERE since <= %s LIMIT 100 FOR UPDATE SKIP LOCKED)
                """,
                (old,),
            )
        if over:
            left = max(since + self._limits.window - now for since in over)
            raise TooManyAttempts("too_many_attempts", {"seconds": max(1, round(left.total_seconds()))})

    def succeeded(self, account: str, address: str) -> None:
        """The attempt just counted was no guess."""
        with self._database.transaction() as cursor:
            cursor.execute(
                "SELECT key FROM identity.attempts WHERE key = ANY (%s::bytea[]) ORDER BY key FOR UPDATE",
                (sorted(self._keys(account, address)),),
            )
            cursor.execute(
                "UPDATE identity.attempts SET attempts = attempts - 1 WHERE key = ANY (%s::bytea[]) AND attempts > 0",
                (sorted(self._keys(account, address)),),
            )
            cursor.execute("DELETE FROM identity.attempts WHERE key = %s", (_key("place", account, address),))

    def _keys(self, account: str, address: str) -> dict[bytes, int]:
        return {
            _key("place", account, address): self._limits.from_one_place,
            _key("account", account): self._limits.at_one_account,
            _key("address", address): self._limits.by_one_address,
        }


def _key(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode()).digest()
