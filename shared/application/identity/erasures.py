"""Erasures are asked for by one administrator and agreed to by another: what is gone cannot be brought back.

No call carries one out: whoever could forge a call could destroy everything. A service looks here, in the database, for
those that two have agreed on.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from shared.base.errors import Conflict, NotFound
from shared.domain.dossier.events import ErasureReason
from shared.platform.database.pool import Database

ERASED_WITHIN: Final = timedelta(hours=3 * 24)
"""How long what a reporter asks for may take, by the wall clock."""
_COLUMNS: Final = "tenant, ticket, reason, asked_by, asked_at, agreed_by, agreed_at, done_at, position"
_ALL: Final = f"""
    SELECT {_COLUMNS} FROM identity.erasures WHERE tenant = %s AND done_at IS NULL ORDER BY asked_at, ticket
"""  # noqa: S608 - constants of ours
_ONE: Final = f"SELECT {_COLUMNS} FROM identity.erasures WHERE tenant = %s AND ticket = %s"  # noqa: S608
_ASK: Final = """
    INSERT INTO identity.erasures (tenant, ticket, reason, asked_by, asked_at) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT DO NOTHING
"""
_AGREE: Final = """
    UPDATE identity.erasures SET agreed_by = %s, agreed_at = %s
     WHERE tenant = %s AND ticket = %s AND agreed_at IS NULL
       AND reason = %s AND asked_by = %s AND asked_at = %s AND asked_by <> %s
"""
_LET_GO: Final = "DELETE FROM identity.erasures WHERE tenant = %s AND ticket = %s AND agreed_at IS NULL"
_AGREED: Final = f"""
    SELECT {_COLUMNS} FROM identity.erasures WHERE agreed_at IS NOT NULL AND done_at IS NULL
     ORDER BY agreed_at LIMIT 1
"""  # noqa: S608 - constants of ours
_DONE: Final = """
    UPDATE identity.erasures SET done_at = coalesce(done_at, %s), position = coalesce(position, %s)
     WHERE tenant = %s AND ticket = %s
"""


@dataclass(frozen=True)
class Asked:
    """One of them.

    :param asked_by: the account that asked for it; ``agreed_by`` another, once it has.
    :param position: of the log, once it is carried out; none if it had been erased before.
    """

    tenant: str
    ticket: str
    reason: ErasureReason
    asked_by: str
    asked_at: datetime
    agreed_by: str | None = None
    agreed_at: datetime | None = None
    done_at: datetime | None = None
    position: int | None = None

    @property
    def due_at(self) -> datetime | None:
        """When it must have been carried out: what a reporter asks for, within 72 hours by the wall clock.

        Source: Law 27/2022 on personal data, which gives these hours for stopping the use of what somebody takes back.
        """
        return self.asked_at + ERASED_WITHIN if self.reason == "asked" else None

    @property
    def mark(self) -> str:
        """By which a page names the request that it shows: it may be let go, and asked for anew for another reason."""
        return f"{self.reason} {self.asked_at.isoformat()} {self.asked_by}"


@dataclass(frozen=True)
class Erasures:
    """Those of an installation."""

    database: Database

    def waiting(self, tenant: str) -> tuple[Asked, ...]:
        """Of a government, not carried out yet, the oldest first."""
        with self.database.autocommit() as cursor:
            cursor.execute(_ALL, (tenant,))
            return tuple(Asked(*row) for row in cursor.fetchall())

    def of(self, tenant: str, ticket: str) -> Asked:
        """One of them, whatever has become of it.

        :raises NotFound: ``no_erasure_asked``.
        """
        with self.database.autocommit() as cursor:
            cursor.execute(_ONE, (tenant, ticket))
            row = cursor.fetchone()
        if row is None:
            raise NotFound("no_erasure_asked")
        return Asked(*row)

    def ask(self, tenant: str, ticket: str, reason: ErasureReason, by: str, at: datetime) -> None:
        """Ask for one.

        :raises Conflict: ``erasure_asked`` if somebody has already.
        """
        with self.database.autocommit() as cursor:
            cursor.execute(_ASK, (tenant, ticket, reason, by, at))
            if cursor.rowcount == 0:
                raise Conflict("erasure_asked")

    def agree(self, tenant: str, ticket: str, mark: str, by: str, at: datetime) -> None:
        """Agree to one that somebody else has asked for.

        :param mark: :attr:`Asked.mark` of what was looked at.
        :raises NotFound: ``no_erasure_asked``.
        :raises Conflict: ``needs_another_administrator`` for who asked for it; ``erasure_asked_anew`` if it is another
            request by now.
        """
        asked = self.of(tenant, ticket)
        if asked.mark != mark:
            raise Conflict("erasure_asked_anew")
        if asked.asked_by == by:
            raise Conflict("needs_another_administrator")
        with self.database.autocommit() as cursor:
            cursor.execute(_AGREE, (by, at, tenant, ticket, asked.reason, asked.asked_by, asked.asked_at, by))
            agreed = cursor.rowcount == 1
        if not agreed and self.of(tenant, ticket).mark != mark:  # agreed to by another is as good
            raise Conflict("erasure_asked_anew")

    def let_go(self, tenant: str, ticket: str) -> None:
        """Nobody wants it any more; what was agreed to goes on.

        :raises NotFound: ``no_erasure_asked``.
        :raises Conflict: ``erasure_agreed`` if another has agreed to it: it is carried out, or was.
        """
        with self.database.autocommit() as cursor:
            cursor.execute(_LET_GO, (tenant, ticket))
            gone = cursor.rowcount == 1
        if not gone:
            raise Conflict("erasure_agreed", {"by": self.of(tenant, ticket).agreed_by})


def next_agreed(cursor: Any) -> Asked | None:
    """The one that was agreed to first and is not carried out yet; none if there is none."""
    cursor.execute(_AGREED)
    row = cursor.fetchone()
    return Asked(*row) if row is not None else None


def note_done(cursor: Any, asked: Asked, at: datetime, position: int | None) -> None:
    """It was carried out."""
    cursor.execute(_DONE, (at, position, asked.tenant, asked.ticket))
