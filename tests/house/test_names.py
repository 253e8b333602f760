"""One name for one thing: whoever reads a name of a class knows which one is meant."""

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("shared", "services", "portal", "channels", "cli")
EXCUSED = {
    "Channel": "kombu looks for a transport's channels under this name",
    "Message": "kombu looks for a channel's messages under this name",
    "Meta": "marshmallow looks for a schema's options under this name",
}
"""Names that stand twice all the same, since another library asks for them."""


def _doubled() -> dict[str, list[str]]:
    found = defaultdict(list)
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    found[node.name].append(str(file.relative_to(ROOT)))
    return {name: files for name, files in found.items() if len(files) > 1}


def test_no_two_classes_have_one_name() -> None:
    """What is a module's own begins with an underscore, and may be called as it likes."""
    doubled = _doubled()

    assert {} == {name: files for name, files in doubled.items() if name not in EXCUSED}
    assert set(EXCUSED) == set(doubled) & set(EXCUSED)
