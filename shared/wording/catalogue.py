"""The catalogue of sentences: ``catalogue.yaml``, read once per process."""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Final

from marshmallow import Schema, fields

from shared.base.errors import AduanError
from shared.base.whole_numbers import whole_number
from shared.wording.codes import split_message
from shared.wording.sizes import size_text
from shared.wording.yaml_lines import load_yaml
from shared.wording.yaml_schema import load_with

LANGUAGES: Final = ("id", "en")
"""The languages offered; the first is spoken to whoever states no preference."""

_FILE: Final = Path(__file__).with_name("catalogue.yaml")
_UNNAMED: Final = "invalid"
_ACTIONS: Final = ("action", "allowed")
"""Values of an error that are names of actions."""
_BETWEEN: Final = ", "
_SIZE: Final = "size"

Sentences = Mapping[str, str]


class _Sentences(Schema):
    id = fields.String(required=True, metadata={"remedy": "write the Indonesian sentence"})
    en = fields.String(required=True, metadata={"remedy": "write the English sentence"})


class _File(Schema):
    titles = fields.Dict(keys=fields.Integer(), values=fields.Nested(_Sentences), required=True)
    errors = fields.Dict(keys=fields.String(), values=fields.Nested(_Sentences), required=True)
    fields_ = fields.Dict(
        keys=fields.String(), values=fields.Nested(_Sentences), required=True, data_key="fields", attribute="fields"
    )
    actions = fields.Dict(keys=fields.String(), values=fields.Nested(_Sentences), required=True)
    findings = fields.Dict(keys=fields.String(), values=fields.Nested(_Sentences), required=True)


@dataclass(frozen=True)
class Catalogue:
    """Sentences by code and language.

    :param titles: the short name of each HTTP status.
    :param errors: the sentence of each error's code.
    :param fields: the sentence of each field message's code.
    :param actions: what an action is called in a sentence, by its name; under ``-`` that there is none, under ``?`` one
        that does not exist.
    :param findings: what a check of a procedure has found, by the finding's code.
    """

    titles: Mapping[int, Sentences]
    errors: Mapping[str, Sentences]
    fields: Mapping[str, Sentences]
    actions: Mapping[str, Sentences]
    findings: Mapping[str, Sentences]

    def title(self, status: int, language: str) -> str:
        """The short name of an HTTP status; in English for a status that nobody foresaw."""
        known = self.titles.get(status)
        return known[language] if known else HTTPStatus(status).phrase

    def sentence(self, error: AduanError, language: str) -> str:
        """What is told of an error; its status's title where the catalogue lacks the code."""
        known = self.errors.get(error.code)
        if known is None:
            return self.title(error.status, language)
        named: dict[str, object] = {
            name: self._named(str(error.params[name]), language) for name in _ACTIONS if name in error.params
        }
        return _filled(known[language], {**error.params, **named}, language)

    def field_sentences(self, error: AduanError, language: str) -> dict[str, list[str]]:
        """What is told of each field at fault; "is not valid" where the catalogue lacks a message's code."""
        return {
            name: [self._field_sentence(message, language) for message in messages]
            for name, messages in error.fields.items()
        }

    def finding(self, code: str, language: str) -> str | None:
        """What a check of a procedure has found; none for a code of another version's."""
        known = self.findings.get(code)
        return known[language] if known else None

    def _named(self, names: str, language: str) -> str:
        """Names of actions in a reader's language; a government's own as its SOP writes it."""
        words = (self.actions[name][language] if name in self.actions else name for name in names.split(_BETWEEN))
        return _BETWEEN.join(words)

    def _field_sentence(self, message: str, language: str) -> str:
        code, params = split_message(message)
        return _filled(self.fields.get(code, self.fields[_UNNAMED])[language], params, language)


@cache
def catalogue() -> Catalogue:
    """The catalogue that ships with this version.

    :raises FileError: if the file is not as it should be.
    """
    return Catalogue(**load_with(load_yaml(_FILE), _File()))


def placeholders(sentence: str) -> frozenset[str]:
    """The names of the values that a sentence needs."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


class _Filling(string.Formatter):
    """Fills values into a sentence; ``{max:size}`` is a number of bytes, told as people read it."""

    def __init__(self, language: str) -> None:
        self._language = language

    def format_field(self, value: str, format_spec: str) -> str:
        """One value."""
        size = whole_number(value) if format_spec == _SIZE else None
        return value if size is None else size_text(size, self._language)


def _filled(sentence: str, params: Mapping[str, object], language: str) -> str:
    values = {name: str(params.get(name, "…")) for name in placeholders(sentence)}
    return _Filling(language).vformat(sentence, (), values)
