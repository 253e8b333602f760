"""Files are read by a quick parser, and understood as by the thorough one."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from shared.platform.settings import PROJECT
from shared.wording import yaml_lines
from shared.wording.yaml_lines import Document, FileError, parse_yaml

FILES = sorted(
    path
    for folder in ("tenants", "shared", "services", "channels", "portal")
    for path in (PROJECT / folder).rglob("*.yaml")
)
_PIECES = (
    "a",
    "b: ",
    "- ",
    "\n",
    "\n  ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    ": ",
    "? ",
    "?",
    " #c",
    "'",
    '"',
    "|\n",
    ">",
    "&a ",
)
_MORE = (
    "*a",
    "!x ",
    "!",
    "!!str ",
    "<<: ",
    "---",
    "\n---\n",
    "...",
    "%YAML 1.1\n",
    "01",
    "1",
    "~",
    "\t",
    "é",
    "\\n",
    "|#",
)


def _understood(text: str, monkeypatch: pytest.MonkeyPatch, *, quickly: bool) -> tuple[object, object] | str:
    with monkeypatch.context() as patch:
        if not quickly:
            patch.setattr(yaml_lines, "_QuickLoader", yaml_lines._Loader)
        try:
            document: Document = parse_yaml(text, "x.yaml")
        except (FileError, RecursionError) as error:
            return str(error)
        return repr(document.data), document.lines


@pytest.mark.parametrize("file", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_file_of_ours_says_the_same(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same data on the same lines, whichever parser reads it."""
    text = file.read_text(encoding="utf-8")

    assert _understood(text, monkeypatch, quickly=False) == _understood(text, monkeypatch, quickly=True)


@given(st.lists(st.sampled_from(_PIECES + _MORE), max_size=9).map("".join))
def test_whatever_is_written_is_understood_alike(text: str) -> None:
    """Also what is wrong, with the same words and on the same line."""
    with pytest.MonkeyPatch.context() as patch:
        assert _understood(text, patch, quickly=False) == _understood(text, patch, quickly=True)


@pytest.mark.parametrize("text", ["[" * 20_000, "- " * 50_000, "{a: " * 10_000])
def test_no_text_ends_the_process(text: str) -> None:
    """However deeply it is nested: it is refused, as a text that cannot be read."""
    with pytest.raises(FileError, match="nested"):
        parse_yaml(text, "x.yaml")


def test_the_quick_parser_is_there() -> None:
    """The wheel of the library that we install brings it."""
    assert yaml.__with_libyaml__
