"""Words on the command line, read as people type them.

A blank one is as good as left out, and refused where something is needed; a choice may be in any letters.
"""

from typing import Any

import click

from shared.base.blank import says_nothing


def with_words(command: click.Command) -> click.Command:
    """A command that reads its words so, and its own commands likewise."""
    for parameter in command.params:
        if isinstance(parameter.type, click.Choice):
            parameter.type.case_sensitive = False
        if isinstance(parameter.type, click.types.StringParamType) and parameter.callback is None:
            parameter.callback = _given
    if isinstance(command, click.Group):
        for below in command.commands.values():
            with_words(below)
    return command


def _given(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
    seen = tuple(each for each in (value if isinstance(value, tuple) else (value,)) if not _is_blank(each))
    if seen:
        return seen if isinstance(value, tuple) else value
    if parameter.required or getattr(parameter, "prompt", None):
        raise click.BadParameter("it is blank; write something that can be seen", context, parameter)
    return () if isinstance(value, tuple) else parameter.default if isinstance(parameter.default, str) else None


def _is_blank(value: object) -> bool:
    return isinstance(value, str) and says_nothing(value)
