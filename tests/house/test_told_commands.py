"""Every `aduan ...` that the papers tell exists, with the options that they name: nobody types what is not there."""

import re
import shlex
from pathlib import Path
from typing import Any, Final

import click
import pytest

from cli.commands import aduan
from tests.house.papers import PAPERS, code_in, paper_id

_TOLD: Final = re.compile(r"(?<![\w./-])aduan((?: +(?:'[^'\n]*'|\"[^\"\n]*\"|[^\s`|;&)]+))+)")
_MADE: Final = {"--data", "--help"}
"""Options that :func:`cli.words.with_words` and click add."""


def _told(path: Path) -> list[list[str]]:
    """The commands that a paper tells, as words without the first."""
    found = [shlex.split(words.replace("...", " ")) for text in code_in(path) for words in _TOLD.findall(text)]
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
