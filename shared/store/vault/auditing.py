"""Proving that the vault is what the log needs: a key for every dossier, and none for those that were erased."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from shared.platform.database.pool import Database
from shared.store.vault.vault import Vault

_BATCH: Final = 2_000
_KEYS: Final = "SELECT dossier, wrapped, master_key_id FROM vault.keys ORDER BY dossier"
_LACKING: Final = """
    SELECT dossier FROM eventstore.events AS first WHERE version = 1
       AND NOT EXISTS (SELECT FROM vault.keys WHERE keys.dossier = first.dossier)
       AND NOT EXISTS (SELECT FROM eventstore.events AS last WHERE last.dossier = first.dossier AND last.type = %s)
       -- Of a government that was taken away the keys are destroyed here: see shared/application/moving.
       AND NOT EXISTS (SELECT FROM eventstore.moves WHERE moves.state = 'forgotten'
                          AND moves.tenant = convert_from(first.state, 'UTF8')::json ->> 'tenant')
    ORDER BY dossier
"""
_BACK: Final = """
    SELECT dossier FROM vault.keys
    WHERE EXISTS (SELECT FROM eventstore.events AS last WHERE last.dossier = keys.dossier AND last.type = %s)
    ORDER BY dossier
"""


@dataclass(frozen=True)
class KeyFault:
    """One key that is not as it was put there.

    :param what: ``exchanged`` (it is not this dossier's, or was changed), ``lost`` (the dossier has none, and was not
        erased) or ``back`` (it was erased, and has one again). Keys of accounts and of channels' persons lie here too.
    """

    dossier: UUID
    what: str

    def __str__(self) -> str:
        return f"{self.what}: the key of dossier {self.dossier}"


def verify_keys(database: Database, vault: Vault, erased: str) -> tuple[int, list[KeyFault]]:
    """Open every key, and hold the keys against the dossiers of the log.

    :param erased: the type of the event after which a dossier has no key.
    :returns: how many keys there are, and what is wrong.
    :raises WrongMasterKey: if a key's master key is not among those given.
    """
    with closing(database.unlimited().connect(autocommit=False)) as session:
        session.set_session(isolation_level="REPEATABLE READ", readonly=True)
        count = 0
        faults = []
        with session.cursor("keys") as cursor:
            cursor.itersize = _BATCH
            cursor.execute(_KEYS)
            for dossier, wrapped, master_id in cursor:
                count += 1
                if not vault.opens(dossier, bytes(wrapped), master_id):
                    faults.append(KeyFault(dossier, "exchanged"))

        def found(statement: str, what: str, *parameters: str) -> Iterator[KeyFault]:
            with session.cursor() as own:
                own.execute(statement, parameters)
                for (dossier,) in own:
                    yield KeyFault(dossier, what)

        faults += found(_LACKING, "lost", erased)
        faults += found(_BACK, "back", erased)
    return count, faults
