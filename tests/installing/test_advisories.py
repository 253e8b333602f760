"""What is known of the pinned packages can be asked without a network."""

import json
from pathlib import Path

import pytest
import requests

from tests.advisories import affecting, answering, read_advisories


def _advisory(folder: Path, name: str, versions: list[str], ecosystem: str = "PyPI", **more: str) -> None:
    affected = [{"package": {"name": name, "ecosystem": ecosystem}, "versions": versions}]
    (folder / f"{len(list(folder.iterdir()))}.json").write_text(json.dumps({"id": name, "affected": affected, **more}))


def test_a_version_that_is_named_is_found(tmp_path: Path) -> None:
    """That version of that package, unless the advisory was taken back."""
    _advisory(tmp_path, "Flask", ["3.0", "3.1"])
    _advisory(tmp_path, "flask", ["3.1"], withdrawn="2026-01-01T00:00:00Z")
    _advisory(tmp_path, "flask", ["3.1"], ecosystem="npm")
    known = read_advisories(tmp_path)

    assert ["Flask"] == [each["id"] for each in affecting(known, "flask", "3.1")]
    assert [] == [*affecting(known, "flask", "3.2"), *affecting(known, "amqp", "3.1")]
    with answering(known) as address:
        asked = {"package": {"name": "flask", "ecosystem": "PyPI"}, "version": "3.0"}
        assert ["Flask"] == [each["id"] for each in requests.post(address, json=asked, timeout=10).json()["vulns"]]


def test_an_empty_folder_is_no_good_news(tmp_path: Path) -> None:
    """Whoever names the wrong folder is told."""
    with pytest.raises(ValueError, match="no advisory"):
        read_advisories(tmp_path)
