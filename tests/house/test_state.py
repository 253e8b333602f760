"""What a process remembers belongs to its runtime (:meth:`shared.application.runtime.Runtime.once`)."""

import ast
from typing import Final

from tests.house.conftest import Nodes

_OWN: Final = "shared/base/strict_json.py"
"""Keeps the objects as well, while it reads one document."""


def test_nothing_is_remembered_by_where_an_object_lies_in_memory(nodes: Nodes) -> None:
    """Where one lay another lies later, and whoever asks by ``id()`` is given what was the first one's."""
    assert {_OWN} == {file for file, every in nodes.items() if any(_asks(each) for each in every)}


def _asks(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "id"
