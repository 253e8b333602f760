"""Check a YAML document against a marshmallow schema, and say file, line and remedy for each error.

A field of the schema may carry its own remedy: ``fields.String(metadata={"remedy": "write HH:MM, e.g. 07:30"})``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields

from shared.wording.yaml_lines import Document, FileError

_Path = tuple[str | int, ...]


def load_with(document: Document, schema: Schema) -> Any:
    """The document's data, loaded by the schema.

    :raises FileError: with all errors of the file (see ``FileError.others``), the topmost first.
    """
    if not isinstance(document.data, Mapping):
        raise document.error((), "the file must consist of fields (name: value)", f"begin with {_names(schema)}")
    try:
        return schema.load(document.data)
    except ValidationError as error:
        found = [
            document.error(path, message, remedy) for path, message, remedy in _errors(error.messages_dict, (), schema)
        ]
        raise FileError.of(found) from None


def _errors(messages: object, path: _Path, where: object) -> Iterator[tuple[_Path, str, str]]:
    if isinstance(messages, Mapping):
        for key, below in messages.items():
            if key == "_schema":
                yield from _errors(below, path, where)
            elif isinstance(where, fields.Mapping) and key in ("key", "value"):
                yield from _errors(below, path, where.value_field if key == "value" else where.key_field)
            else:
                yield from _errors(below, (*path, key), _below(where, key))
        return
    for message in messages if isinstance(messages, list | tuple) else [messages]:
        yield path, *_worded(str(message), path, where)


def _below(where: object, key: str | int) -> object:
    """The schema or field that stands for ``key`` under ``where``."""
    if isinstance(where, fields.Nested):
        where = where.schema
    if isinstance(where, Schema):
        known = (field for name, field in where.fields.items() if (field.data_key or name) == key)
        return next(known, where)
    if isinstance(where, fields.List):
        return where.inner
    return where  # a mapping: its "key" and "value" follow


def _worded(message: str, path: _Path, where: object) -> tuple[str, str]:
    name = next((part for part in reversed(path) if isinstance(part, str)), "this part")
    if message == "Unknown field.":
        return f"{name!r} is not known here", f"correct the spelling or remove it; known are {_names(where)}"
    remedy = where.metadata.get("remedy") if isinstance(where, fields.Field) else None
    if message == "Missing data for required field.":
        return f"{name!r} is missing", f"add it: {remedy}" if remedy else "add it"
    return f"{name}: {message}", remedy or "correct this value"


def _names(where: object) -> str:
    if isinstance(where, fields.Nested):
        where = where.schema
    if not isinstance(where, Schema):
        return "none"
    return ", ".join(field.data_key or name for name, field in where.fields.items())
