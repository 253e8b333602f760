"""Changes that no test may miss: each can still be made, and the test that is named for it is there and fails."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from shared.platform.settings import PROJECT
from tests.house.changes import CHANGES, Change
from tests.house.papers import PAPERS, code_in, defines, paper_id
from tests.house.test_told_names import ROOMS

_ROW: Final = re.compile(r"^\| (.+?) \| `(tests/[^`]+::\w+)` \|$", re.MULTILINE)
_TEST: Final = re.compile(r"\btests/[\w/]+\.py::\w+")
_SECONDS: Final = 300
_FAILED: Final = 1
"""How pytest ends when tests have failed; it ends otherwise when there are none, or they cannot be read."""


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project once more, to be spoilt."""
    place = tmp_path_factory.mktemp("changed")
    for room in ROOMS:
        shutil.copytree(PROJECT / room, place / room, ignore=shutil.ignore_patterns("__pycache__"))
    for file in PROJECT.iterdir():
        if file.is_file():
            shutil.copy2(file, place)
    return place


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.what)
def test_each_change_can_be_made(change: Change) -> None:
    """What it changes stands there once, and its test is where it is said to be."""
    assert 1 == (PROJECT / change.file).read_text(encoding="utf-8").count(change.was)
    assert defines(change.caught_by)


def test_the_table_tells_of_changes_that_are_tried() -> None:
    """Each row with the very test by which that change is found out."""
    rows = dict(_ROW.findall((PROJECT / "ARCHITECTURE.md").read_text(encoding="utf-8")))

    assert rows
    assert rows.items() <= {change.what: change.caught_by for change in CHANGES}.items()


@pytest.mark.parametrize("paper", PAPERS, ids=paper_id)
def test_every_test_told_exists(paper: Path) -> None:
    """Whoever reads by which test something is held finds that test."""
    told = {name for text in code_in(paper) for name in _TEST.findall(text)}

    assert [] == sorted(name for name in told if not defines(name))


@pytest.mark.chaos
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.what)
def test_each_change_is_found_out(copied: Path, change: Change) -> None:
    """The test fails when the change is made; that it passes without is seen whenever all tests run."""
    file = copied / change.file
    kept = file.read_text(encoding="utf-8")
    file.write_text(kept.replace(change.was, change.becomes), encoding="utf-8")
    asked = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", change.caught_by]
    try:
        ran = subprocess.run(
            asked,
            cwd=copied,
            env={**os.environ, "PYTHONPATH": str(copied)},
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    finally:
        file.write_text(kept, encoding="utf-8")

    assert _FAILED == ran.returncode, ran.stdout[-2000:]
    assert "\nFAILED " in ran.stdout, ran.stdout[-2000:]
