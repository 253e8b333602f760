"""The vault: the dossiers' keys, wrapped by the master key. Erasing a reporter is destroying a key."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from uuid import UUID

from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class
from psycopg2.extras import execute_values

from shared.base.randomness import Randomness
from shared.domain.sealing import KEY_BYTES, NONCE_BYTES, DataKey, Unsealable
from shared.platform.database.pool import Database
from shared.store.vault.keys import MasterKey


class Vault:
    """Makes, keeps, finds and destroys the dossiers' keys.

    A destroyed key is gone from this table; a backup of the table still holds it. So the table is backed up apart from
    the log, and its backups are kept no longer than the law lets an erased person be found.

    :param database: where the keys lie.
    :param master: wraps new keys.
    :param randomness: where keys and nonces come from.
    :param former: master keys used before, by which older keys may still be wrapped; see :meth:`rewrap`.
    """

    def __init__(
        self, database: Database, master: MasterKey, randomness: Randomness, former: Sequence[MasterKey] = ()
    ) -> None:
        self._database = database
        self._master = master
        self._randomness = randomness
        self._masters = {each.id: each for each in (*former, master)}

    def new_key(self, dossier: UUID) -> DataKey:
        """A key for a new dossier, in memory: :meth:`store` it with the dossier's first event."""
        return self._data_key(dossier, self._randomness.bytes(KEY_BYTES))

    def store(self, cursor: Cursor, keys: Iterable[DataKey]) -> None:
        """Keep new keys, within the caller's transaction and after its append.

        :raises psycopg2.IntegrityError: if a dossier has a key already: none is ever replaced.
        """
        execute_values(
            cursor,
            "INSERT INTO vault.keys (dossier, wrapped, master_key_id) VALUES %s",
            [(key.dossier, self._wrap(key.dossier, key.secret), self._master.id) for key in keys],
        )

    def keys(self, cursor: Cursor | None, dossiers: Iterable[UUID]) -> dict[UUID, DataKey | None]:
        """The keys of dossiers, in one query.

        :param cursor: to read within a transaction; by default on a connection of the vault's own.
        :returns: one entry for each dossier asked for; None where the key was destroyed or never was.
        :raises Unsealable: if a key was tampered with, or its master key is not among those given.
        """
        found: dict[UUID, DataKey | None] = dict.fromkeys(dossiers)
        if not found:
            return found
        with self._on(cursor) as used:
            used.execute(
                "SELECT dossier, wrapped, master_key_id FROM vault.keys WHERE dossier = ANY(%s::uuid[])",
                (list(found),),
            )
            rows = used.fetchall()
        for dossier, wrapped, master_id in rows:
            found[dossier] = self._data_key(dossier, self._unwrap(dossier, bytes(wrapped), master_id))
        return found

    def destroy(self, dossier: UUID, cursor: Cursor | None = None) -> bool:
        """Make everything that was sealed for a dossier unreadable, for ever.

        :param cursor: to destroy within a transaction, such as the one that appends ``Erased``.
        :returns: whether there was a key.
        """
        with self._on(cursor) as used:
            used.execute("DELETE FROM vault.keys WHERE dossier = %s", (dossier,))
            return used.rowcount == 1

    def rewrap(self, batch: int = 500) -> int:
        """Wrap anew, by the present master key, every key that a former one wraps. Sealed data need no change.

        May run beside the services, and by several at once; what a stopped run left is done by the next. Afterwards the
        former master key is needed no more.

        :param batch: keys per transaction.
        :returns: how many were wrapped anew.
        :raises Unsealable: if a key's master key is not among those given.
        """
        done = 0
        while count := self._rewrap_some(batch):
            done += count
        return done

    def _rewrap_some(self, batch: int) -> int:
        with self._database.transaction() as cursor:
            cursor.execute(
                """
                SELECT dossier, wrapped, master_key_id FROM vault.keys
                WHERE master_key_id <> %s ORDER BY dossier LIMIT %s FOR UPDATE SKIP LOCKED
                """,
                (self._master.id, batch),
            )
            anew = [
                (dossier, self._wrap(dossier, self._unwrap(dossier, bytes(wrapped), master_id)))
                for dossier, wrapped, master_id in cursor.fetchall()
            ]
            if anew:
                execute_values(
                    cursor,
                    f"""
                    UPDATE vault.keys SET wrapped = anew.wrapped, master_key_id = '{self._master.id}'
                    FROM (VALUES %s) AS anew (dossier, wrapped) WHERE keys.dossier = anew.dossier
                    """,  # noqa: S608 - an id of our own making, hexadecimal
                    anew,
                    page_size=batch,
                )
        return len(anew)

    def _data_key(self, dossier: UUID, secret: bytes) -> DataKey:
        return DataKey(dossier, secret, self._randomness)

    def _wrap(self, dossier: UUID, secret: bytes) -> bytes:
        return self._master.wrap(dossier, secret, self._randomness.bytes(NONCE_BYTES))

    def _unwrap(self, dossier: UUID, wrapped: bytes, master_id: str) -> bytes:
        master = self._masters.get(master_id)
        if master is None:
            raise Unsealable(
                f"the key of dossier {dossier} is wrapped by master key {master_id}, and the master key given is "
                f"{self._master.id}: give the former key too"
            )
        return master.unwrap(dossier, wrapped)

    def _on(self, cursor: Cursor | None) -> AbstractContextManager[Cursor]:
        return self._database.autocommit() if cursor is None else _given(cursor)


@contextmanager
def _given(cursor: Cursor) -> Iterator[Cursor]:
    yield cursor
