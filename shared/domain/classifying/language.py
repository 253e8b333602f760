"""Indonesian as people type it: ``language.yaml`` beside this file."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from marshmallow import Schema, fields

from shared.wording.yaml_lines import load_yaml
from shared.wording.yaml_schema import load_with

FILE: Final = Path(__file__).with_name("language.yaml")


@dataclass(frozen=True, eq=False)
class Language:
    """What the file says, see the comments in it.

    :param version: the file's; a model learned under another reads texts differently.
    :param short: what is typed, and the words that are meant.
    :param joining: words that a phrase is looked for across.
    :param whole: words that keep their affixes.
    :param beside: what stands before a place that only tells where.
    :param inside: what stands before a place in or at which the matter is.
    :param places: the places meant with it.
    :param at: what stands before a street that only tells where.
    :param titles: what a street's name begins with.
    :param after_street: what does not belong to a street's name any more.
    """

    version: int
    short: Mapping[str, tuple[str, ...]]
    joining: frozenset[str]
    whole: frozenset[str]
    beside: frozenset[str]
    inside: frozenset[str]
    places: frozenset[str]
    at: frozenset[str]
    titles: frozenset[str]
    after_street: frozenset[str]


class _LanguageSchema(Schema):
    version = fields.Integer(required=True)
    short = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    joining = fields.List(fields.String(), required=True)
    whole = fields.List(fields.String(), required=True)
    beside = fields.List(fields.String(), required=True)
    inside = fields.List(fields.String(), required=True)
    places = fields.List(fields.String(), required=True)
    at = fields.List(fields.String(), required=True)
    titles = fields.List(fields.String(), required=True)
    after_street = fields.List(fields.String(), required=True)


@cache
def language() -> Language:
    """The language, read once.

    :raises FileError: if the file is wrong.
    """
    data = load_with(load_yaml(FILE), _LanguageSchema())
    words = {name: frozenset(value) for name, value in data.items() if isinstance(value, list)}
    short = {typed: tuple(meant.split()) for typed, meant in data["short"].items()}
    return Language(version=data["version"], short=short, **words)
