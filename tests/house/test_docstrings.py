"""Docstrings tell of what there is: each parameter that is told is taken, and each error that is told is one."""

import ast
import builtins
import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from tests.house.conftest import Nodes

_PARAMETER: Final = re.compile(r"^ *:param \**(\w+):", re.MULTILINE)
_ERROR: Final = re.compile(r"^ *:raises (\w+):", re.MULTILINE)
_PLACE: Final = re.compile(r":[a-z]+:`((?:shared|services|portal|channels|cli|tests|benchmarks)(?:\.\w+)+)`")
_Documented: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _taken(arguments: ast.arguments) -> set[str]:
    several = (each for each in (arguments.vararg, arguments.kwarg) if each is not None)
    return {each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *several)}


def _members(node: ast.ClassDef) -> set[str]:
    """A class's own fields and properties, and what its constructor takes."""
    found = {
        each.target.id for each in node.body if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    }
    for each in node.body:
        if isinstance(each, ast.FunctionDef):
            found |= {each.name} | (_taken(each.args) if each.name == "__init__" else set())
    return found


def _documented(within: tuple[ast.AST, ...]) -> Iterator[tuple[_Documented, str]]:
    for node in within:
        if isinstance(node, _Documented) and (told := ast.get_docstring(node)):
            yield node, told


def _lost(within: tuple[ast.AST, ...]) -> Iterator[str]:
    for node, told in _documented(within):
        known = _members(node) if isinstance(node, ast.ClassDef) else _taken(node.args)
        yield from (f"{node.name}: {name}" for name in _PARAMETER.findall(told) if name not in known)


def _names(nodes: Nodes) -> set[str]:
    """Whatever bears a name of its own in some file: classes, constants, and what was imported."""
    found = set(dir(builtins))
    for node in (each for within in nodes.values() for each in within):
        if isinstance(node, ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return found


INHERITED: Final = {"shared/domain/dossier/events.py": ["ComplaintFiled: actor"]}
"""What a class says anew of a field of the class below it."""


def test_every_parameter_told_is_taken(nodes: Nodes) -> None:
    """A parameter that was renamed or taken away is told no longer."""
    assert INHERITED == {file: lost for file, within in nodes.items() if (lost := list(_lost(within)))}


def test_every_error_told_is_one(nodes: Nodes) -> None:
    """An error that was called anew is told by its name; what no file of ours names is told with its module."""
    known = _names(nodes)
    lost = [
        f"{file}: {name}"
        for file, within in nodes.items()
        for _, told in _documented(within)
        for name in _ERROR.findall(told)
        if name not in known
    ]

    assert [] == lost


def _defined(within: tuple[ast.AST, ...]) -> set[str]:
    """Whatever a file gives a name: classes, functions, constants, and what objects hold."""
    found = set()
    for node in within:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.attr)
    return found


def _is_there(place: str, files: dict[str, set[str]]) -> bool:
    """Whether a dotted name is that of a file, or of something that stands in one."""
    home = place
    while home and home not in files:
        home = home.rpartition(".")[0]
    return bool(home) and files[home].issuperset(place.removeprefix(home).split(".")[1:])


def test_every_place_told_is_there(nodes: Nodes) -> None:
    """Where a text refers to another file of ours, that file holds what it names."""
    files = {
        name.removesuffix(".py").removesuffix("/__init__").replace("/", "."): _defined(within)
        for name, within in nodes.items()
    }
    lost = [
        f"{name}: {place}"
        for name, within in nodes.items()
        for node in within
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for place in _PLACE.findall(node.value)
        if not _is_there(place, files)
    ]
    assert [] == lost
