"""The complaints of one account in one list: ticket and code, sealed, so that nobody else sees whose they are."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from shared.application.citizens import hashing
from shared.application.runtime import Runtime
from shared.base.clock import Clock, SystemClock
from shared.base.errors import NotFound
from shared.domain.sealing import DataKey

MOST: Final = 200
_SEALED: Final = "citizens.complaints"


@dataclass(frozen=True)
class Linked:
    """A complaint of an account's.

    :param code: the tracking code.
    :param title: as it was when it was linked.
    """

    ticket: str
    dossier: str
    code: str = field(repr=False)
    title: str = field(repr=False)


@dataclass(frozen=True)
class InList:
    """The same, with when it came into the list."""

    linked: Linked
    linked_at: datetime


@dataclass(frozen=True)
class CitizenComplaints:
    """The complaints of all accounts."""

    runtime: Runtime
    machine: Clock = field(default_factory=SystemClock)

    def link(self, account: UUID, tenant: str, linked: Linked, *, verified: bool = False) -> None:
        """Put a complaint into an account's list; once more with another code, as when it was renewed, replaces that.

        :param verified: it was just filed by the account, with the identity that a desk has compared.
        """
        key = self._key(account)
        found_by = hashing.of_ticket(self.runtime, tenant, linked.ticket) if verified else None
        with self.runtime.database.autocommit() as cursor:
            cursor.execute(
                """
                INSERT INTO citizens.complaints AS c (account, mark, verified, sealed, linked_at)
                VALUES (%s, %s, %s, %s, %s)
                ON CONFLICT (account, mark) DO UPDATE SET sealed = excluded.sealed,
                    verified = coalesce(c.verified, excluded.verified)
                """,
                (
                    str(account),
                    hashing.marked(key, linked.ticket),
                    found_by,
                    key.seal(asdict(linked), _SEALED),
                    self.machine.now(),
                ),
            )

    def of(self, account: UUID) -> list[InList]:
        """An account's complaints, the latest linked first; at most :data:`MOST`."""
        key = self._key(account)
        with self.runtime.database.autocommit() as cursor:
            cursor.execute(
                "SELECT sealed, linked_at FROM citizens.complaints WHERE account = %s "
                "ORDER BY linked_at DESC, mark LIMIT %s",
                (str(account), MOST),
            )
            rows = cursor.fetchall()
        return [InList(Linked(**key.open(sealed, _SEALED)), at) for sealed, at in rows]

    def find(self, account: UUID, ticket: str) -> Linked:
        """One of them.

        :raises NotFound: ``unknown_ticket``: it is not in the list.
        """
        key = self._key(account)
        with self.runtime.database.autocommit() as cursor:
            cursor.execute(
                "SELECT sealed FROM citizens.complaints WHERE account = %s AND mark = %s",
                (str(account), hashing.marked(key, ticket)),
            )
            row = cursor.fetchone()
        if row is None:
            raise NotFound("unknown_ticket")
        return Linked(**key.open(row[0], _SEALED))

    def unlink(self, account: UUID, ticket: str) -> None:
        """Take one out of the list; the complaint stays."""
        key = self._key(account)
        with self.runtime.database.autocommit() as cursor:
            cursor.execute(
                "DELETE FROM citizens.complaints WHERE account = %s AND mark = %s",
                (str(account), hashing.marked(key, ticket)),
            )

    def filed_verified(self, tenant: str, ticket: str) -> bool:
        """Whether a complaint was filed by an account whose identity a desk had compared, with that identity."""
        with self.runtime.database.autocommit() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM citizens.complaints WHERE verified = %s)",
                (hashing.of_ticket(self.runtime, tenant, ticket),),
            )
            return bool((cursor.fetchone() or (False,))[0])

    def _key(self, account: UUID) -> DataKey:
        key = self.runtime.vault.key_of(account)
        if key is None:
            raise NotFound("unknown_account")
        return key
