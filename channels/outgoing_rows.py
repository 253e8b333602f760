"""What is to be done for people who wrote, in the order in which it was written down; sealed with their key."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from shared.channels.outgoing import OUTGOING
from shared.domain.sealing import DataKey

_LEASE_SECONDS: Final = 120


@dataclass(frozen=True)
class OutgoingRow:
    """Something to be done.

    :param request: the id of the request that led to it, if one did.
    """

    id: UUID
    tenant: str
    person: UUID
    kind: str
    attempts: int
    sealed: str
    request: UUID | None = None

    @property
    def correlation_id(self) -> str:
        """By which what it brings about belongs to the message that led to it; its own where none did."""
        return str(self.request or self.id)

    def opened(self, key: DataKey) -> dict[str, Any]:
        """What it is about."""
        return key.open(self.sealed, OUTGOING)


DUE: Final = """
    EXISTS (SELECT FROM channels.outgoing
             WHERE done_at IS NULL AND given_up_at IS NULL AND next_attempt_at <= clock_timestamp())
"""
"""Whether there may be something to be done."""


def claim(cursor: Any) -> OutgoingRow | None:
    """The next thing to be done, of the person who has waited longest; each person's in their order."""
    cursor.execute(
        """
        UPDATE channels.outgoing SET attempts = attempts + 1,
               next_attempt_at = clock_timestamp() + %s * interval '1 second'
         WHERE id = (
            SELECT o.id FROM channels.outgoing o
             WHERE o.done_at IS NULL AND o.given_up_at IS NULL AND o.next_attempt_at <= clock_timestamp()
               AND NOT EXISTS (SELECT FROM channels.outgoing e
                                WHERE e.tenant = o.tenant AND e.person = o.person AND e.done_at IS NULL
                                  AND e.given_up_at IS NULL AND e.number < o.number)
             ORDER BY o.number LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING id, tenant, person, kind, attempts, sealed, request
        """,
        (_LEASE_SECONDS,),
    )
    row = cursor.fetchone()
    return OutgoingRow(*row) if row else None


def finished(cursor: Any, id_: UUID, person: UUID) -> bool:
    """Something is done; false if it was before, or has become another's meanwhile, who does it again, once."""
    cursor.execute(
        "UPDATE channels.outgoing SET done_at = clock_timestamp(), given_up_at = NULL, sealed = '' "
        "WHERE id = %s AND person = %s AND done_at IS NULL",
        (str(id_), str(person)),
    )
    return bool(cursor.rowcount == 1)


def broke(cursor: Any, id_: UUID, after: timedelta, most: int) -> bool:
    """Something was broken by a fault of ours: it is tried again, so many times; then it is kept and holds up nobody.

    :returns: whether it is given up.
    """
    cursor.execute(
        """
        UPDATE channels.outgoing SET faults = faults + 1, next_attempt_at = clock_timestamp() + %(after)s,
               given_up_at = CASE WHEN faults + 1 >= %(most)s THEN clock_timestamp() END
         WHERE id = %(id)s AND done_at IS NULL
        RETURNING given_up_at IS NOT NULL
        """,
        {"after": after, "most": most, "id": str(id_)},
    )
    return cursor.fetchone() == (True,)


def again(cursor: Any, id_: UUID, after: timedelta) -> None:
    """Something is to be tried again."""
    cursor.execute(
        "UPDATE channels.outgoing SET next_attempt_at = clock_timestamp() + %s WHERE id = %s", (after, str(id_))
    )


@dataclass(frozen=True)
class GivenUp:
    """Something that was given up.

    :param at: when, of the machine's time.
    """

    id: UUID
    kind: str
    at: datetime


def given_up(cursor: Any, tenant: str) -> list[GivenUp]:
    """What of a government's was given up, the earlier first."""
    cursor.execute(
        "SELECT id, kind, given_up_at FROM channels.outgoing WHERE tenant = %s AND given_up_at IS NOT NULL "
        "ORDER BY given_up_at, number",
        (tenant,),
    )
    return [GivenUp(*row) for row in cursor.fetchall()]


def find_given_up(cursor: Any, tenant: str, id_: UUID) -> OutgoingRow | None:
    """Something that was given up; none if nothing of that id was."""
    cursor.execute(
        "SELECT id, tenant, person, kind, attempts, sealed, request FROM channels.outgoing "
        "WHERE tenant = %s AND id = %s AND given_up_at IS NOT NULL",
        (tenant, str(id_)),
    )
    row = cursor.fetchone()
    return OutgoingRow(*row) if row else None


def take_up_anew(cursor: Any, tenant: str) -> int:
    """Have tried what was given up, as if it had never been broken; how many there were."""
    cursor.execute(
        "UPDATE channels.outgoing SET given_up_at = NULL, faults = 0, next_attempt_at = clock_timestamp() "
        "WHERE tenant = %s AND given_up_at IS NOT NULL",
        (tenant,),
    )
    return int(cursor.rowcount)
