"""The how-to of docs/channels.md, carried out: a kind of channel that somebody else's package brings."""

import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import requests

from shared.channels import registry
from shared.platform.settings import PROJECT
from tests.channels.line import Line, line
from tests.channels.talking import COMPLAINT

PAGE = (PROJECT / "docs" / "channels.md").read_text(encoding="utf-8")
NUMBER = "+6281234567890"


@pytest.fixture
def package(tmp_path: Path) -> Iterator[Path]:
    """The page's package, installed as installers leave one."""
    folder = tmp_path / "site"
    folder.mkdir()
    [source] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (folder / "radio.py").write_text(source)
    told = folder / "radio-1.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: radio\nVersion: 1\n")
    [group] = re.findall(r'`\[project\.entry-points\."([^"]+)"\]`', PAGE)
    (told / "entry_points.txt").write_text(f"[{group}]\nradio = radio:kind\n")
    sys.path.insert(0, str(folder))
    registry.kind_of.cache_clear()
    yield folder
    sys.path.remove(str(folder))
    sys.modules.pop("radio", None)
    registry.kind_of.cache_clear()


@pytest.fixture
def radio(package: Path, database_url: str, tmp_path: Path) -> Iterator[Line]:
    """An installation with the page's channel."""
    del package
    [entry] = re.findall(r"`(\{id: radio, [^`]+\})`", PAGE)
    books = {"cilacap": f"channels:\n  - {entry}\n"}
    with line(database_url, tmp_path, books, {"cilacap.radio.word": "kata"}) as made:
        yield made


def test_the_how_to_works_as_it_stands(radio: Line) -> None:
    """A complaint comes in and its receipt goes out by a channel of which Aduan knows nothing."""
    hook = f"{radio.address}/hooks/v1/cilacap/radio"
    assert 403 == requests.post(hook, data=f"{NUMBER}: {COMPLAINT}", timeout=10).status_code
    for text in (COMPLAINT, "ya", "Siti Rahayu", "RT 02 RW 01 Hanum", "1"):
        said = f"{NUMBER}: {text}".encode()
        assert 200 == requests.post(hook, data=said, headers={"X-Studio": "kata"}, timeout=10).status_code
        radio.works()
    assert 1 == len(radio.dossiers())
    said_back = import_module("radio").kind.said
    assert NUMBER == said_back[-1][0]
    assert "CLP-" in said_back[-1][1]
    assert "radio" in registry.kinds()
