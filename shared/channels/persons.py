"""Who writes: one person by all the ids that they are known by, each kept as a keyed hash only."""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from shared.channels.incoming import Sender
from shared.channels.joining import Joining
from shared.domain.sealing import DataKey
from shared.store.vault.vault import Vault

BY_MAIL: Final = "mail"
"""The kind of id that an address of mail is."""


@dataclass(frozen=True)
class Persons:
    """The persons of an installation.

    :param key: 32 bytes, of :attr:`.Lasting.PERSONS_OF_CHANNELS`.
    :param vault: where each has a key of their own.
    """

    key: bytes
    vault: Vault

    def hash(self, tenant: str, kind: str, id_: str) -> bytes:
        """What an id is found by; it tells nothing to who has not the key."""
        return hmac.new(self.key, f"{tenant}\n{kind}\n{id_.casefold()}".encode("utf-8", "replace"), sha256).digest()

    def of_id(self, tenant: str, kind: str, id_: str) -> UUID:
        """The name that a person gets by the first of their ids that was heard of."""
        return UUID(bytes=self.hash(tenant, kind, id_)[:16], version=5)

    def known(self, cursor: Any, tenant: str, kind: str, id_: str) -> UUID | None:
        """The person who has written under an id; none if nobody has."""
        cursor.execute(
            "SELECT person FROM channels.ids WHERE tenant = %s AND kind = %s AND hash = %s",
            (tenant, kind, self.hash(tenant, kind, id_)),
        )
        row = cursor.fetchone()
        return None if row is None else UUID(str(row[0]))

    def person(self, cursor: Any, tenant: str, sender: Sender, now: datetime) -> DataKey:
        """The person who wrote, with their key; made if they never did. Ids that come together are one person's.

        :param cursor: in a transaction that goes on: what is made is made with what they wrote.
        """
        hashes = [(kind, self.hash(tenant, kind, id_)) for kind, id_ in sender.ids.items()]
        former = [(kind, self.hash(tenant, kind, id_)) for kind, id_ in sender.former.items()]
        # Held until the end: who joins two meanwhile waits for what is written here, or has this one wait for them.
        cursor.execute(
            "SELECT kind, hash, person FROM channels.ids WHERE tenant = %s AND (kind, hash) IN %s "
            "ORDER BY kind, hash FOR NO KEY UPDATE",
            (tenant, (*hashes, *former)),
        )
        known = {(kind, bytes(digest)): person for kind, digest, person in cursor.fetchall()}
        person = next((known[each] for each in (*hashes, *former) if each in known), None)
        if person is None:
            kind, id_ = next(iter(sender.ids.items()))
            person = self.of_id(tenant, kind, id_)
        for other in sorted({each for each in known.values() if each != person}, key=str):
            Joining(cursor, self.vault, tenant, other, person).unite()
        for kind, digest in hashes:
            cursor.execute(
                """
                INSERT INTO channels.ids AS ids (tenant, kind, hash, person, seen_at) VALUES (%s, %s, %s, %s, %s)
                ON CONFLICT (tenant, kind, hash) DO UPDATE SET person = excluded.person, seen_at = excluded.seen_at
                    WHERE ids.person <> excluded.person OR ids.seen_at < excluded.seen_at - interval '1 day'
                """,
                (tenant, kind, digest, str(person), now),
            )
        return self._key(cursor, tenant, person, now)

    def nobody(self, cursor: Any, tenant: str, now: datetime) -> DataKey:
        """Whose name items bear that are nobody's: their contents are sealed all the same."""
        return self._key(cursor, tenant, self.of_id(tenant, "nobody", "nobody"), now)

    def keys(self, cursor: Any, persons: Iterable[UUID]) -> Mapping[UUID, DataKey | None]:
        """The keys of persons; none where they were forgotten."""
        return self.vault.keys(cursor, persons)

    def _key(self, cursor: Any, tenant: str, person: UUID, now: datetime) -> DataKey:
        cursor.execute(
            "INSERT INTO channels.persons (tenant, person, created_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            (tenant, str(person), now),
        )
        made = cursor.rowcount == 1  # whoever makes the same person at this moment waited for us, or we for them
        key = None if made else self.vault.keys(cursor, [person])[person]
        if key is None:
            key = self.vault.new_key(person)
            self.vault.store(cursor, [key])
        return key
