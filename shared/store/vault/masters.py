"""Which master keys a vault knows: the one that is given must open what lies there, or nothing starts.

Without this a process with a lost, mistyped or stale key would start in good health, seal what nobody else can read,
and fail at everything that was sealed before.
"""

from collections.abc import Mapping

from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class

from shared.base.errors import AduanError
from shared.base.randomness import Randomness
from shared.domain.sealing import NONCE_BYTES, Unsealable
from shared.platform.database.locks import WAIT_IN_ORDER, Lock
from shared.platform.database.pool import Database
from shared.store.vault.keys import MasterKey


class WrongMasterKey(AduanError):
    """The vault holds keys that no master key given here opens. Nothing was changed."""

    status = 503


def admit(cursor: Cursor, master: MasterKey, known: Mapping[str, MasterKey], randomness: Randomness) -> None:
    """Make sure that everything in the vault can be opened, and that the present master key may wrap.

    A vault of a version that kept no check values is looked through once: one key of each master key is unwrapped.
    Where the present one is seen for the first time, it takes over from the one before what outlives that.

    :param cursor: in a transaction.
    :param master: the present one.
    :param known: all that are given, by their ids.
    :raises WrongMasterKey: if one is missing, or is not what it claims to be.
    """
    values = _values(cursor)
    if master.id not in values:
        # One process after the other: two that begin an empty vault with two keys must not both succeed.
        cursor.execute(WAIT_IN_ORDER, {"lock": int(Lock.ADMITTING), "names": ["vault"]})
        values = _values(cursor)
    for each, value in values.items():
        if each not in known or not known[each].confirms(value):
            raise missing(each, master)
    used = {master.id} if values else {master.id, *_wrapping(cursor, master, known)}
    taken_over = None if master.id in values else _taken_over(cursor, master, known, randomness)
    for each in sorted(used - set(values)):
        value = known[each].check_value(randomness.bytes(NONCE_BYTES))
        cursor.execute(
            "INSERT INTO vault.masters (id, check_value, lasting) VALUES (%s, %s, %s)",
            (each, value, taken_over if each == master.id else None),
        )


def lasting_keys(cursor: Cursor, master: MasterKey) -> dict[str, bytes]:
    """By purpose the keys that things are known again by: of the master keys before this one, else of itself.

    :param master: the present one, admitted.
    """
    return {**master.lasting, **_kept(cursor, master)}


def _kept(cursor: Cursor, master: MasterKey) -> dict[str, bytes]:
    cursor.execute("SELECT lasting FROM vault.masters WHERE id = %s AND lasting IS NOT NULL", (master.id,))
    return {
        purpose: key for (sealed,) in cursor.fetchall() for purpose, key in master.open_lasting(bytes(sealed)).items()
    }


def _taken_over(
    cursor: Cursor, master: MasterKey, known: Mapping[str, MasterKey], randomness: Randomness
) -> bytes | None:
    """What outlives the master key that was the present one until now; nothing if there was none."""
    cursor.execute("SELECT id FROM vault.masters WHERE id <> %s ORDER BY since DESC, id LIMIT 1", (master.id,))
    found = cursor.fetchall()
    if not found:
        return None
    [(before,)] = found
    return master.seal_lasting(lasting_keys(cursor, known[before]), randomness.bytes(NONCE_BYTES))


def knows_any(database: Database) -> bool:
    """Whether a master key was ever admitted here."""
    with database.autocommit() as cursor:
        return bool(_values(cursor))


def missing(needed: str, given: MasterKey) -> WrongMasterKey:
    """What is said where a master key is needed that was not given."""
    return WrongMasterKey("wrong_master_key", {"needed": needed, "given": given.id})


def _values(cursor: Cursor) -> dict[str, bytes]:
    cursor.execute("SELECT id, check_value FROM vault.masters")
    return {each: bytes(value) for each, value in cursor.fetchall()}


def _wrapping(cursor: Cursor, master: MasterKey, known: Mapping[str, MasterKey]) -> set[str]:
    """The master keys that wrap anything, after one key of each was unwrapped."""
    cursor.execute("SELECT DISTINCT ON (master_key_id) master_key_id, dossier, wrapped FROM vault.keys")
    found = cursor.fetchall()
    for each, dossier, wrapped in found:
        try:
            known[each].unwrap(dossier, bytes(wrapped))
        except (KeyError, Unsealable):
            raise missing(each, master) from None
    return {each for each, _, _ in found}
