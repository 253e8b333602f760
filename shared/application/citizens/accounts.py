"""Citizens' accounts: made by the first right code, with an identity that is given once and that a desk may compare."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from shared.application.citizens import hashing
from shared.application.citizens.contact import KINDS, CitizensContact
from shared.application.citizens.finding import FoundAccount, find, keep_contact
from shared.application.runtime import Runtime
from shared.base.clock import Clock, SystemClock
from shared.base.errors import Conflict, NotFound
from shared.base.randomness import new_uuid
from shared.domain.complaint.tracking import tracking_code
from shared.domain.sealing import DataKey

SEALED: Final = "citizens.accounts"
IDENTITY: Final = ("name", "address", "identity")
"""What of a person is given once."""
_AT_THE_DESK: Final = timedelta(minutes=30)


@dataclass(frozen=True)
class Account:
    """What an account says.

    :param contacts: by kind.
    :param identity: by the names of :data:`IDENTITY`; what was not given is left out.
    :param verified_at: when a desk has compared the identity with its document.
    """

    id: UUID
    tenant: str
    contacts: Mapping[str, str]
    identity: Mapping[str, str]
    created_at: datetime
    verified_at: datetime | None


@dataclass(frozen=True)
class Accounts:
    """The accounts in schema ``citizens``."""

    runtime: Runtime
    machine: Clock = field(default_factory=SystemClock)

    def enter(self, tenant: str, contact: CitizensContact) -> UUID:
        """The account of whoever has shown that a contact is theirs; made if there is none."""
        try:
            return self._entered(tenant, contact)
        except Conflict:  # twice at the same moment: the other has made it
            return self._entered(tenant, contact)

    def _entered(self, tenant: str, contact: CitizensContact) -> UUID:
        with self.runtime.database.transaction() as cursor:
            known = find(self.runtime, cursor, tenant, contact)
            if known is not None:
                return known
            account = new_uuid(self.runtime.randomness)
            key = self.runtime.vault.new_key(account)
            cursor.execute(
                "INSERT INTO citizens.accounts (id, tenant, sealed, created_at) VALUES (%s, %s, %s, %s)",
                (str(account), tenant, key.seal({contact.kind: contact.value}, SEALED), self.machine.now()),
            )
            if not keep_contact(self.runtime, cursor, FoundAccount(tenant, account, contact)):
                raise Conflict("contact_taken")
            self.runtime.vault.store(cursor, [key])
        return account

    def read(self, account: UUID) -> Account:
        """An account.

        :raises NotFound: ``unknown_account``: it was erased.
        """
        key = self._key(account)
        with self.runtime.database.autocommit() as cursor:
            cursor.execute(
                "SELECT tenant, sealed, created_at, verified_at FROM citizens.accounts WHERE id = %s", (str(account),)
            )
            row = cursor.fetchone()
        if row is None:
            raise NotFound("unknown_account")
        said = key.open(row[1], SEALED)
        contacts: dict[str, str] = {name: said[name] for name in KINDS if name in said}
        identity = {name: said[name] for name in IDENTITY if said.get(name)}
        return Account(account, row[0], contacts, identity, row[2], row[3])

    def add_contact(self, account: UUID, contact: CitizensContact) -> None:
        """A second way to the same person; it takes the place of one of its kind.

        :raises Conflict: ``contact_taken``, if it is another account's.
        """
        said = self.read(account)
        key = self._key(account)
        with self.runtime.database.transaction() as cursor:
            cursor.execute(
                "DELETE FROM citizens.contacts WHERE account = %s AND kind = %s", (str(account), contact.kind)
            )
            if not keep_contact(self.runtime, cursor, FoundAccount(said.tenant, account, contact)):
                raise Conflict("contact_taken")
            _write(cursor, key, account, {**said.contacts, **said.identity, contact.kind: contact.value})

    def identify(self, account: UUID, identity: Mapping[str, str | None]) -> None:
        """Keep who the person is; a change ends what a desk has compared."""
        said = self.read(account)
        given = {name: str(identity[name]) for name in IDENTITY if identity.get(name)}
        if given == dict(said.identity):
            return
        with self.runtime.database.transaction() as cursor:
            _write(cursor, self._key(account), account, {**said.contacts, **given})
            cursor.execute(
                "UPDATE citizens.accounts SET verified_at = NULL, verified_by = NULL WHERE id = %s", (str(account),)
            )
            cursor.execute("DELETE FROM citizens.desk_numbers WHERE account = %s", (str(account),))

    def desk_number(self, account: UUID) -> str:
        """A number to be told at a desk within half an hour; the former one is void."""
        said = self.read(account)
        number = tracking_code(self.runtime.randomness)[:8]
        with self.runtime.database.autocommit() as cursor:
            cursor.execute(
                """
                INSERT INTO citizens.desk_numbers AS d (account, tenant, hash, until) VALUES (%s, %s, %s, %s)
                ON CONFLICT (account) DO UPDATE SET hash = excluded.hash, until = excluded.until
                """,
                (
                    str(account),
                    said.tenant,
                    hashing.of_desk_number(self.runtime, said.tenant, number),
                    self.machine.now() + _AT_THE_DESK,
                ),
            )
        return number

    def at_desk(self, tenant: str, number: str) -> Account:
        """The account whose number was told at a desk.

        :raises NotFound: ``unknown_account``, alike for a wrong and an old number.
        """
        with self.runtime.database.autocommit() as cursor:
            cursor.execute(
                "SELECT account FROM citizens.desk_numbers WHERE tenant = %s AND hash = %s AND until > %s",
                (tenant, hashing.of_desk_number(self.runtime, tenant, number), self.machine.now()),
            )
            row = cursor.fetchone()
        if row is None:
            raise NotFound("unknown_account")
        return self.read(row[0] if isinstance(row[0], UUID) else UUID(row[0]))

    def verify(self, tenant: str, number: str, by: str) -> Account:
        """A desk has compared the identity with its document. The number is void then.

        :param by: the officer's account.
        :raises NotFound: as :meth:`at_desk`.
        :raises Conflict: ``identity_incomplete``: there is nothing to compare.
        """
        account = self.at_desk(tenant, number)
        if not {"name", "identity"} <= set(account.identity):
            raise Conflict("identity_incomplete")
        with self.runtime.database.transaction() as cursor:
            cursor.execute("DELETE FROM citizens.desk_numbers WHERE account = %s", (str(account.id),))
            if cursor.rowcount != 1:
                raise NotFound("unknown_account")  # changed meanwhile, or somebody else was faster
            cursor.execute(
                "UPDATE citizens.accounts SET verified_at = %s, verified_by = %s WHERE id = %s",
                (self.machine.now(), by, str(account.id)),
            )
        return self.read(account.id)

    def erase(self, account: UUID) -> None:
        """Forget an account with all that hangs on it, and destroy its key. Its complaints stay, under their codes."""
        with self.runtime.database.transaction() as cursor:
            cursor.execute("DELETE FROM citizens.accounts WHERE id = %s", (str(account),))
            self.runtime.vault.destroy(account, cursor)

    def _key(self, account: UUID) -> DataKey:
        key = self.runtime.vault.key_of(account)
        if key is None:
            raise NotFound("unknown_account")
        return key


def _write(cursor: Any, key: DataKey, account: UUID, said: Mapping[str, str]) -> None:
    cursor.execute("UPDATE citizens.accounts SET sealed = %s WHERE id = %s", (key.seal(said, SEALED), str(account)))
