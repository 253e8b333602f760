"""YAML files that an administrator edits, read so that every complaint about them can name the line.

A small, strict dialect, because the usual YAML surprises lie exactly where these files are: ``13:00`` is text
here (YAML 1.1 reads 780), ``2023-04-19`` is text (the schema makes the date), ``no`` and ``yes`` are text, a
number with a leading zero (a telephone number) is text, and a key given twice is an error instead of a silent
override.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Final

import yaml
from yaml.composer import Composer

Place = tuple[str | int, ...]
_MOST_NODES: Final = 200_000
_MOST_TOLD: Final = 100
_NO_CHARACTER: Final = yaml.reader.Reader.NON_PRINTABLE


class FileError(Exception):
    """Something in a file that an administrator edits is wrong.

    :param file: the file.
    :param line: the line, counted from 1; 0 if the whole file is meant.
    :param message: what is wrong.
    :param remedy: what to do about it.
    :param others: further errors of the same file, in the order of their lines.
    """

    def __init__(
        self, file: Path | str, line: int, message: str, remedy: str, others: Iterable[FileError] = ()
    ) -> None:
        self.file = Path(file)
        self.line = line
        self.message = message
        self.remedy = remedy
        self.others = tuple(others)
        super().__init__(str(self.file), line, message, remedy)

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else str(self.file)
        told = [f"{where}: {self.message} → {self.remedy}", *map(str, self.others[:_MOST_TOLD])]
        if (more := len(self.others) - _MOST_TOLD) > 0:
            told.append(f"... and {more} more")
        return "\n".join(told)

    @classmethod
    def of(cls, errors: Sequence[FileError]) -> FileError:
        """One error that carries all of them, the topmost in the file first."""
        first, *others = sorted(errors, key=lambda error: error.line)
        return cls(first.file, first.line, first.message, first.remedy, others)


@dataclass(frozen=True)
class Document:
    """What a YAML file says, as plain dicts, lists, texts, numbers, booleans and None, and where it says it."""

    file: Path
    data: object
    lines: dict[Place, int]

    def line_of(self, path: Sequence[str | int] = ()) -> int:
        """The line of the value at ``path``, e.g. ``("steps", 2, "within")``.

        A path that is not in the file (a missing field) has the line of the nearest part of it that is.
        """
        place = tuple(path)
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def error(self, path: Sequence[str | int], message: str, remedy: str) -> FileError:
        """An error about the value at ``path``."""
        return FileError(self.file, self.line_of(path), message, remedy)


def load_yaml(path: Path | str) -> Document:
    """Read a YAML file.

    :raises FileError: if it cannot be read, is not YAML, or uses what this dialect refuses (see above).
    """
    return parse_yaml(read_text(path), path)


def read_text(path: Path | str) -> str:
    """What stands in a file that an administrator edits.

    :raises FileError: if it cannot be read.
    """
    file = Path(path)
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        remedy = "create it, or correct the name where it is asked for"
        raise FileError(file, 0, "the file does not exist", remedy) from None
    except UnicodeDecodeError:
        raise FileError(file, 0, "the file is not UTF-8 text", "save it again in the encoding UTF-8") from None
    except OSError as error:  # a folder, a name too long for any file, one that we may not open
        message = f"the file cannot be read: {error.strerror}"
        raise FileError(file, 0, message, "correct the name where it is asked for, or who may read it") from None


def parse_yaml(text: str, file: Path | str) -> Document:
    """Read YAML from a string, as :func:`load_yaml` does; ``file`` is only named in errors."""
    try:
        return _parsed(text, Path(file))
    except RecursionError:
        raise FileError(file, 0, "its parts are nested too deeply", "write it with fewer levels") from None


def _parsed(text: str, place: Path) -> Document:
    try:
        node = _composed(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = f"this is not valid YAML: {error.problem or error.context}"
        remedy = "check indentation (blanks, no tabs), colons and quotation marks in this line and the one above"
        raise FileError(place, mark.line + 1 if mark else 0, message, remedy) from None
    except yaml.YAMLError as error:
        remedy = "remove the character that is named"
        raise FileError(place, 0, f"this is not valid YAML: {error}", remedy) from None
    except (ValueError, OverflowError):  # PyYAML makes numbers and characters of escapes without looking whether it can
        message = "this is not valid YAML: an escape such as \\U00110000 is no character, or %YAML names no version"
        raise FileError(place, 0, message, "write the character itself, and leave the version out") from None
    if node is None:
        return Document(place, None, {(): 1})
    reader = _Reader(place)
    return Document(place, reader.value(node, ()), reader.lines)


class _Loader(yaml.SafeLoader):
    """The safe loader with fewer guesses about what plain text means."""


_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?(?:0|[1-9][0-9]*)\.[0-9]+$"), list("-+0123456789")
)


class _QuickLoader(Composer, yaml.CSafeLoader):
    """The same by libyaml's parser, ten times as fast. Nodes are put together in Python all the same: the binding's own
    way ends the process where a text is nested very deeply.
    """

    def __init__(self, stream: str) -> None:
        yaml.CSafeLoader.__init__(self, stream)
        Composer.__init__(self)


_QuickLoader.yaml_implicit_resolvers = _Loader.yaml_implicit_resolvers

_UNUSUAL: Final = re.compile(
    r"[^\n -~\u00a1-\u1fff\u2010-\u2027\u2030-\ud7ff]|^---|(?<!\w)!|[\[{,]\s*[^\n]*\?|[|>][-+0-9]*#", re.MULTILINE
)
"""On these, above all tabs, tags and marks of documents, the two parsers do not agree, or not on the lines."""


def _composed(text: str) -> yaml.Node | None:
    """The text's nodes. What libyaml does not understand is read once more by the parser that says best why.

    :raises yaml.YAMLError: if it is no YAML.
    """
    if _UNUSUAL.search(text) is None:
        try:
            return yaml.compose(text, Loader=_QuickLoader)
        except yaml.YAMLError:
            pass
    return yaml.compose(text, Loader=_Loader)


class _Reader:
    """Turns nodes into plain data and remembers the line of each."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.lines: dict[Place, int] = {}
        self._open: list[yaml.Node] = []

    def value(self, node: yaml.Node, path: Place) -> object:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if len(self.lines) > _MOST_NODES:
            raise self._error(node, "the file is too large once its aliases are written out", "use fewer aliases")
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if any(node is outer for outer in self._open):
            raise self._error(node, "an alias refers to the part it stands in", "write the value out")
        self._open.append(node)
        try:
            if isinstance(node, yaml.SequenceNode):
                return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
            return self._mapping(node, path)
        finally:
            self._open.pop()

    def _mapping(self, node: yaml.Node, path: Place) -> dict[Hashable, object]:
        result: dict[Hashable, object] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise self._error(key_node, "a key must be a single word or text", "write the key as plain text")
            key = self._scalar(key_node)
            if not isinstance(key, str | int) or key == "<<":
                raise self._error(key_node, f"{key_node.value!r} cannot be a key", "write the key as plain text")
            if key in result:
                remedy = "keep one of the two; the other would be ignored silently"
                raise self._error(key_node, f"the key {key!r} is given twice", remedy)
            self.lines[*path, key] = key_node.start_mark.line + 1
            result[key] = self.value(value_node, (*path, key))
        return result

    def _scalar(self, node: yaml.ScalarNode) -> str | int | float | bool | None:
        match node.tag:
            case "tag:yaml.org,2002:str":
                return self._text(node)
            case "tag:yaml.org,2002:null":
                return None
            case "tag:yaml.org,2002:bool":
                return bool(node.value == "true")
            case "tag:yaml.org,2002:int":
                return self._number(node, int)
            case "tag:yaml.org,2002:float":
                return self._number(node, float)
        raise self._error(node, f"the tag {node.tag!r} is not allowed", "remove the tag; quote the value if it is text")

    def _text(self, node: yaml.ScalarNode) -> str:
        """What may not stand in a file may not be written as an escape either: no page and no table takes it."""
        text = str(node.value)
        if _NO_CHARACTER.search(text):
            raise self._error(node, "an escape in this text is no character that can be shown", "remove the escape")
        return text

    def _number(self, node: yaml.ScalarNode, kind: type[int | float]) -> int | float:
        try:
            number = kind(node.value)
        except ValueError:  # a tag says that it is one, or it has thousands of digits
            number = inf
        if abs(number) == inf:
            raise self._error(node, "this is no number that can be reckoned with", "write a smaller number, or a text")
        return number

    def _error(self, node: yaml.Node, message: str, remedy: str) -> FileError:
        return FileError(self._file, node.start_mark.line + 1, message, remedy)
