"""How often a log-in may be tried.

An attempt at a password is counted before that is looked at: a hundred guesses at once get no more than the limit.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.application.identity import tally
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
    """Counts attempts: at an account's password, at a complaint's code.

    :param machine: the machine's clock, see :mod:`shared.application.identity.tokens`.
    """

    def __init__(self, database: Database, machine: Clock, limits: Limits) -> None:
        self._database = database
        self._machine = machine
        self._limits = limits

    def count(self, account: str, address: str) -> tally.Counted:
        """Count one attempt.

        :param account: whom it is about, known or not.
        :param address: where it comes from.
        :returns: what can be taken back.
        :raises TooManyAttempts: if a limit is exceeded.
        """
        now = self._machine.now()
        counted = tally.add(self._database, self._keys(account, address), now, self._limits.window)
        self._judge(counted, account, address, now)
        return counted

    def check(self, account: str, address: str) -> None:
        """Whether one more may be tried; it is not counted, so that several at once pass though one alone may be left.

        Parameters and errors as for :meth:`count`.
        """
        now = self._machine.now()
        found = tally.found(self._database, self._keys(account, address), now, self._limits.window)
        one_more = {key: (times + 1, since) for key, (times, since) in found.items()}
        self._judge(one_more, account, address, now)

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
            cursor.execute("DELETE FROM identity.attempts WHERE key = %s", (tally.key_of("place", account, address),))

    def _judge(self, counted: tally.Counted, account: str, address: str, now: datetime) -> None:
        limits = self._keys(account, address)
        over = [since for key, (times, since) in counted.items() if times > limits[key]]
        if over:
            left = max(since + self._limits.window - now for since in over)
            raise TooManyAttempts("too_many_attempts", {"seconds": max(1, round(left.total_seconds()))})

    def _keys(self, account: str, address: str) -> dict[bytes, int]:
        return {
            tally.key_of("place", account, address): self._limits.from_one_place,
            tally.key_of("account", account): self._limits.at_one_account,
            tally.key_of("address", address): self._limits.by_one_address,
        }
