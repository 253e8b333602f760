"""The labelled texts by which the classifier is made and measured: ``corpus.yaml``."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields

from shared.base.names import canonical, spelled
from shared.domain.sop.vocabulary import CLASSES
from shared.wording.yaml_lines import FileError, load_yaml
from shared.wording.yaml_schema import load_with

HALVES: Final = ("tuning", "untouched")


@dataclass(frozen=True)
class Labelled:
    """A text, and what a person makes of it.

    :param classification: its class.
    :param category: its category; none if a person has to decide.
    """

    text: str
    classification: str
    category: str | None


@dataclass(frozen=True)
class Corpus:
    """The texts.

    :param version: raised with every change.
    :param halves: those to learn from, and those to measure by.
    """

    version: int
    halves: Mapping[str, tuple[Labelled, ...]]


class _Text(fields.Field[Labelled]):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> Labelled:  # noqa: ARG002
        match value:
            case [str(classification), str() | None as category, str(text)] if text.strip():
                if classification not in CLASSES:
                    raise ValidationError(f"{classification!r} is no class")
                return Labelled(text, classification, category)
        raise ValidationError("this is no labelled text")


_REMEDY: Final = {"remedy": "write `- [class, category or ~, text]`"}


class _CorpusSchema(Schema):
    version = fields.Integer(required=True)
    tuning = fields.List(_Text(metadata=_REMEDY), required=True)
    untouched = fields.List(_Text(metadata=_REMEDY), required=True)


def load_corpus(path: Path, categories: Path) -> Corpus:
    """Read the texts.

    :param categories: the file of the categories that there are.
    :raises FileError: if the file is wrong, a category is none of the list, or a text stands twice.
    """
    document = load_yaml(path)
    data = load_with(document, _CorpusSchema())
    known = load_categories(categories)
    seen: set[str] = set()
    for half in HALVES:
        for place, item in enumerate(data[half]):
            if item.category is not None and spelled(item.category, known) != item.category:
                raise document.error(
                    (half, place), f"{item.category!r} is no category", f"write one of {categories.name}"
                )
            if canonical(item.text) in seen:
                raise document.error((half, place), "this text stands twice", "leave it in one half only")
            seen.add(canonical(item.text))
    return Corpus(data["version"], {half: tuple(data[half]) for half in HALVES})


def load_categories(path: Path) -> tuple[str, ...]:
    """The reference list of categories, in its spelling.

    :raises FileError: if there is no such file.
    """
    if not path.exists():
        raise FileError(path, 0, "there is no list of categories", "restore it from the project's tenants/_reference")
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(row["category"] for row in csv.DictReader(file))
