"""``deploy/backup/restore.sh`` is killed while it copies: no server starts on half of it, and it is said again."""

import os
import subprocess
from pathlib import Path

import pytest

from shared.platform.settings import PROJECT

_FILES = {
    "PG_VERSION": "18\n",
    "backup_label": "label",
    "global/pg_control": "control",
    "base/1/2619": "rows",
    "postgresql.auto.conf": "work_mem = '4MB'\n",
}
_DYING = """#!/bin/sh
echo x >> {calls}
[ "$(wc -l < {calls})" -ne {call} ] || {{ kill -9 $PPID; exit 1; }}
exec /bin/{name} "$@"
"""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """What a base backup looks like, with a table on another disk."""
    made = tmp_path / "base"
    for name, content in _FILES.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(content)
    (tmp_path / "base.tablespaces" / "16385").mkdir(parents=True)
    (tmp_path / "base.tablespaces" / "16385" / "cold").write_text("old rows")
    (made / "pg_tblspc").mkdir()
    (made / "pg_tblspc" / "16385").symlink_to(tmp_path / "base.tablespaces" / "16385")
    return made


def _restored(base: Path, data: Path, dies_at: int | None = None) -> int:
    """Run it; its status.

    :param dies_at: at which call of `cp` or `mv` it is killed.
    """
    programs, calls = base.parent / "bin", base.parent / "calls"
    programs.mkdir(exist_ok=True)
    calls.write_text("")
    (programs / "pg_verifybackup").write_text("#!/bin/sh\n")
    for name in ("cp", "mv"):
        (programs / name).write_text(_DYING.format(calls=calls, call=dies_at or 0, name=name))
    for each in programs.iterdir():
        each.chmod(0o755)
    command = ["sh", str(PROJECT / "deploy/backup/restore.sh"), str(base), str(base.parent / "wal"), str(data)]
    done = subprocess.run(
        command, env={**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}, capture_output=True, check=False
    )
    return done.returncode


def _lies_in(data: Path) -> dict[str, str]:
    return {str(each.relative_to(data)): each.read_text() for each in data.rglob("*") if each.is_file()}


def test_half_a_restore_is_no_server_and_is_done_again(base: Path, tmp_path: Path) -> None:
    """Wherever it was killed."""
    expected, killed = tmp_path / "expected", 0
    assert 0 == _restored(base, expected)
    while True:
        data = tmp_path / f"data-{killed}"
        if _restored(base, data, killed + 1) == 0:
            break
        killed += 1
        assert not (data / "PG_VERSION").exists()
        assert 0 == _restored(base, data)
        assert _lies_in(expected) == _lies_in(data)
        assert "old rows" == (data / "pg_tblspc" / "16385" / "cold").read_text()

    assert killed > 5


def test_what_is_not_its_own_is_left_alone(base: Path, tmp_path: Path) -> None:
    """A folder with anything in it, or a server."""
    data = tmp_path / "data"
    for name in ("PG_VERSION", "notes"):
        data.mkdir(exist_ok=True)
        (data / name).write_text(name)
        before = _lies_in(data)

        assert 1 == _restored(base, data)
        assert before == _lies_in(data)
        (data / name).unlink()
