"""Every `aduan ...` that the papers tell exists, with the options that they name, and is run so by a test: nobody types
what is not there, or does not do what is told of it.
"""

import ast
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import click
import pytest

from cli.commands import aduan
from shared.platform.settings import PROJECT
from tests.house.papers import PAPERS, code_in, paper_id

_TOLD: Final = re.compile(r"(?<![\w./-])aduan((?: +(?:'[^'\n]*'|\"[^\"\n]*\"|[^\s`|;&)]+))+)")
_MADE: Final = {"--data", "--help"}
"""Options that :func:`cli.words.with_words` and click add."""
_AS_THEY_STAND: Final[Mapping[str, str]] = {
    "README.md": "tests/journey/test_readme.py",
    "docs/backup.md": "tests/replica/test_restore.py",
    "docs/bridge.md": "tests/cli/test_bridge.py",
}
"""Papers whose blocks a test types as they stand."""


def _told(path: Path) -> list[list[str]]:
    """The commands that a paper tells, as words without the first."""
    return _commands_in(code_in(path))


def _commands_in(code: Iterable[str]) -> list[list[str]]:
    found = [shlex.split(words.replace("...", " ")) for text in code for words in _TOLD.findall(text)]
    return [words for words in found if words and not words[0].isupper()]  # SQL about a database or login of that name


def _wrong(words: list[str]) -> str | None:
    """What a command line names that does not exist; none if all does."""
    command: Any = aduan
    options: set[str] = set(_MADE)
    left = list(words)
    while left and isinstance(command, click.Group) and not left[0].startswith("-"):
        found = command.get_command(click.Context(command), left[0])
        if found is None:
            return f"no command {' '.join(words)}"
        command = found
        left.pop(0)
    options |= {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
    if words[:1] == ["at"]:
        rest = [each for each in left[1:] if each != "COMMAND"]
        return _wrong(rest) if rest else None
    unknown = [each for each in left if each.startswith("--") and each.split("=")[0].rstrip(",.") not in options]
    return f"no option {unknown} of {' '.join(words)}" if unknown else None


@pytest.mark.parametrize("path", PAPERS, ids=paper_id)
def test_every_command_told_exists(path: Path) -> None:
    """By its name, and with each option that is given with it."""
    assert [] == [wrong for words in _told(path) if (wrong := _wrong(words)) is not None]


@cache
def _words_of_tests() -> Mapping[str, frozenset[str]]:
    """By its file's name, every word of a test's texts, and what it calls."""
    return {str(file.relative_to(PROJECT)): frozenset(_words_of(file)) for file in (PROJECT / "tests").rglob("*.py")}


def _words_of(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from node.value.split()
        elif isinstance(node, ast.Name):
            yield node.id


def _essence(words: Sequence[str]) -> frozenset[str]:
    """The command and its options, without what is for the reader to fill in."""
    command: Any = aduan
    names = []
    for word in words:
        found = command.get_command(click.Context(command), word) if isinstance(command, click.Group) else None
        if found is None:
            break
        names.append(word)
        command = found
    if names == ["at"] and any(word != "COMMAND" for word in words[2:]):
        return frozenset({"at", *_essence(words[2:])})
    options = {word.split("=")[0].rstrip(",.") for word in words[len(names) :] if word.startswith("--")}
    return frozenset({*names, *(options - _MADE)})


@pytest.mark.parametrize("path", PAPERS, ids=paper_id)
def test_every_command_told_is_run(path: Path) -> None:
    """By a test that names the command and each option that is told with it, or that types what stands in the paper."""
    typing = _AS_THEY_STAND.get(paper_id(path))
    assert typing is None or any(path.name in word for word in _words_of_tests()[typing])
    told = _commands_in(code_in(path, blocks=typing is None))

    assert [] == [sorted(each) for each in map(_essence, told) if not _is_run(each)]


def _is_run(essence: frozenset[str]) -> bool:
    """Whether a test names all of it. Those of the house read the papers themselves."""
    return any(essence <= words for name, words in _words_of_tests().items() if not name.startswith("tests/house/"))
