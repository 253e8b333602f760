"""Files by which an installation stands or falls are there whole or not at all, whenever their writer is killed."""

import errno
import shutil
import tarfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from cli.folder_copies import CopyFailed, unpacked
from cli.outputs import write_new_secret
from shared.application.folder import REAL, keep_clock
from shared.platform.secret import FILE, embedded_former_secrets, embedded_secret, new_secret, replace_embedded_secret
from tests.killed.dying import run_work

_MOST_STEPS = 60


def _killed_at_every_step(work: Callable[[], object], holds: Callable[[], bool], afresh: Callable[[], object]) -> int:
    """Kill it at every step, each time from the beginning, then do it again.

    :param holds: what must be so after a kill, and after it was done again.
    :param afresh: brings back what was there before.
    :returns: at how many steps it was killed.
    """

    def done() -> int:
        work()
        return 0

    for step in range(_MOST_STEPS):
        afresh()
        if run_work(done, step).status == 0:
            return step
        assert holds(), step
        assert 0 == run_work(done).status, step
        assert holds(), step
    raise AssertionError(f"it takes more than {_MOST_STEPS} steps")


def test_a_copy_of_the_master_key(tmp_path: Path) -> None:
    """Half of one would be taken for the key of another installation, and never be written over."""
    file = tmp_path / "master.key"

    def write() -> None:
        if not file.exists():
            write_new_secret(file, b"whole")

    steps = _killed_at_every_step(
        write,
        lambda: not file.exists() or b"whole" == file.read_bytes(),
        lambda: file.unlink(missing_ok=True),
    )

    assert steps > 3
    assert [file] == list(tmp_path.iterdir())


@pytest.fixture(params=["links", "no_links"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, also on a file system that has no links."""

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    if request.param == "no_links":
        monkeypatch.setattr("cli.outputs.os.link", refuse)
    return tmp_path


def test_a_secret_is_written_wherever_files_are_kept(folder: Path) -> None:
    """A memory stick, on which a key is kept apart, has no links."""
    file = folder / "master.key"
    write_new_secret(file, b"whole")

    assert (b"whole", 0o600) == (file.read_bytes(), file.stat().st_mode & 0o777)
    assert [file] == list(folder.iterdir())


def test_of_two_who_write_a_secret_at_once_one_does(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other is told: whoever noted down the public half of a key would have it of one that is gone."""
    file = folder / "checkpoint.key"
    monkeypatch.setattr("cli.outputs.os.fsync", lambda _handle: file.write_bytes(b"the other's"))
    with pytest.raises(FileExistsError, match=r"checkpoint\.key"):
        write_new_secret(file, b"mine")

    assert b"the other's" == file.read_bytes()
    assert [file] == list(folder.iterdir())


def test_which_clock_a_folder_has(tmp_path: Path) -> None:
    """A start that is killed keeps nobody from the next one."""
    file = tmp_path / "clock"

    steps = _killed_at_every_step(
        lambda: keep_clock(tmp_path, REAL, used=False),
        lambda: not file.exists() or "real\n" == file.read_text(),
        lambda: file.unlink(missing_ok=True),
    )

    assert steps > 1
    assert [file] == list(tmp_path.iterdir())


def test_the_key_of_an_embedded_installation(tmp_path: Path) -> None:
    """It is changed for one that is whole, and the former one is kept beside it."""

    def afresh() -> None:
        for each in tmp_path.iterdir():
            each.unlink()
        (tmp_path / FILE).write_text(secret)

    secret = f"{new_secret()}\n"
    steps = _killed_at_every_step(
        lambda: replace_embedded_secret(tmp_path),
        lambda: secret.strip() in (embedded_secret(tmp_path), *embedded_former_secrets(tmp_path)),
        afresh,
    )

    assert steps > 5


def test_a_folder_takes_the_place_of_one_with_the_key_alone(tmp_path: Path) -> None:
    """Whenever the exchange is killed, nothing else is needed to try again than what was there."""
    copied, data, secret = tmp_path / "copy.tar", tmp_path / "new", f"{new_secret()}\n"
    parts = {"log": b"aduan copy 1\n1:ab\n\n", "database.dump": b"", "clock": b"real\n"}
    with tarfile.open(copied, "w") as tar:
        for name, content in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, BytesIO(content))

    def afresh() -> None:
        for each in tmp_path.glob("new*"):
            shutil.rmtree(each)
        data.mkdir()
        (data / FILE).write_text(secret)

    def restored() -> None:
        if not (data / "clock").exists():
            with unpacked(copied, data, None):
                pass

    def keys() -> list[str]:
        return [each.read_text() for each in tmp_path.glob(f"new*/{FILE}")]

    steps = _killed_at_every_step(restored, lambda: secret in keys(), afresh)

    assert steps > 10
    assert [secret] == keys()


def test_a_folder_of_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    """Whoever has put the old installation aside, under that very name, finds it there."""
    copied, aside = tmp_path / "copy.tar", tmp_path / "new.before"
    copied.touch()
    aside.mkdir()
    for name in (FILE, "clock"):
        (aside / name).write_text(name)

    with pytest.raises(CopyFailed), unpacked(copied, tmp_path / "new", aside / FILE):
        pass

    assert {FILE, "clock"} == {each.name for each in aside.iterdir()}
    assert not (tmp_path / "new").exists()
