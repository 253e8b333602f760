"""The one image: what it stands on, what is put into it, and as whom it runs."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from shared.platform.settings import PROJECT

PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_image_stands_on_an_exact_version() -> None:
    """Building it again next year gives the same Python."""
    dockerfile = (PROJECT / "Dockerfile").read_text(encoding="utf-8")

    assert re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE) == ["python:3.11.14-slim-bookworm"] * 2


def test_one_setting_puts_traces_and_buckets_into_the_image() -> None:
    """Pinned with hashes to what the tests run on; the rest of the image is the same with it and without."""
    plain, extras, tried = (_pins(f"requirements{kind}.lock") for kind in ("", "-extras", "-dev"))
    needed = {
        canonicalize_name(Requirement(line).name)
        for kind in ("s3", "tracing")
        for line in PYPROJECT["project"]["optional-dependencies"][kind]
    }

    assert needed <= extras.keys()
    assert plain.items() <= extras.items() <= tried.items()


def _pins(name: str) -> dict[str, frozenset[str]]:
    """By package its version and hashes."""
    text = (PROJECT / name).read_text(encoding="utf-8")
    found = re.findall(r"^([a-z0-9-]+)(==\S+)((?:\s+\\?\s*--hash=\S+)+)", text, re.MULTILINE)
    return {package: frozenset([version, *re.findall(r"sha256:\w+", hashes)]) for package, version, hashes in found}


def test_the_image_holds_what_it_needs_and_runs_as_nobody_special() -> None:
    """Every path that is copied exists and is let through; the process is not root."""
    dockerfile = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
    let_through = {line[1:] for line in _lines(".dockerignore") if line.startswith("!")}
    copied = {
        word for line in re.findall(r"^COPY (?!--from)(.*) \S+$", dockerfile, re.MULTILINE) for word in line.split()
    }

    assert let_through == copied
    assert [] == sorted(path for path in copied if not (PROJECT / path).exists())
    assert {"shared", "services", "portal", "cli", "tenants", "requirements.lock"} <= copied
    assert dockerfile.index("USER aduan") < dockerfile.index('ENTRYPOINT ["aduan"]')
    assert "*" == _lines(".dockerignore")[0]


def _lines(name: str) -> list[str]:
    text = Path(PROJECT / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
