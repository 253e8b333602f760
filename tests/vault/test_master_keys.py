"""A lost, wrong or stale master key is told before anything is done with it; a former one can be done away with."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID, uuid4

import psycopg2
import pytest

from shared.base.randomness import SystemRandomness
from shared.domain.sealing import DataKey
from shared.platform.database.embedded_postgres import EmbeddedPostgres
from shared.platform.database.pool import APPLICATION_ROLE, Database
from shared.platform.migrations import migrate
from shared.platform.purposes import Lasting
from shared.platform.secret import derive, new_secret
from shared.store.vault.keys import MasterKey
from shared.store.vault.masters import WrongMasterKey
from shared.store.vault.sweeping import Swept, sweep
from shared.store.vault.vault import Vault

RANDOM = SystemRandomness()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The database as a service sees it."""
    application = Database(database_url, role=APPLICATION_ROLE)
    yield application
    application.close()


def _master() -> MasterKey:
    return MasterKey.from_text(new_secret())


def _vault(database: Database, *masters: MasterKey) -> Vault:
    """With the first of them as the present master key."""
    return Vault(database, masters[0], RANDOM, former=masters[1:])


def _filed(database: Database, vault: Vault) -> DataKey:
    key = vault.new_key(uuid4())
    with database.transaction() as cursor:
        vault.store(cursor, [key])
    return key


def _made_before(database_url: str, master: MasterKey, count: int = 1) -> list[UUID]:
    """Keys as the version before kept them: without a word on which master keys there are."""
    dossiers = [uuid4() for _ in range(count)]
    with closing(psycopg2.connect(database_url)) as session, session, session.cursor() as cursor:
        cursor.execute("ALTER TABLE vault.keys DISABLE TRIGGER only_by_known_masters")
        for dossier in dossiers:
            wrapped = master.wrap(dossier, RANDOM.bytes(32), RANDOM.bytes(12))
            cursor.execute(
                "INSERT INTO vault.keys (dossier, wrapped, master_key_id) VALUES (%s, %s, %s)",
                (str(dossier), wrapped, master.id),
            )
        cursor.execute("ALTER TABLE vault.keys ENABLE TRIGGER only_by_known_masters")
    return dossiers


def test_the_same_key_is_admitted_again(database: Database) -> None:
    """A restart with the right key goes on."""
    master = _master()
    _filed(database, _vault(database, master))

    _vault(database, master).admit()


@pytest.mark.parametrize("used", [True, False], ids=["a vault in use", "an empty vault that was opened"])
def test_another_key_is_refused(database: Database, used: bool) -> None:
    """Two processes with two keys would each seal what the other cannot read; so would one whose key was lost."""
    first = _vault(database, _master())
    if used:
        _filed(database, first)
    first.admit()
    other = _vault(database, _master())

    with pytest.raises(WrongMasterKey):
        other.admit()
    with pytest.raises(WrongMasterKey):
        _filed(database, other)


def test_a_vault_of_before_is_tried(database: Database, database_url: str) -> None:
    """Without check values one key of each master key is unwrapped, and the check values are kept from then on."""
    old, older = _master(), _master()
    _made_before(database_url, old)
    _made_before(database_url, older)

    for refused in (_vault(database, _master()), _vault(database, old), _vault(database, older)):
        with pytest.raises(WrongMasterKey):
            refused.admit()
    _vault(database, old, older).admit()

    with database.autocommit() as cursor:
        cursor.execute("SELECT id FROM vault.masters")
        assert {old.id, older.id} == {each for (each,) in cursor.fetchall()}


def test_a_key_that_only_bears_the_name_is_refused(database: Database, database_url: str) -> None:
    """What lies there must open, not only be labelled as if it would: in a vault of before, and in the check value."""
    right = _master()
    impostor = MasterKey(right.id, RANDOM.bytes(32))
    _made_before(database_url, right)

    with pytest.raises(WrongMasterKey):
        _vault(database, impostor).admit()
    _vault(database, right).admit()
    with pytest.raises(WrongMasterKey):
        _vault(database, impostor).admit()


def test_after_the_change_a_process_with_the_former_key_seals_nothing(database: Database) -> None:
    """A process that was forgotten when the key was changed is stopped, not left to seal what nobody will read."""
    old, new = _master(), _master()
    forgotten = _vault(database, old)
    forgotten.admit()
    kept = [_filed(database, forgotten) for _ in range(3)]
    changing = _vault(database, new, old)

    assert 3 == changing.rewrap(batch=2)
    with pytest.raises(WrongMasterKey) as refused:
        _filed(database, forgotten)
    assert "stale_master_key" == refused.value.code
    found = _vault(database, new).keys(None, [key.dossier for key in kept])
    assert {key.dossier: key.secret for key in kept} == {
        dossier: key.secret if key else b"" for dossier, key in found.items()
    }


