"""What a command is for, read from its file: to list all of them, nothing of theirs needs to be loaded."""

import ast
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import click


class ListedCommands(click.Group):
    """Commands that can only be listed, in their order.

    :param modules: of each the module that holds it under the name ``command``.
    """

    def __init__(self, modules: Mapping[str, str]) -> None:
        super().__init__(commands={name: _told(name, module) for name, module in modules.items()})

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """As they were given."""
        return list(self.commands)


def _told(name: str, module: str) -> click.Command:
    found = find_spec(module)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(module)
    body = ast.parse(Path(found.origin).read_text(encoding="utf-8")).body
    [function] = [each for each in body if isinstance(each, ast.FunctionDef) and each.name == "command"]
    said = {keyword.arg for each in function.decorator_list if isinstance(each, ast.Call) for keyword in each.keywords}
    return click.Command(name, help=ast.get_docstring(function), hidden="hidden" in said)
