"""The project's own source, parsed once for all rules that every file keeps."""

import ast
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

import pytest

from shared.platform.settings import PROJECT

ROOMS: Final = ("shared", "services", "portal", "channels", "cli")
Nodes: TypeAlias = Mapping[str, tuple[ast.AST, ...]]
"""All that stands in each file, by the file's name from the project's root."""


@pytest.fixture(scope="package")
def nodes() -> Iterator[Nodes]:
    """Every file's; let go of after the last of these tests, since a million objects slow down whatever runs then."""
    found: dict[str, tuple[ast.AST, ...]] = {}
    for path in sorted(path for room in ROOMS for path in (PROJECT / room).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found[path.relative_to(PROJECT).as_posix()] = tuple(ast.walk(tree))
    yield found
    found.clear()
