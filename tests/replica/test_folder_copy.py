"""``aduan backup`` and ``aduan restore``: an installation of one machine in one file."""

import fcntl
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from cli import folder_copies
from cli.commands import aduan as commands
from cli.failures import told
from cli.folder_copies import CopyFailed, unpacked
from shared.platform.database.embedded_postgres import EmbeddedPostgres
from shared.platform.migrations import migrate
from shared.platform.secret import new_secret
from shared.platform.settings import PROJECT
from tests.cli.command import aduan
from tests.fixtures.office import Office
from tests.fixtures.places import fast_directory
from tests.fixtures.postgres import execute
from tests.fixtures.waiting import patience

EASE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A running installation with two complaints and a file, its copy, and a complaint after it."""
    made = fast_directory("aduan-folder")
    data = made / "data"
    with EmbeddedPostgres(data / "postgres", EASE) as server:
        url = server.start()
        migrate(url)
        execute(url, "CREATE ROLE somebody NOLOGIN", "GRANT USAGE ON SCHEMA reporting TO somebody")
        execute(url, "SELECT setval('eventstore.position', 5000000000)")  # as after many years
        with closing(Office(url)) as office:
            (data / "master.key").write_text(office.runtime.settings.master_key)
            first = [office.file(), office.file()]
            for name in ("files/sealed/1", "outbox/letter.eml"):
                (data / name).parent.mkdir(parents=True)
                (data / name).write_text(name)
            options = ("--data", str(data), "--to", str(made / "copy.tar"), "--key-to", str(made / "key"))
            copied = aduan("backup", *options)
            assert 0 == copied.status, copied.err
            office.file()
    (made / "ids").write_text(" ".join(str(each.id) for each in first))
    yield made
    shutil.rmtree(made, ignore_errors=True)


def _left(place: Path) -> set[str]:
    return {each.name for each in place.iterdir()} - {"data", "copy.tar", "key", "ids"}


def test_what_was_copied_is_there_again(place: Path) -> None:
    """In an empty folder: complaints with their texts, files, letters; what came after the copy is not."""
    ids = [UUID(each) for each in (place / "ids").read_text().split()]
    restored = aduan("restore", str(place / "copy.tar"), "--data", str(place / "new"), "--key", str(place / "key"))
    assert 0 == restored.status, restored.err
    with EmbeddedPostgres(place / "new" / "postgres", EASE) as server, closing(Office(server.start())) as office:
        there = {dossier for (dossier,) in office.rows("SELECT DISTINCT dossier FROM eventstore.events")}
        keys = office.runtime.vault.keys(None, ids)
        following = office.file().position
    beside = [(place / "new" / name).read_text() for name in ("files/sealed/1", "outbox/letter.eml")]
    modes = [stat.S_IMODE((place / name).stat().st_mode) for name in ("copy.tar", "key", "new/master.key")]
    outbox = stat.S_IMODE((place / "new" / "outbox").stat().st_mode)
    shutil.rmtree(place / "new")

    assert set(ids) == there
    assert all(keys.values())
    assert following > 5_000_000_000 + len(ids)
    assert ["files/sealed/1", "outbox/letter.eml"] == beside
    assert [0o600] * 3 == modes
    assert 0o700 == outbox


def test_a_wrong_key_leaves_nothing_behind(place: Path) -> None:
    """Whoever has not the key learns it before anything is put in place."""
    (place / "wrong").write_text(new_secret())
    refused = aduan("restore", str(place / "copy.tar"), "--data", str(place / "new"), "--key", str(place / "wrong"))
    (place / "wrong").unlink()

    assert 2 == refused.status, refused.err
    assert "Traceback" not in refused.err
    assert set() == _left(place)


@pytest.mark.parametrize("damage", ["cut", "empty", "text"])
def test_half_a_copy_is_refused(place: Path, damage: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It is told as what it is, and nothing is left behind."""
    whole = (place / "copy.tar").read_bytes()
    broken = place / "broken"
    broken.write_bytes({"cut": whole[: len(whole) // 2], "empty": b"", "text": b"no copy"}[damage])
    status = told(commands, ["restore", str(broken), "--data", str(place / "new"), "--key", str(place / "key")])
    broken.unlink()

    assert 1 == status
    assert "no copy that 'aduan backup' has made" in capsys.readouterr().err
    assert set() == _left(place)


def test_what_is_not_there_is_not_copied(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A mistyped folder is told, and nothing is made there."""
    status = told(commands, ["backup", "--data", str(place / "dat"), "--to", str(place / "other.tar")])

    assert (1, True) == (status, str(place / "dat") in capsys.readouterr().err)
    assert set() == _left(place)


def test_an_installation_is_never_written_over(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder with anything in it but its key is refused."""
    before = sorted(each.name for each in (place / "data").iterdir())
    status = told(commands, ["restore", str(place / "copy.tar"), "--data", str(place / "data")])

    assert (1, True) == (status, "is not empty" in capsys.readouterr().err)
    assert before == sorted(each.name for each in (place / "data").iterdir())


def test_a_copy_whose_master_key_was_changed_meanwhile_takes_no_older_ones_place(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is copied would be wrapped by a key that is kept with no copy."""
    dumped, key, whole = folder_copies._dump, place / "data" / "master.key", (place / "copy.tar").read_bytes()
    before = key.read_text()

    def changed(*arguments: Any) -> Any:
        stood = dumped(*arguments)
        key.write_text(new_secret())
        return stood

    monkeypatch.setattr(folder_copies, "_dump", changed)
    with EmbeddedPostgres(place / "data" / "postgres", EASE) as server:
        server.start()
        status = told(commands, ["backup", "--data", str(place / "data"), "--to", str(place / "copy.tar")])
    key.write_text(before)

    assert (1, True) == (status, "the master key is being changed" in capsys.readouterr().err)
    assert whole == (place / "copy.tar").read_bytes()
    assert set() == _left(place)


@pytest.mark.parametrize("made", ["postgres", "master.key"])
def test_an_installation_that_was_begun_meanwhile_is_not_written_over(place: Path, made: str) -> None:
    """`aduan up` in a folder that was empty when it was looked at: what it holds by then is somebody's."""
    begun = place / "new" / made

    def restored() -> None:
        with unpacked(place / "copy.tar", place / "new", place / "key"):
            begun.parent.mkdir()
            begun.write_text("another's")

    with pytest.raises(CopyFailed, match="begun there meanwhile"):
        restored()
    there = begun.read_text()
    shutil.rmtree(place / "new")

    assert "another's" == there
    assert set() == _left(place)


def test_of_two_that_restore_into_one_folder_the_second_waits_for_the_first(place: Path) -> None:
    """Both call what is unfinished alike: the second would throw the first's away, and be put in place half done."""
    with unpacked(place / "copy.tar", place / "new", place / "key") as (draft, _):
        beside = os.open(place, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(beside, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(beside)
        assert draft.is_dir()
    with pytest.raises(CopyFailed, match="is not empty"), unpacked(place / "copy.tar", place / "new", place / "key"):
        raise AssertionError
    shutil.rmtree(place / "new")

    assert set() == _left(place)


@pytest.mark.parametrize("way", ["itself", "link", "again"])
def test_the_key_outlives_being_copied_onto_itself(place: Path, way: str) -> None:
    """Whoever names the master key's own file, or a link to it, or the copy of last night, loses no key."""
    key = (place / "data" / "master.key").read_text()
    named = {"itself": place / "data" / "master.key", "link": place / "link", "again": place / "key"}[way]
    (place / "link").symlink_to(place / "data" / "master.key")
    with EmbeddedPostgres(place / "data" / "postgres", EASE) as server:
        server.start()
        options = ("--data", str(place / "data"), "--to", str(place / "again.tar"), "--key-to", str(named))
        copied = aduan("backup", *options)
    (place / "link").unlink()
    (place / "again.tar").unlink()

    assert 0 == copied.status, copied.err
    assert [key, key] == [(place / "data" / "master.key").read_text(), (place / "key").read_text()]


@pytest.mark.parametrize(("to", "key_to"), [("other.tar", "foreign"), ("data/master.key", "k"), ("same", "same")])
def test_no_key_is_written_over(place: Path, to: str, key_to: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither another installation's, nor its own by the copy; that is told before anything is written."""
    (place / "foreign").write_text("of another installation")
    key = (place / "data" / "master.key").read_text()
    with EmbeddedPostgres(place / "data" / "postgres", EASE) as server:
        server.start()
        options = ["--data", str(place / "data"), "--to", str(place / to), "--key-to", str(place / key_to)]
        status = told(commands, ["backup", *options])
    foreign = (place / "foreign").read_text()
    (place / "foreign").unlink()

    assert (1, "of another installation") == (status, foreign), capsys.readouterr().err
    assert key == (place / "data" / "master.key").read_text()
    assert set() == _left(place)


def test_a_folder_is_restored_through_a_link(place: Path) -> None:
    """The installation takes the place of what is linked to, and the key that lay there is in it."""
    (place / "disk").mkdir()
    (place / "disk" / "master.key").write_text((place / "key").read_text())
    (place / "new").symlink_to(place / "disk")
    restored = aduan("restore", str(place / "copy.tar"), "--data", str(place / "new"))
    key = (place / "disk" / "master.key").read_text()
    (place / "new").unlink()
    shutil.rmtree(place / "disk")

    assert 0 == restored.status, restored.err
    assert (place / "key").read_text() == key
    assert set() == _left(place)


_SIGNALLED = """
import cli.main, os, signal, sys
real = os.fsync
os.fsync = lambda file: os.kill(os.getpid(), signal.{how}) or real(file)
sys.argv = ["aduan", *sys.argv[1:]]
cli.main.main()
"""


def test_a_copy_that_is_broken_off_leaves_nothing_behind(place: Path) -> None:
    """A timer or a container says SIGTERM: all is taken back. What a killed one left, the next takes away: in a copy of
    the database that nobody knows of lie the keys of whoever is erased later.
    """
    options = ["backup", "--data", str(place / "data"), "--to", str(place / "second.tar")]
    statuses, left = [], []
    for how in ("SIGTERM", "SIGKILL"):
        program = [sys.executable, "-c", _SIGNALLED.format(how=how), *options]
        done = subprocess.run(program, cwd=PROJECT, capture_output=True, text=True, timeout=patience(120), check=False)
        statuses.append(done.returncode)
        left.append(len([each for each in place.iterdir() if "second" in each.name]))
    copied = aduan(*options)
    there = [each.name for each in place.iterdir() if "second" in each.name]
    (place / "second.tar").unlink(missing_ok=True)

    assert 0 == copied.status, copied.err
    assert ([143, -9], [0, 2], ["second.tar"]) == (statuses, left, there)
