"""Forms of pages: fields with dots in their names become the documents that the API takes, errors become sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask import request

from portal.pages.frame.language import language
from shared.base.errors import AduanError, Invalid
from shared.wording.catalogue import catalogue
from shared.wording.faults import told_of

KEY: Final = "kiriman"
"""The hidden field by which a form that is sent twice is carried out once."""


@dataclass(frozen=True)
class Filled:
    """A form as it was typed.

    :param values: by the field's name, e.g. ``reporter.name``.
    :param faults: sentences by the field's name.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """What was typed; empty if nothing was."""
        return self.values.get(name, "")

    def fault(self, name: str) -> str | None:
        """What is wrong with a field."""
        return self.faults.get(name)

    def with_faults(self, faults: Mapping[str, str]) -> "Filled":
        """The same form, with what is wrong."""
        return Filled(self.values, faults)


def typed(names: Iterable[str]) -> Filled:
    """The named fields of this request's form, as they were typed."""
    # A browser sends line ends as two signs; a text has them as one.
    return Filled({name: request.form.get(name, "").replace("\r\n", "\n") for name in names})


def nested(filled: Filled, names: Iterable[str]) -> dict[str, Any]:
    """The document that a form describes, without what was left empty."""
    document: dict[str, Any] = {}
    for name in names:
        value = filled.value(name)
        if not value.strip():
            continue
        *above, last = name.split(".")
        place = document
        for part in above:
            place = place.setdefault(part, {})
        place[last] = value
    return document


def faults_of(error: Invalid, names: Mapping[str, str] | None = None) -> dict[str, str]:
    """One sentence for each field at fault.

    :param names: what a field of the document is called in the form, where that differs.
    """
    few = AduanError(error.code, error.params, told_of(error.fields))
    sentences = catalogue().field_sentences(few, language())
    return {(names or {}).get(name, name): told[0] for name, told in sentences.items() if told}


def sentence_of(error: AduanError) -> str:
    """What is told of an error, in the language of the page."""
    return catalogue().sentence(error, language())