def test_what_things_are_known_again_by_outlives_changes(database: Database) -> None:
    """Keyed hashes are found after a change, and after the next, also while both keys are about; a key that never was
    changed gives what every version has made of it.
    """
    texts = [new_secret() for _ in range(3)]
    one, two, three = map(MasterKey.from_text, texts)
    expected = {each: derive(texts[0], each) for each in Lasting}

    def seen(vault: Vault) -> dict[Lasting, bytes]:
        return {each: vault.lasting_key(each) for each in Lasting}

    assert expected == seen(_vault(database, one))
    next_is_known, next_is_used = _vault(database, one, two), _vault(database, two, one)
    assert [expected] * 4 == [seen(each) for each in (next_is_known, next_is_used, next_is_known, next_is_used)]
    next_is_used.rewrap()
    assert expected == seen(_vault(database, two))
    _vault(database, three, two).rewrap()
    assert expected == seen(_vault(database, three))
    assert len(Lasting) == len(set(expected.values()))
    assert expected[Lasting.PEOPLE] not in {derive(text, Lasting.PEOPLE) for text in texts[1:]}


def test_who_holds_the_last_connection_is_given_a_lasting_key(database_url: str) -> None:
    """A process that has just started gets many at once that each ask for one in the middle of their transaction."""
    master = _master()
    with closing(Database(database_url, role=APPLICATION_ROLE, pool_size=1, wait_seconds=0.1)) as narrow:
        vault = _vault(narrow, master)
        vault.admit()
        with narrow.transaction():
            told = vault.lasting_key(Lasting.CITIZENS)

    assert master.lasting[Lasting.CITIZENS] == told


def test_nothing_of_a_former_key_stays_on_the_disk(tmp_path: Path) -> None:
    """After a change and a sweep no file of the server holds a wrap of before: a copied disk and the old key open none.

    Nor is the wrap of a destroyed key found anywhere.
    """
    old, new = _master(), _master()
    with EmbeddedPostgres(tmp_path) as server:
        url = server.start()
        migrate(url)
        database = Database(url)
        filing = _vault(database, old)
        keys = [_filed(database, filing) for _ in range(50)]
        before = _wraps(database)
        assert before & _on_disk(tmp_path, before)

        _vault(database, new, old).rewrap()
        after = _wraps(database)
        _vault(database, new).destroy(keys[0].dossier)

        assert Swept(pages=True, checkpoint=True) == sweep(database)
        assert set() == _on_disk(tmp_path, before)
        gone = after - _wraps(database)
        assert 1 == len(gone)
        assert set() == _on_disk(tmp_path, gone)
        database.close()


def test_a_sweep_outlives_the_limits_of_whoever_asks_for_it(database_url: str) -> None:
    """A vault of millions takes longer to be written anew than a statement may: what is destroyed must go even so."""
    with (
        closing(Database(database_url, statement_seconds=0.2)) as hurried,
        closing(hurried.connect(autocommit=False)) as reader,
    ):
        with reader.cursor() as cursor:
            cursor.execute("LOCK TABLE vault.keys IN ACCESS SHARE MODE")
        letting_go = threading.Timer(0.6, reader.rollback)
        letting_go.start()

        assert Swept(pages=True, checkpoint=True) == sweep(hurried)
        letting_go.join()


def test_a_sweep_gives_way_to_a_reader_who_stays(database_url: str) -> None:
    """Behind a sweep that waits for the table everybody waits who needs a key; it lets them by, and says so."""
    with closing(Database(database_url)) as database, closing(database.connect()) as reader:
        with reader.cursor() as cursor:
            cursor.execute("BEGIN; LOCK TABLE vault.keys IN ACCESS SHARE MODE")

        assert Swept(pages=False, checkpoint=True) == sweep(database, patience_seconds=0.1)
        reader.rollback()


def _wraps(database: Database) -> set[bytes]:
    with database.autocommit() as cursor:
        cursor.execute("SELECT wrapped FROM vault.keys")
        return {bytes(wrapped) for (wrapped,) in cursor.fetchall()}


def _on_disk(directory: Path, wraps: set[bytes]) -> set[bytes]:
    """Those of the wraps whose bytes lie in any file."""
    files = [path.read_bytes() for path in directory.rglob("*") if path.is_file()]
    return {wrap for wrap in wraps if any(wrap in content for content in files)}
