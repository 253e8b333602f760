"""``make lock`` and ``make audit`` as the papers tell to type them, on packages and advisories made here, offline."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from shared.platform.settings import PROJECT

_HERE: Final = Path(__file__).parent
_LOCKS: Final = ("requirements.lock", "requirements-dev.lock", "requirements-extras.lock")
_OF_AN_OUTER_MAKE: Final = ("MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS", "MAKELEVEL", "ARGS", "ADVISORIES")
_HOUSE: Final = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "house"
version = "1"
dependencies = ["brick"]

[project.optional-dependencies]
dev = ["mortar"]
oidc = []
s3 = ["slate"]
tracing = []
"""


def _made(folder: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run our Makefile in another folder, also from within a ``make test`` whose own arguments are none of its."""
    around = {name: value for name, value in os.environ.items() if name not in _OF_AN_OUTER_MAKE}
    return subprocess.run(
        ["make", "--no-print-directory", "-f", str(PROJECT / "Makefile"), *arguments],
        cwd=folder,
        env={**around, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


def _wheel(folder: Path, name: str, version: str) -> None:
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        about = f"{name}-{version}.dist-info"
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")


def _pins(file: Path) -> list[str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith((" ", "#"))]
    assert all(pin.endswith(" \\") for pin in pins), "a hash stands below each"
    return [pin.removesuffix(" \\") for pin in pins]


def test_one_package_is_pinned_anew_and_no_other(tmp_path: Path) -> None:
    """``make lock ARGS=--upgrade-package=NAME``: in all three files, each package with its hash."""
    (tmp_path / ".venv").symlink_to(sys.prefix)
    (tmp_path / "pyproject.toml").write_text(_HOUSE)
    shutil.copy(_HERE / "backend.py", tmp_path)
    for name in ("brick", "mortar", "slate"):
        for version in ("1.0", "2.0"):
            _wheel(tmp_path, name, version)
    for lock in _LOCKS:
        (tmp_path / lock).write_text("brick==1.0\nmortar==1.0\nslate==1.0\n")
    alone = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path)}
    done = _made(tmp_path, "lock", "ARGS=--upgrade-package=brick", **alone)

    assert 0 == done.returncode, done.stdout + done.stderr
    assert [["brick==2.0"], ["brick==2.0", "mortar==1.0"], ["brick==2.0", "slate==1.0"]] == [
        _pins(tmp_path / lock) for lock in _LOCKS
    ]


@pytest.mark.parametrize(
    ("arguments", "well"), [((), False), (("ARGS=--ignore-vuln ID-1",), True)], ids=["told", "left out"]
)
def test_the_pinned_are_held_against_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: Sequence[str], *, well: bool
) -> None:
    """``make audit ADVISORIES=FOLDER`` asks that folder; it fails if a package is known to be weak, unless that is left
    out. What a ``make test`` around it was told is nothing to it.
    """
    for name, value in (("MAKELEVEL", "1"), ("MAKEFLAGS", " -- ARGS=-k\\ pinned"), ("ARGS", "-k pinned")):
        monkeypatch.setenv(name, value)
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "python").symlink_to(sys.executable)
    auditor = programs / "pip-audit"
    auditor.write_text(f'#!/bin/sh\nexec {sys.executable} {_HERE / "auditor.py"} "$@"\n')
    auditor.chmod(0o755)
    for name in ("tests", "requirements-extras.lock"):
        (tmp_path / name).symlink_to(PROJECT / name)
    flask = next(pin for pin in _pins(PROJECT / "requirements-extras.lock") if pin.startswith("flask=="))
    known = {"package": {"name": "Flask", "ecosystem": "PyPI"}, "versions": [flask.partition("==")[2]]}
    (tmp_path / "advisories").mkdir()
    (tmp_path / "advisories" / "1.json").write_text(json.dumps({"id": "ID-1", "affected": [known]}))
    done = _made(tmp_path, "audit", "ADVISORIES=advisories", *arguments)

    assert well == (done.returncode == 0), done.stdout + done.stderr
    assert ["known:", *([] if well else ["ID-1"])] == done.stdout.split()
