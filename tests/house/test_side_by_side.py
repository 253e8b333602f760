"""``make test`` runs every test once, ends at a fault of style or types, and takes nothing for well that is not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shared.platform.settings import PROJECT
from tests.side_by_side import ON_ONE_CLUSTER, TESTS, all_runs, in_memory

ENDLESS = ("sleep", "600")


def _run(check: tuple[str, ...], *commands: tuple[str, ...]) -> "subprocess.CompletedProcess[str]":
    program = f"import sys; from tests.side_by_side import side_by_side; sys.exit(side_by_side({check}, {commands}, 2))"
    return subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=False, timeout=300
    )


def _shell(script: str) -> tuple[str, ...]:
    return "sh", "-c", script


def test_every_test_is_run_once() -> None:
    """No folder and no file is left out, and none is dealt to two."""
    run: list[Path] = []
    for path in (path for paths in all_runs() for path in paths):
        run += [path] if path.is_file() else path.rglob("test_*.py")

    assert sorted(TESTS.rglob("test_*.py")) == sorted(run)


def test_who_uses_the_cluster_is_run_with_it() -> None:
    """Another run would start one more, of nine processes."""
    files = (TESTS / "processes").glob("test_*.py")

    assert {file.name for file in files if "conftest import Running" in file.read_text()} == ON_ONE_CLUSTER


def test_a_fault_of_style_or_types_ends_the_rest() -> None:
    """It is told at once: whoever waits for the tests would wait for nothing."""
    done = _run(_shell("echo unused import; exit 2"), ENDLESS, ENDLESS, ENDLESS)

    assert (2, ["unused import"]) == (done.returncode, done.stdout.splitlines()), done.stderr


def test_what_went_wrong_is_told_last() -> None:
    """The others are run to their end all the same; and all are added up."""
    wrong = "== 1 failed, 2 passed, 1 error in 0.10s =="
    well = [f"== {number} passed, 1 deselected in 61.00s (0:01:01) ==" for number in range(2, 5)]
    done = _run(("true",), _shell(f"echo '{wrong}'; exit 1"), *(_shell(f"echo '{each}'") for each in well))
    *told, last, in_all = done.stdout.splitlines()

    assert (1, well, wrong) == (done.returncode, sorted(told), last), done.stderr
    assert "in all: 1 failed, 11 passed, 1 error, 3 deselected" in in_all


def test_a_run_that_was_killed_did_not_go_well() -> None:
    """As a shell says it: 128, and the signal's number."""
    assert 137 == _run(("true",), _shell("kill -9 $$"), ("true",)).returncode


def test_files_of_tests_lie_in_memory_only_where_there_is_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else they lie where temporary files always do: a small machine is not filled."""
    whole = shutil.disk_usage(tmp_path)
    roomy = {"SC_AVPHYS_PAGES": 1 << 24, "SC_PAGE_SIZE": 4096}
    monkeypatch.setattr(os, "sysconf", roomy.__getitem__)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: whole._replace(free=1 << 40))
    found = [in_memory(tmp_path), in_memory(tmp_path / "none")]
    monkeypatch.setattr(os, "sysconf", {**roomy, "SC_AVPHYS_PAGES": 1 << 18}.__getitem__)
    found.append(in_memory(tmp_path))
    monkeypatch.setattr(os, "sysconf", roomy.__getitem__)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: whole._replace(free=64 << 20))
    found.append(in_memory(tmp_path))

    assert [tmp_path, None, None, None] == found
