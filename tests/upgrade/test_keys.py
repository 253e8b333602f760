"""``aduan`` on a folder whose master key is lost, damaged, wrong, or to be changed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shared.platform.secret import FORMER_FILE, new_secret
from tests.cli.command import Ran, aduan, aduan_here
from tests.journey.installation import START, up
from tests.upgrade.older import KEYS, Older, unpack


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Older:
    """A folder of the version before, whose vault kept no check values."""
    return unpack(tmp_path_factory.mktemp("keys") / "data")


def _up(data: Path) -> Ran:
    return aduan("up", "--port", "0", "--data", str(data), "--simulated-clock", START)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "is missing"),
        (new_secret(), "wrapped by the master key"),
        ("garbage", "32 bytes in base64"),
        ("\u00e9\u0000\udc80", "32 bytes in base64"),
        ("", "32 bytes in base64"),
    ],
    ids=["lost", "wrong", "garbage", "no text", "empty"],
)
@pytest.mark.parametrize("command", ["up", "user list"])
def test_a_key_that_does_not_open_stops_the_start(older: Older, content: str | None, told: str, command: str) -> None:
    """One sentence says what is missing; nothing is made in its place, and with the key put back all is well."""
    file = older.data / "master.key"
    right = file.read_text()
    try:
        if content is None:
            file.unlink()
        else:
            file.write_bytes(content.encode("utf-8", errors="surrogateescape"))
        ran = _up(older.data) if command == "up" else aduan_here(*command.split(), "--data", str(older.data))
        left = file.exists()
    finally:
        file.write_text(right)

    assert (2, "", content is not None) == (ran.status, ran.out, left), ran.err
    assert told in ran.err
    assert "Traceback" not in ran.err


def test_the_key_can_be_changed(tmp_path: Path) -> None:
    """``aduan key rotate``: everything reads as before by the new key, and the former key opens nothing."""
    older = unpack(tmp_path / "data")
    file = older.data / "master.key"
    former = file.read_text()

    changed = aduan("key", "rotate", "--data", str(older.data))

    assert (0, f"{KEYS} keys are wrapped by the new master key") == (
        changed.status,
        changed.out.split(";")[0],
    )
    assert (False, False) == ((older.data / FORMER_FILE).exists(), former == file.read_text())
    with up(older.data, "--simulated-clock", START) as api:
        seen = older.dossiers["cilacap open"]
        assert seen["message"] == api.dossier("cilacap", seen["receipt"]["id"])["complaint"]["message"]
    present = file.read_text()
    file.write_text(former)
    assert 2 == _up(older.data).status
    file.write_text(present)


def test_a_change_that_was_interrupted_is_finished(tmp_path: Path) -> None:
    """Stopped anywhere, it can be run again; until then both keys are known and everything opens."""
    older = unpack(tmp_path / "data")
    program = (
        "from pathlib import Path; from shared.platform.secret import replace_embedded_secret as r; "
        f"r(Path({str(older.data)!r}))"
    )
    subprocess.run([sys.executable, "-c", program], check=True, env={**os.environ})

    assert 0 == aduan_here("dossier", "show", "CLP-2026-000001", "--data", str(older.data)).status
    assert 0 == aduan("key", "rotate", "--data", str(older.data)).status
    assert not (older.data / FORMER_FILE).exists()
    assert 0 == aduan_here("dossier", "show", "CLP-2026-000001", "--data", str(older.data)).status
