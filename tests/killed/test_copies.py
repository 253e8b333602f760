"""``aduan backup`` and ``aduan restore`` are killed on their way: a copy is whole, a folder holds all or nothing."""

import shutil
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from shared.platform.database.embedded_leftovers import programs_in
from shared.platform.database.embedded_postgres import EmbeddedPostgres
from shared.platform.migrations import migrate
from tests.fixtures.office import Office
from tests.fixtures.places import fast_directory
from tests.killed.dying import Ran, ended_well, killed_on_its_way, run

_EASE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@pytest.fixture
def place() -> Iterator[Path]:
    """An installation that is stopped, with a complaint and a letter."""
    made = fast_directory("aduan-killed")
    data = made / "data"
    with EmbeddedPostgres(data / "postgres", _EASE) as server:
        url = server.start()
        migrate(url)
        with closing(Office(url)) as office:
            (data / "master.key").write_text(office.runtime.settings.master_key)
            office.file()
    (data / "outbox").mkdir()
    (data / "outbox" / "letter.eml").write_text("letter")
    yield made
    shutil.rmtree(made, ignore_errors=True)


def test_a_server_that_a_killed_restore_left_is_ended(place: Path) -> None:
    """It would go on writing into the folder that is made anew."""
    data, draft = place / "data", place / "new.unfinished"
    copied = run("backup", "--data", str(data), "--to", str(place / "copy.tar"))
    server = EmbeddedPostgres(draft / "postgres", _EASE)
    server.start()
    left = programs_in(draft)
    restored = run("restore", str(place / "copy.tar"), "--data", str(place / "new"), "--key", str(data / "master.key"))

    after, there = programs_in(draft), draft.exists()
    (draft / "postgres").mkdir(parents=True)  # where this process leaves what it had entered
    server.stop()

    assert (0, 0) == (copied.status, restored.status), restored.said
    assert left
    assert ([], False) == (after, there)


def test_a_copy_is_made_and_unpacked_whatever_dies_on_the_way(place: Path, times: int) -> None:
    """The copy that was there stays whole until another takes its place; what is restored of it is all of it."""
    data, copy, key = place / "data", place / "copy.tar", place / "key"
    copying = ("backup", "--data", str(data), "--to", str(copy))
    at_once = run(*copying)
    runs: list[Ran] = []
    for each in killed_on_its_way(copying, len(at_once.steps), times):
        runs.append(each)
        with tarfile.open(copy) as tar:
            assert {"log", "database.dump", "outbox/letter.eml"} <= set(tar.getnames())
    shutil.copy(data / "master.key", key)
    restoring = ("restore", str(copy), "--data", str(place / "new"), "--key", str(key))
    killed = run(*restoring, kill_before=48)  # the new folder's server has just begun
    restored = run(*restoring)

    assert (0, True) == (at_once.status, ended_well(runs)), runs[-1].said
    assert (None, 0) == (killed.status, restored.status), restored.said
    assert "letter" == (place / "new" / "outbox" / "letter.eml").read_text()
    assert {"data", "copy.tar", "key", "new"} == {each.name for each in place.iterdir()}
