"""Every Python that is promised installs what is pinned, and runs the whole system."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shared.platform.settings import PROJECT

PROMISED = ("3.11", "3.12", "3.13")


def _found() -> dict[str, str]:
    """The promised Pythons that this machine has; that of these tests is among them."""
    pythons = {f"{sys.version_info.major}.{sys.version_info.minor}": sys.executable}
    for version in PROMISED:
        homes = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
        named = str(homes[-1]) if homes else shutil.which(f"python{version}")
        if named and _runs(named, version):
            pythons.setdefault(version, named)
    return pythons


def _runs(python: str, version: str) -> bool:
    """Whether it is there, and is what its name says: a version manager leaves names behind that lead nowhere."""
    asked = subprocess.run([python, "--version"], capture_output=True, text=True, check=False)
    return asked.returncode == 0 and asked.stdout.startswith(f"Python {version}.")


PYTHONS = _found()
BETWEEN = sorted(set(PYTHONS) - {min(PYTHONS), max(PYTHONS), f"{sys.version_info.major}.{sys.version_info.minor}"})
"""Neither the oldest nor the newest: a minute of installing that the other two leave little to find for."""


def test_what_is_promised_is_said_everywhere() -> None:
    """The versions stand in the package's description and in the README."""
    description = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")

    for version in PROMISED:
        assert f"Programming Language :: Python :: {version}" in description
        assert version in readme
    assert f'requires-python = ">={PROMISED[0]}"' in description


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize(
    "version", [pytest.param(each, marks=pytest.mark.chaos) if each in BETWEEN else each for each in sorted(PYTHONS)]
)
def test_it_installs_and_starts(version: str, tmp_path: Path) -> None:
    """What is pinned can be installed, and ``aduan up`` gets ready and stops in good order."""
    python = PYTHONS[version]
    if python != sys.executable:
        subprocess.run([python, "-m", "venv", "--without-pip", str(tmp_path / "venv")], check=True)
        python = str(tmp_path / "venv" / "bin" / "python")
        lock = str(PROJECT / "requirements.lock")
        # The pinned pip, for that Python: one of its own would have to be installed first, and may be slower.
        pip = [sys.executable, "-m", "pip", "--python", python, "install"]
        pip += ["--quiet", "--disable-pip-version-check", "--no-compile"]
        subprocess.run([*pip, "--require-hashes", "-r", lock], check=True, stderr=subprocess.DEVNULL, timeout=300)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ADUAN_")}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [python, "-m", "cli.main", "up", "--port", "0", "--data", str(tmp_path / "data")],
            env={**inherited, "PYTHONPATH": str(PROJECT)},
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        assert process.stdout is not None
        ready = next((line for line in process.stdout if line.startswith("ready ")), "")
        process.terminate()
        status = process.wait(60)
        process.stdout.close()

    assert (True, 0) == (bool(ready), status), (tmp_path / "log").read_text()[-3000:]
