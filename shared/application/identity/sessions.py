"""Officers' visits to the pages: a random word in the browser, and here who it stands for.

A visit ends after half an hour in which nothing was done, after a working day in any case, when its officer leaves,
and when the account gets a new password or is shut. Times are the machine's, as those of tokens.
"""

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from shared.application.identity.users import LoggedIn, note_seen
from shared.base.caller import Caller
from shared.base.clock import Clock, SystemClock
from shared.base.randomness import Randomness, SystemRandomness
from shared.platform.database.pool import Database

IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=12)

_BYTES: Final = 32
_NOTED: Final = timedelta(minutes=1)
"""Being seen is noted no more often than this: a visit may end so much earlier than it should, never later."""


@dataclass(frozen=True)
class Visit:
    """One visit.

    :param account: of the officer.
    :param began_at: when they logged in.
    :param seen_at: when they last did something, up to a minute ago.
    """

    caller: Caller
    account: UUID
    began_at: datetime
    seen_at: datetime


@dataclass(frozen=True)
class Sessions:
    """The visits in schema ``identity``."""

    database: Database
    randomness: Randomness = field(default_factory=SystemRandomness)
    machine: Clock = field(default_factory=SystemClock)

    def begin(self, entered: LoggedIn) -> str:
        """A new visit of somebody who has just logged in; returns the word for their browser."""
        word = base64.urlsafe_b64encode(self.randomness.bytes(_BYTES)).decode().rstrip("=")
        account, _, generation = entered.session.partition(":")
        now = self.machine.now()
        with self.database.autocommit() as cursor:
            cursor.execute(
                "INSERT INTO identity.sessions (word, account, generation, began_at, seen_at)"
                " VALUES (%s, %s, %s, %s, %s)",
                (word_hash(word), account, int(generation), now, now),
            )
            note_seen(cursor, account, now)
            cursor.execute(
                "DELETE FROM identity.sessions WHERE seen_at <= %s OR began_at <= %s", (now - IDLE, now - LONGEST)
            )
        return word

    def visit(self, word: str, *, seen: bool = True) -> Visit | None:
        """Whose visit a word stands for; none if it has ended, or never began.

        :param seen: whether somebody did something by that; not if a page asked for news by itself.
        """
        now = self.machine.now()
        with self.database.autocommit() as cursor:
            cursor.execute(
                """
                SELECT u.tenant, u.actor, u.agency, u.username, u.admin, u.id, s.began_at, s.seen_at
                  FROM identity.sessions s JOIN identity.users u ON u.id = s.account AND u.generation = s.generation
                 WHERE s.word = %s AND NOT u.disabled AND s.seen_at > %s AND s.began_at > %s
                """,
                (word_hash(word), now - IDLE, now - LONGEST),
            )
            row = cursor.fetchone()
            if row is None:
                return None
            tenant, actor, agency, user, admin, account, began_at, seen_at = row
            if seen and now - seen_at >= _NOTED:
                cursor.execute("UPDATE identity.sessions SET seen_at = %s WHERE word = %s", (now, word_hash(word)))
                note_seen(cursor, account, now)
                seen_at = now
        caller = Caller(tenant=tenant, actor=actor, agency=agency, user=user, admin=admin)
        return Visit(caller, account if isinstance(account, UUID) else UUID(account), began_at, seen_at)

    def end(self, word: str) -> None:
        """The officer leaves."""
        with self.database.autocommit() as cursor:
            cursor.execute("DELETE FROM identity.sessions WHERE word = %s", (word_hash(word),))

    def end_all(self, account: UUID) -> None:
        """End every visit of an account, on whatever machine."""
        with self.database.autocommit() as cursor:
            cursor.execute("DELETE FROM identity.sessions WHERE account = %s", (str(account),))

    def of(self, account: UUID) -> int:
        """How many visits an account has open."""
        now = self.machine.now()
        with self.database.autocommit() as cursor:
            cursor.execute(
                "SELECT count(*) FROM identity.sessions WHERE account = %s AND seen_at > %s AND began_at > %s",
                (str(account), now - IDLE, now - LONGEST),
            )
            return int((cursor.fetchone() or (0,))[0])


def ends_at(visit: Visit) -> datetime:
    """When a visit ends, by the machine's clock, if nothing more is done."""
    return min(visit.seen_at + IDLE, visit.began_at + LONGEST)


def word_hash(word: str) -> bytes:
    """All that is kept of the word by which a browser proves its visit."""
    return hashlib.sha256(word.encode("utf-8", "replace")).digest()
