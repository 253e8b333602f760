"""What the project's papers say to whoever reads them, and what of that is code."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from shared.platform.settings import PROJECT

_PLACES: Final = ("*.md", "docs/*.md", "deploy/**/*.md", "tenants/*.md", "deploy/**/*.sh")
PAPERS: Final = sorted({path for place in _PLACES for path in PROJECT.glob(place)} - {PROJECT / "CHANGELOG.md"})
"""All but the changelog, which tells of what was."""
_FENCE: Final = re.compile(r"^ *```[^\n]*\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_SPAN: Final = re.compile(r"`([^`]+)`")


def paper_id(path: Path) -> str:
    """How a test about a paper is called."""
    return str(path.relative_to(PROJECT))


def code_in(path: Path, *, blocks: bool = True) -> Iterator[str]:
    """What stands as code in a paper: its blocks, then its spans; of a script all but the comments.

    :param blocks: whether its blocks are wanted.
    """
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".md":
        yield re.sub(r"#.*", "", text)
        return
    for block in _FENCE.findall(text) if blocks else ():
        yield block.replace("\\\n", " ")
    yield from (span.replace("\n", " ") for span in _SPAN.findall(without_blocks(text)))


def defines(test: str) -> bool:
    """Whether there is a test.

    :param test: as `pytest` is given it, ``tests/house/papers.py::name``.
    """
    name, _, function = test.partition("::")
    file = PROJECT / name
    return file.is_file() and f"\ndef {function}(" in file.read_text(encoding="utf-8")


def without_blocks(text: str) -> str:
    """A paper's text without its blocks of code."""
    return _FENCE.sub("", text)
