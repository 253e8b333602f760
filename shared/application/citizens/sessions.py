"""Citizens' visits: a random word in the browser or the client, and here whose it is."""

import base64
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from shared.application.identity.sessions import word_hash
from shared.application.runtime import Runtime
from shared.base.clock import Clock, SystemClock

IDLE: Final = timedelta(hours=12)
"""Telephones are shared: who has not come back for half a day enters anew."""
LONGEST: Final = timedelta(days=7)

_BYTES: Final = 24
_NOTED: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class CitizenSessions:
    """The visits in schema ``citizens``."""

    runtime: Runtime
    machine: Clock = field(default_factory=SystemClock)

    def begin(self, account: UUID) -> str:
        """A new visit of somebody who has just entered; the word for their browser."""
        word = base64.urlsafe_b64encode(self.runtime.randomness.bytes(_BYTES)).decode().rstrip("=")
        now = self.machine.now()
        with self.runtime.database.autocommit() as cursor:
            cursor.execute(
                "INSERT INTO citizens.sessions (word, account, generation, began_at, seen_at)"
                " SELECT %s, id, generation, %s, %s FROM citizens.accounts WHERE id = %s",
                (word_hash(word), now, now, str(account)),
            )
            cursor.execute(
                "DELETE FROM citizens.sessions WHERE seen_at <= %s OR began_at <= %s", (now - IDLE, now - LONGEST)
            )
        return word

    def whose(self, tenant: str, word: str) -> UUID | None:
        """Whose visit a word stands for; none if it has ended, never began, or is at another government."""
        now = self.machine.now()
        with self.runtime.database.autocommit() as cursor:
            cursor.execute(
                """
                SELECT a.id, s.seen_at FROM citizens.sessions s
                  JOIN citizens.accounts a ON a.id = s.account AND a.generation = s.generation
                 WHERE s.word = %s AND a.tenant = %s AND s.seen_at > %s AND s.began_at > %s
                """,
                (word_hash(word), tenant, now - IDLE, now - LONGEST),
            )
            row = cursor.fetchone()
            if row is None:
                return None
            if now - row[1] >= _NOTED:
                cursor.execute("UPDATE citizens.sessions SET seen_at = %s WHERE word = %s", (now, word_hash(word)))
        return row[0] if isinstance(row[0], UUID) else UUID(row[0])

    def end(self, word: str) -> None:
        """The citizen leaves."""
        with self.runtime.database.autocommit() as cursor:
            cursor.execute("DELETE FROM citizens.sessions WHERE word = %s", (word_hash(word),))

    def end_all(self, account: UUID) -> None:
        """End every visit of an account, on whatever telephone."""
        with self.runtime.database.autocommit() as cursor:
            cursor.execute("UPDATE citizens.accounts SET generation = generation + 1 WHERE id = %s", (str(account),))
