"""Words on the command line, read as people type them.

A blank one is as good as left out, and refused where something is needed; a choice may be in any letters. A blank file
or folder is refused everywhere: it would be the folder in which one stands. A file that is to be read has an end: a
device is none. One that is to be written has a folder.
"""

import math
import stat
from pathlib import Path
from typing import Any

import click

from shared.base.blank import says_nothing


class Encoding(click.types.StringParamType):
    """The name of an encoding of text, as Python knows them."""

    name = "encoding"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The name as it was given; refused if no text can be written by it."""
        if not _is_blank(value):
            try:
                "a".encode(value)
            except (LookupError, ValueError):  # `klingon`; `hex`, which makes no text; `undefined`, which takes none
                self.fail(f"there is no encoding {value!r}", param, ctx)
        return value


class _Named(click.Path):
    """A file or folder that has a name.

    :param asked: what it is otherwise.
    """

    def __init__(self, asked: click.Path) -> None:
        super().__init__(
            exists=asked.exists,
            file_okay=asked.file_okay,
            dir_okay=asked.dir_okay,
            writable=asked.writable,
            readable=asked.readable,
            resolve_path=asked.resolve_path,
            allow_dash=asked.allow_dash,
            path_type=asked.type,
            executable=asked.executable,
        )

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """As its kind does; refused if it is blank."""
        if _is_blank(value):
            self.fail("it is blank; name a file or a folder", param, ctx)
        return super().convert(value, param, ctx)


def with_words(command: click.Command) -> click.Command:
    """A command that reads its words so, and its own commands likewise."""
    for parameter in command.params:
        if isinstance(parameter.type, click.Choice):
            parameter.type.case_sensitive = False
        if isinstance(parameter.type, click.types.StringParamType) and parameter.callback is None:
            parameter.callback = _given
        if isinstance(parameter.type, click.types.FloatParamType) and parameter.callback is None:
            parameter.callback = _number
        if isinstance(parameter.type, click.Path):
            if parameter.type.file_okay and parameter.callback is None:
                parameter.callback = _readable if parameter.type.exists else _writable
            parameter.type = _Named(parameter.type)
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


def _number(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
    """A number: `nan` is none, and lies within any bounds."""
    if isinstance(value, float) and math.isnan(value):
        raise click.BadParameter("that is no number", context, parameter)
    return value


def _readable(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
    """What is there to be read: a file, a folder, or a pipe; `/dev/zero` would fill all memory."""
    for each in value if isinstance(value, tuple) else (value,):
        mode = Path(each).stat().st_mode if each is not None else 0
        if stat.S_ISCHR(mode) or stat.S_ISBLK(mode) or stat.S_ISSOCK(mode):
            raise click.BadParameter(f"{each} is a device or a socket; name a file", context, parameter)
    return value


def _writable(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
    """A file that is to be written: its folder is there, which is told before an hour's work is lost."""
    for each in value if isinstance(value, tuple) else (value,):
        if each is not None and not Path(each).absolute().parent.is_dir():
            said = f"{each} cannot be written: name a file in a folder that is there"
            raise click.BadParameter(said, context, parameter)
    return value


def _is_blank(value: object) -> bool:
    return isinstance(value, str) and says_nothing(value)
