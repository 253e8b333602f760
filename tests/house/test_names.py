"""One name for one thing: whoever reads a name of a class knows which one is meant."""

import ast
from collections import defaultdict

from tests.house.conftest import Nodes

EXCUSED = {
    "Channel": "kombu looks for a transport's channels under this name",
    "Message": "kombu looks for a channel's messages under this name",
    "Meta": "marshmallow looks for a schema's options under this name",
}
"""Names that stand twice all the same, since another library asks for them."""


def _doubled(nodes: Nodes) -> dict[str, list[str]]:
    found = defaultdict(list)
    for file, within in nodes.items():
        for node in within:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(file)
    return {name: files for name, files in found.items() if len(files) > 1}


def test_no_two_classes_have_one_name(nodes: Nodes) -> None:
    """What is a module's own begins with an underscore, and may be called as it likes."""
    doubled = _doubled(nodes)

    assert {} == {name: files for name, files in doubled.items() if name not in EXCUSED}
    assert set(EXCUSED) == set(doubled) & set(EXCUSED)
