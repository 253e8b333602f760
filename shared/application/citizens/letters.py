"""The letters that bring codes, for who sends them: claimed for a while, forgotten once they are done with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from shared.application.citizens import hashing
from shared.application.citizens.codes import LETTER
from shared.application.citizens.contact import CitizensContact
from shared.application.runtime import Runtime
from shared.domain.sealing import Unsealable

_LEASE: Final = timedelta(seconds=60)
_AT_ONCE: Final = 20
_CLAIM: Final = """
    UPDATE citizens.codes SET attempts = attempts + 1, next_attempt_at = %(now)s + %(lease)s
     WHERE id IN (SELECT id FROM citizens.codes
                   WHERE letter <> '' AND next_attempt_at <= %(now)s AND until > %(now)s
                   ORDER BY next_attempt_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
    RETURNING id, tenant, letter, attempts
"""


@dataclass(frozen=True)
class CodeLetter:
    """A code to be brought.

    :param attempts: with this one.
    """

    id: UUID
    tenant: str
    to: CitizensContact
    code: str
    attempts: int


def claim(runtime: Runtime, now: datetime) -> Sequence[CodeLetter]:
    """What is to be brought now; whoever claimed it has a minute. A code that has run out is not brought any more."""
    with runtime.database.autocommit() as cursor:
        cursor.execute(_CLAIM, {"now": now, "lease": _LEASE, "limit": _AT_ONCE})
        rows = cursor.fetchall()
    found = []
    for id_, tenant, letter, attempts in rows:
        uuid = id_ if isinstance(id_, UUID) else UUID(id_)
        try:
            told = hashing.letter_key(runtime, uuid).open(letter, LETTER)
        except Unsealable:  # of before the master key was changed
            done(runtime, uuid)
            continue
        found.append(CodeLetter(uuid, tenant, CitizensContact(told["kind"], told["to"]), told["code"], attempts))
    return found


def done(runtime: Runtime, id_: UUID) -> None:
    """It was brought, or given up: what it said is forgotten."""
    with runtime.database.autocommit() as cursor:
        cursor.execute("UPDATE citizens.codes SET letter = '' WHERE id = %s", (str(id_),))


def later(runtime: Runtime, id_: UUID, at: datetime) -> None:
    """It is tried again."""
    with runtime.database.autocommit() as cursor:
        cursor.execute("UPDATE citizens.codes SET next_attempt_at = %s WHERE id = %s", (at, str(id_)))
