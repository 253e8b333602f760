from collections.abc import Iterator
from uuid import UUID, uuid4

import psycopg2
import pytest

from shared.base.randomness import SystemRandomness
from shared.domain.sealing import Unsealable
from shared.platform.database.pool import APPLICATION_ROLE, Database
from shared.platform.secret import new_secret
from shared.store.eventstore.appending import append
from shared.store.eventstore.reading import read_dossier
from shared.store.vault.keys import MasterKey
from shared.store.vault.masters import WrongMasterKey
from shared.store.vault.vault import Vault
from shared.wording.catalogue import catalogue
from tests.eventstore.making import made

RANDOM = SystemRandomness()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The database as a service sees it."""
    application = Database(database_url, role=APPLICATION_ROLE)
    yield application
    application.close()


def a_master() -> MasterKey:
    """A new master key."""
    return MasterKey.from_text(new_secret())


def sealed_dossier(database: Database, vault: Vault) -> tuple[UUID, str]:
    """A dossier with one event, and something sealed with its key, as intake files it."""
    dossier = uuid4()
    key = vault.new_key(dossier)
    with database.transaction() as cursor:
        append(cursor, made(dossier))
        vault.store(cursor, [key])
    return dossier, key.seal({"name": "Siti"}, "ComplaintFiled")


def opened(vault: Vault, dossier: UUID, sealed: str) -> dict | None:
    """What a service reads; none if the key is gone."""
    key = vault.keys(None, [dossier])[dossier]
    return key.open(sealed, "ComplaintFiled") if key else None


def test_a_key_is_kept_with_its_dossier(database: Database) -> None:
    """What one process sealed another one opens, given the same master key."""
    master = a_master()
    dossier, sealed = sealed_dossier(database, Vault(database, master, RANDOM))

    assert {"name": "Siti"} == opened(Vault(database, master, RANDOM), dossier, sealed)


def test_many_keys_in_one_query(database: Database) -> None:
    """Keys are found for all dossiers asked for; who has none is told as such."""
    vault = Vault(database, a_master(), RANDOM)
    dossiers = [sealed_dossier(database, vault)[0] for _ in range(5)]
    unknown = uuid4()

    with database.autocommit() as cursor:
        found = vault.keys(cursor, [*dossiers, unknown])
        keyless = vault.keyless(cursor, [*dossiers, unknown])

    assert {*dossiers, unknown} == set(found)
    assert found[unknown] is None
    assert [unknown] == keyless
    assert 5 == len({key.secret for key in found.values() if key})
    assert {} == vault.keys(None, [])


def test_a_key_falls_with_its_transaction(database: Database) -> None:
    """A filing that is undone leaves no key."""
    vault, dossier = Vault(database, a_master(), RANDOM), uuid4()
    with database.transaction() as cursor:
        append(cursor, made(dossier))
        vault.store(cursor, [vault.new_key(dossier)])
        cursor.connection.rollback()

    assert {dossier: None} == vault.keys(None, [dossier])


def test_a_key_is_never_replaced(database: Database) -> None:
    """Storing a second key for a dossier fails: what the first one sealed would be lost."""
    vault = Vault(database, a_master(), RANDOM)
    dossier, sealed = sealed_dossier(database, vault)

    with pytest.raises(psycopg2.errors.UniqueViolation), database.transaction() as cursor:
        vault.store(cursor, [vault.new_key(dossier)])

    assert {"name": "Siti"} == opened(vault, dossier, sealed)


def test_a_destroyed_key_is_gone(database: Database) -> None:
    """After its key is destroyed nothing of a dossier can be read, while the log stays whole."""
    vault = Vault(database, a_master(), RANDOM)
    dossier, sealed = sealed_dossier(database, vault)
    other, other_sealed = sealed_dossier(database, vault)

    assert [] == vault.keyless(None, [dossier, other])

    assert vault.destroy(dossier)
    assert not vault.destroy(dossier)

    assert [dossier] == vault.keyless(None, [dossier, other])
    assert opened(vault, dossier, sealed) is None
    assert {"name": "Siti"} == opened(vault, other, other_sealed)
    with database.autocommit() as cursor:
        assert [1] == [event.version for event in read_dossier(cursor, dossier)]


def test_erasing_is_one_transaction(database: Database) -> None:
    """A key is destroyed with the event that says so, or not at all."""
    vault = Vault(database, a_master(), RANDOM)
    dossier, sealed = sealed_dossier(database, vault)

    with database.transaction() as cursor:
        append(cursor, made(dossier, 2))
        assert vault.destroy(dossier, cursor)
        cursor.connection.rollback()

    assert {"name": "Siti"} == opened(vault, dossier, sealed)


def test_the_table_alone_opens_nothing(database: Database) -> None:
    """Keys are kept wrapped: no key in the table opens anything by itself."""
    vault = Vault(database, a_master(), RANDOM)
    dossier, _ = sealed_dossier(database, vault)
    key = vault.keys(None, [dossier])[dossier]

    with database.autocommit() as cursor:
        cursor.execute("SELECT wrapped FROM vault.keys")
        ((wrapped,),) = cursor.fetchall()
    assert key is not None
    assert key.secret not in bytes(wrapped)


def test_a_swapped_or_changed_key_is_refused(database: Database) -> None:
    """A wrapped key put at another dossier, or changed, is refused."""
    vault = Vault(database, a_master(), RANDOM)
    one, other = (sealed_dossier(database, vault)[0] for _ in range(2))
    with database.transaction() as cursor:
        cursor.execute("SELECT wrapped FROM vault.keys WHERE dossier = %s", (other,))
        cursor.execute("UPDATE vault.keys SET wrapped = %s WHERE dossier = %s", (cursor.fetchall()[0][0], one))
        cursor.execute("UPDATE vault.keys SET wrapped = set_byte(wrapped, 20, 0) WHERE dossier = %s", (other,))

    for dossier in (one, other):
        with pytest.raises(Unsealable):
            vault.keys(None, [dossier])


def test_a_wrong_master_key_says_so(database: Database) -> None:
    """With another master key the error tells both ids, and no secret."""
    right, wrong = a_master(), a_master()
    dossier, _ = sealed_dossier(database, Vault(database, right, RANDOM))

    with pytest.raises(WrongMasterKey) as refused:
        Vault(database, wrong, RANDOM).keys(None, [dossier])

    said = catalogue().sentence(refused.value, "en")
    assert (True, True, False) == (right.id in said, wrong.id in said, right.secret.hex() in said)


def test_the_master_key_can_be_changed(database: Database) -> None:
    """While keys are wrapped anew everything stays readable, and afterwards the former master key opens nothing."""
    old, new = a_master(), a_master()
    before = Vault(database, old, RANDOM)
    dossiers = [sealed_dossier(database, before) for _ in range(7)]
    both = Vault(database, new, RANDOM, former=[old])
    dossiers.append(sealed_dossier(database, both))
    assert [{"name": "Siti"}] * 8 == [opened(both, *each) for each in dossiers]

    assert 7 == both.rewrap(batch=3)
    assert 0 == both.rewrap()

    after = Vault(database, new, RANDOM)
    assert [{"name": "Siti"}] * 8 == [opened(after, *each) for each in dossiers]
    with pytest.raises(WrongMasterKey):
        before.keys(None, [dossiers[0][0]])


def test_a_master_key_is_known_by_its_id() -> None:
    """The same text gives the same key and id; another gives another; neither shows the secret."""
    text = new_secret()
    one, same, other = MasterKey.from_text(text), MasterKey.from_text(text), a_master()

    assert one == same
    assert one.id != other.id
    assert one.secret.hex() not in repr(one)
    assert one.id not in one.secret.hex()


@pytest.mark.parametrize("text", ["", "c2hvcnQ=", "hunter2"])
def test_what_is_no_master_key_is_refused(text: str) -> None:
    """A master key that is too short or no base64 is refused, with the remedy."""
    with pytest.raises(ValueError, match="32 bytes"):
        MasterKey.from_text(text)
