"""What reads the whole log lasts as long as there is log, whatever limit other statements have."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from shared.base.randomness import SystemRandomness
from shared.platform.database.pool import APPLICATION_ROLE, Database
from shared.platform.secret import new_secret
from shared.store.eventstore.audit import verify
from shared.store.eventstore.checkpoints.rows import export_hashes, rows_of_log
from shared.store.eventstore.ranges import ranges
from shared.store.vault.auditing import verify_keys
from shared.store.vault.keys import MasterKey
from shared.store.vault.vault import Vault
from tests.eventstore.making import filled


def test_a_long_log_is_read_to_its_end(database: Database, owner: Database, tmp_path: Path) -> None:
    """Audit, keys, checkpoints and export: each waits here for longer than a statement of its connection may last."""
    filled(database, dossiers=3, events=2)
    with closing(Database(database.url, role=APPLICATION_ROLE, pool_size=1, statement_seconds=0.2)) as hurried:
        vault = Vault(hurried, MasterKey.from_text(new_secret()), SystemRandomness())
        readings: list[Callable[[], int]] = [
            lambda: verify(hurried).events,
            lambda: len(verify_keys(hurried, vault, "Erased")[1]),
            lambda: len(list(rows_of_log(hurried))),
            lambda: export_hashes(hurried, tmp_path / "hashes"),
        ]
        with closing(owner.connect(autocommit=False)) as other, ThreadPoolExecutor(len(readings)) as pool:
            with other.cursor() as cursor:
                cursor.execute("LOCK TABLE eventstore.events, vault.keys IN ACCESS EXCLUSIVE MODE")
            letting_go = threading.Timer(0.6, other.rollback)
            letting_go.start()
            found = [each.result() for each in [pool.submit(reading) for reading in readings]]
            letting_go.join()

    assert [6, 3, 6, 6] == found  # none of these dossiers has a key


def test_a_log_of_which_most_places_are_nobodys_is_shared_out_too(database: Database, owner: Database) -> None:
    """Where a government has moved in behind billions of positions there is work for several all the same."""
    before = filled(database, dossiers=2, events=1)
    with owner.autocommit() as cursor:
        cursor.execute("SELECT setval('eventstore.position', 5000000000)")
    dossiers = [*before, *filled(database, dossiers=60, events=2)]
    with database.autocommit() as cursor:
        parts = ranges(cursor, 6)
    shares = [
        sum((part.above is None or part.above < each) and (part.last is None or each <= part.last) for each in dossiers)
        for part in parts
    ]

    assert len(dossiers) == sum(shares)
    assert 6 == len(parts)
    assert max(shares) < len(dossiers) / 2
