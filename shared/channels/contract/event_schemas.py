"""JSON Schemas of the published events, made of the very classes that are written and read."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import datetime
from inspect import getdoc
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from shared.domain.dossier.events import EVENT_TYPES, DossierEvent
from shared.domain.dossier.promise import Promise

Json = dict[str, Any]

PROMISE: Final = "Promise"
"""The name of the schema of what was promised."""
EVENT: Final = "Event"
"""The name of the schema of what every event says."""

_BESIDE: Final = ("originator_id", "originator_version")  # in the headers, not in the body
_PARAM: Final = re.compile(r"^:param (\w+):\s*(.*?)(?=^:param |^:raises|^:returns|\Z)", re.MULTILINE | re.DOTALL)
_ROLE: Final = re.compile(r":\w+:`[~.]*([^`]+)`|``([^`]+)``")
_PLAIN: Final[Mapping[Any, Json]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    UUID: {"type": "string", "format": "uuid"},
    datetime: {"type": "string", "format": "date-time"},
    Promise: {"$ref": f"#/components/schemas/{PROMISE}"},
}
# These keys are left out of a promise where there is nothing to say.
_SELDOM: Final = frozenset({"runs_from", "about", "told"})


def schemas() -> dict[str, Json]:
    """By name: one schema for each event type, one for what all of them say, and one for the promises in them."""
    return {
        PROMISE: _promise(),
        EVENT: _object(DossierEvent, _own(DossierEvent)),
        **{name: event_schema(cls) for name, cls in EVENT_TYPES.items()},
    }


def event_schema(cls: type[DossierEvent]) -> Json:
    """The schema of a published event's body.

    What an earlier version wrote fits it too: required is only what every schema of the event had.
    """
    of_all = {each.name for each in fields(DossierEvent)}
    told, of_every = _told(cls), _told(DossierEvent)
    # What it has of its own, and what it says of its own about what all have.
    own = [each for each in _own(cls) if each.name not in of_all or told.get(each.name) != of_every.get(each.name)]
    schema = _object(cls, own)
    version = {"type": "integer", "minimum": 1, "maximum": cls.SCHEMA, "description": "Version of this event's form"}
    schema["properties"] = {"schema": version, **schema["properties"]}
    schema["required"] = ["schema", *schema["required"]]
    return {"allOf": [{"$ref": f"#/components/schemas/{EVENT}"}, schema], "description": schema.pop("description")}


def _promise() -> Json:
    schema = _object(Promise, fields(Promise))
    schema["required"] = [each.name for each in fields(Promise) if each.name not in _SELDOM]
    return schema


def _own(cls: type[DossierEvent]) -> list[Field[Any]]:
    return [each for each in fields(cls) if each.name not in _BESIDE]


def _object(cls: type, own: Iterable[Field[Any]]) -> Json:
    hints = get_type_hints(cls)
    told = _told(cls)
    own = tuple(own)
    return {
        "type": "object",
        "description": _summary(cls),
        "properties": {each.name: _described(hints[each.name], told.get(each.name)) for each in own},
        "required": [each.name for each in own if _needed(each)],
    }


def _needed(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _described(hint: Any, description: str | None) -> Json:
    schema = schema_of(hint)
    # Beside a reference nothing else is looked at.
    return schema if description is None or "$ref" in schema else {**schema, "description": description}


def schema_of(hint: Any) -> Json:
    """The JSON Schema of a field's type.

    :raises TypeError: if it is of a kind that no event has had so far: say here how it is written.
    """
    if hint in _PLAIN:
        return dict(_PLAIN[hint])
    kind, inner = get_origin(hint), get_args(hint)
    if kind is Literal:
        return {"type": "string", "enum": list(inner)}
    if kind in (Union, UnionType):
        return _one_of(inner)
    if kind is tuple and len(inner) == 2 and inner[1] is Ellipsis:
        return {"type": "array", "items": schema_of(inner[0])}
    raise TypeError(f"no JSON Schema is known for {hint}")


def _one_of(inner: tuple[Any, ...]) -> Json:
    words = [word for each in inner if get_origin(each) is Literal for word in get_args(each)]
    rest = [schema_of(each) for each in inner if get_origin(each) is not Literal]
    if words:
        rest.insert(0, {"type": "string", "enum": words})
    if len(rest) == 2 and rest[1] == {"type": "null"} and "$ref" not in rest[0]:
        least = dict(rest[0])
        least["type"] = [least["type"], "null"]
        if "enum" in least:
            least["enum"] = [*least["enum"], None]
        return least
    return {"oneOf": rest} if len(rest) > 1 else rest[0]


def _told(cls: type) -> Mapping[str, str]:
    """What the docstrings of a class and of those above it say of each field; the nearest word counts."""
    told: dict[str, str] = {}
    for each in reversed(cls.__mro__):
        for name, text in _PARAM.findall(getdoc(each) or "" if each is not object else ""):
            told[name] = _in_plain(text)
    return told


def _summary(cls: type) -> str:
    """The docstring before its fields."""
    return _in_plain((getdoc(cls) or "").partition(":param ")[0])


def _in_plain(text: str) -> str:
    return " ".join(_ROLE.sub(lambda found: found[1] or found[2], text).split())
