"""``aduan erase`` leaves nothing behind: not on the disk, not in the outbox, and says where copies may still be."""

from pathlib import Path

import psycopg2

from shared.platform.database.embedded_postgres import EmbeddedPostgres
from tests.cli.command import aduan
from tests.upgrade.older import Older, unpack


def _wrapped(older: Older, dossier: str) -> bytes:
    """A dossier's key as it lies in the vault."""
    with EmbeddedPostgres(older.data / "postgres") as server:
        session = psycopg2.connect(server.start())
        try:
            with session, session.cursor() as cursor:
                cursor.execute("SELECT wrapped FROM vault.keys WHERE dossier = %s", (dossier,))
                [(wrapped,)] = cursor.fetchall()
                return bytes(wrapped)
        finally:
            session.close()


def _holding(data: Path, what: bytes) -> list[str]:
    """The files in which it stands."""
    files = [path for path in (data / "postgres").rglob("*") if path.is_file()]
    return [str(path.relative_to(data)) for path in files if what in path.read_bytes()]


def test_nothing_of_an_erased_dossier_is_left(tmp_path: Path) -> None:
    """While no service runs: nobody finds the key on the disk, nor a letter in the outbox; others keep theirs."""
    older = unpack(tmp_path / "data")
    receipt = older.dossiers["cilacap open"]["receipt"]
    letters = {path.name for path in (older.data / "outbox").iterdir()}
    own = {name for name in letters if receipt["ticket"] in name}
    key = _wrapped(older, receipt["id"])
    before = _holding(older.data, key)

    done = aduan(
        "erase", receipt["ticket"], "--tenant", "cilacap", "--reason", "asked", "--yes", "--data", str(older.data)
    )

    assert 0 == done.status, done.err
    assert before
    assert own
    assert [] == _holding(older.data, key)
    assert letters - own == {path.name for path in (older.data / "outbox").iterdir()}
    for word in ("pages:", "write-ahead log:", "backups", "letters:", "position"):
        assert word in done.out
