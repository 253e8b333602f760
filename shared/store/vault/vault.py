"""The vault: the dossiers' keys, wrapped by the master key. Erasing a reporter is destroying a key."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from uuid import UUID

import psycopg2
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class
from psycopg2.extras import execute_values

from shared.base.randomness import Randomness
from shared.domain.sealing import KEY_BYTES, NONCE_BYTES, DataKey, Unsealable
from shared.platform.database.pool import Database
from shared.platform.purposes import Lasting
from shared.store.vault.keys import MasterKey
from shared.store.vault.masters import WrongMasterKey, admit, lasting_keys, missing

_UNKNOWN_MASTER = "AD003"
_STORE = """
    INSERT INTO vault.keys (dossier, wrapped, master_key_id)
    SELECT dossier, wrapped, %s FROM unnest(%s::uuid[], %s::bytea[]) AS key (dossier, wrapped)
"""

_KEYLESS = """
    SELECT dossier FROM unnest(%s::uuid[]) AS asked (dossier)
     WHERE NOT EXISTS (SELECT FROM vault.keys WHERE keys.dossier = asked.dossier)
"""


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
        self._admitted = False
        self._lasting: Mapping[str, bytes] = {}

    def admit(self) -> None:
        """Make sure that the master keys given open everything that lies here. Asked at every start.

        :raises WrongMasterKey: if one is missing; nothing is changed then.
        """
        with self._database.transaction() as cursor:
            admit(cursor, self._master, self._masters, self._randomness)
            # Read here once, and never later: who asks for one may hold the last connection that there is.
            self._lasting = lasting_keys(cursor, self._master)
        self._admitted = True

    def be_admitted(self) -> None:
        """As :meth:`admit`, unless that was asked before.

        :raises WrongMasterKey: as :meth:`admit`.
        """
        if not self._admitted:
            self.admit()

    def lasting_key(self, purpose: Lasting) -> bytes:
        """The key of a purpose that outlives a change of the master key: the same before and after.

        :returns: 32 bytes.
        :raises WrongMasterKey: as :meth:`admit`.
        """
        self.be_admitted()
        return self._lasting[purpose]

    def new_key(self, dossier: UUID) -> DataKey:
        """A key for a new dossier, in memory: :meth:`store` it with the dossier's first event."""
        return self._data_key(dossier, self._randomness.bytes(KEY_BYTES))

    def store(self, cursor: Cursor, keys: Iterable[DataKey]) -> None:
        """Keep new keys, within the caller's transaction and after its append.

        :raises psycopg2.IntegrityError: if a dossier has a key already: none is ever replaced.
        :raises WrongMasterKey: if the vault's keys are wrapped by another master key, also since this process started.
        """
        if not self._admitted:
            admit(cursor, self._master, self._masters, self._randomness)
        statement, values = self.storing(keys)
        with self.guarding():
            cursor.execute(statement, values)

    def storing(self, keys: Iterable[DataKey]) -> tuple[str, tuple[object, ...]]:
        """The statement by which :meth:`store` keeps keys, for who sends it together with others: after
        :meth:`be_admitted`, and within :meth:`guarding`.
        """
        kept = list(keys)
        wrapped = [self._wrap(key.dossier, key.secret) for key in kept]
        return _STORE, (self._master.id, [str(key.dossier) for key in kept], wrapped)

    @contextmanager
    def guarding(self) -> Iterator[None]:
        """A block that stores keys.

        :raises WrongMasterKey: as :meth:`store`.
        """
        try:
            yield
        except Exception as error:
            if _code_of(error) != _UNKNOWN_MASTER:
                raise
            raise WrongMasterKey("stale_master_key", {"given": self._master.id}) from error

    def keys(self, cursor: Cursor | None, dossiers: Iterable[UUID]) -> dict[UUID, DataKey | None]:
        """The keys of dossiers, in one query.

        :param cursor: to read within a transaction; none for a connection of the vault's own.
        :returns: one entry for each dossier asked for; None where the key was destroyed or never was.
        :raises WrongMasterKey: if a key's master key is not among those given.
        :raises Unsealable: if a key was tampered with.
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

    def keyless(self, cursor: Cursor | None, dossiers: Iterable[UUID]) -> list[UUID]:
        """Those of dossiers whose key was destroyed or never was. No key is opened for it.

        :param cursor: as for :meth:`keys`.
        """
        asked = [str(each) for each in dossiers]
        if not asked:
            return []
        with self._on(cursor) as used:
            used.execute(_KEYLESS, (asked,))
            return [dossier for (dossier,) in used.fetchall()]

    def key_of(self, dossier: UUID) -> DataKey | None:
        """The key of one dossier, read on a connection of the vault's own; none, and errors, as of :meth:`keys`."""
        return self.keys(None, [dossier])[dossier]

    def opens(self, dossier: UUID, wrapped: bytes, master_id: str) -> bool:
        """Whether a key as it is kept is this dossier's, word for word.

        :raises WrongMasterKey: if its master key is not among those given.
        """
        try:
            self._unwrap(dossier, wrapped, master_id)
        except Unsealable:
            return False
        return True

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

        May run beside the services, if they were given both keys, and by several at once; what a stopped run left is
        done by the next. Afterwards the vault knows the present master key only: what a process with none but the
        former one would seal is refused. Old wraps lie on pages until
        :func:`shared.store.vault.sweeping.sweep`.

        :param batch: keys per transaction.
        :returns: how many were wrapped anew.
        :raises WrongMasterKey: if a key's master key is not among those given.
        """
        self.admit()
        done = 0
        after: UUID | None = None
        while True:
            with self._database.transaction() as cursor:
                wrapped = self._rewrap_some(cursor, after, batch)
            if not wrapped:
                break
            done += len(wrapped)
            after = wrapped[-1]
        with self._database.transaction() as cursor:
            # Whoever is just sealing by a former key is waited for, and comes under this one; nobody follows.
            cursor.execute("LOCK TABLE vault.keys IN SHARE ROW EXCLUSIVE MODE")
            while left := self._rewrap_some(cursor, None, batch):
                done += len(left)
            cursor.execute("DELETE FROM vault.masters WHERE id <> %s", (self._master.id,))
        return done

    def _rewrap_some(self, cursor: Cursor, after: UUID | None, batch: int) -> list[UUID]:
        """Wrap some keys anew, in the order of their dossiers; which those were."""
        cursor.execute(
            """
            SELECT dossier, wrapped, master_key_id FROM vault.keys
            WHERE master_key_id <> %s AND (%s::uuid IS NULL OR dossier > %s::uuid)
            ORDER BY dossier LIMIT %s FOR UPDATE
            """,
            (self._master.id, after, after, batch),
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
        return [dossier for dossier, _ in anew]

    def _data_key(self, dossier: UUID, secret: bytes) -> DataKey:
        return DataKey(dossier, secret, self._randomness)

    def _wrap(self, dossier: UUID, secret: bytes) -> bytes:
        return self._master.wrap(dossier, secret, self._randomness.bytes(NONCE_BYTES))

    def _unwrap(self, dossier: UUID, wrapped: bytes, master_id: str) -> bytes:
        master = self._masters.get(master_id)
        if master is None:
            raise missing(master_id, self._master)
        return master.unwrap(dossier, wrapped)

    def _on(self, cursor: Cursor | None) -> AbstractContextManager[Cursor]:
        return self._database.autocommit() if cursor is None else _given(cursor)


def _code_of(error: Exception) -> str | None:
    """What the database said, also where that was put into others' words."""
    said = error if isinstance(error, psycopg2.Error) else error.__cause__
    return said.pgcode if isinstance(said, psycopg2.Error) else None


@contextmanager
def _given(cursor: Cursor) -> Iterator[Cursor]:
    yield cursor
