"""Beginnings of answers: texts that an officer takes and completes. What is to be completed stands in square brackets.

Those of ``_reference/answers.yaml`` are everybody's; a government's own ``answers.yaml`` adds to them, for all of its
offices or for those that it names.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from marshmallow import Schema, fields, post_load

from shared.domain.sop.reading.schema import Name, WordField
from shared.wording.yaml_lines import Document, FileError, parse_yaml, read_text
from shared.wording.yaml_schema import load_with

ANSWERS: Final = "answers.yaml"
SHARED: Final = Path("_reference") / ANSWERS
"""Below the folder of the tenants."""

OPENING: Final = "["
"""What is still to be completed begins with it."""
_OPEN: Final = re.compile(r"\[[^\[\]\n]+\]")


@dataclass(frozen=True)
class AnswerTemplate:
    """One of them.

    :param id: its name in addresses.
    :param title: what officers choose it by.
    :param text: with ``{ticket}`` and ``{office}`` for what the page knows, brackets for what the officer does.
    :param agencies: the offices that it is for; none for all.
    """

    id: str
    title: str
    text: str
    agencies: tuple[str, ...] = ()

    @property
    def places(self) -> tuple[str, ...]:
        """What is to be completed, with its brackets."""
        return tuple(dict.fromkeys(_OPEN.findall(self.text)))


class _TemplateSchema(Schema):
    id = Name(required=True)
    title = WordField(required=True)
    text = fields.String(required=True)
    agencies = fields.List(Name(), load_default=list)

    @post_load
    def build(self, data: dict[str, Any], **_options: Any) -> AnswerTemplate:
        """The template."""
        return AnswerTemplate(data["id"], data["title"], data["text"].strip(), tuple(data["agencies"]))


class _FileSchema(Schema):
    answers = fields.List(fields.Nested(_TemplateSchema), required=True)


def load_answers(path: Path, agencies: Iterable[str] | None = None) -> tuple[AnswerTemplate, ...]:
    """The templates of a file; none where there is no such file.

    :param agencies: the offices that it may name; none for any.
    :raises FileError: naming file, line and remedy.
    """
    if not path.is_file():
        return ()
    document, found = _understood(read_text(path), path)
    known = None if agencies is None else set(agencies)
    errors: list[FileError] = []
    before: set[str] = set()
    for index, each in enumerate(found):
        if each.id in before:
            message = f"the answer {each.id!r} is given twice"
            errors.append(document.error(("answers", index, "id"), message, "give each its own id"))
        for agency in each.agencies:
            if known is not None and agency not in known:
                message = f"there is no agency {agency!r}"
                errors.append(document.error(("answers", index, "agencies"), message, "name one of agencies.yaml"))
        before.add(each.id)
    if errors:
        raise FileError.of(errors)
    return found


@lru_cache(32)  # the file is read each time, so that an edit counts at once
def _understood(text: str, path: Path) -> tuple[Document, tuple[AnswerTemplate, ...]]:
    document = parse_yaml(text, path)
    return document, tuple(load_with(document, _FileSchema())["answers"])


def offered_to(agency_id: str | None, templates: Iterable[AnswerTemplate]) -> tuple[AnswerTemplate, ...]:
    """Those that an office may take; none for the government's own desks, which take all that are everybody's."""
    return tuple(each for each in templates if not each.agencies or agency_id in each.agencies)


def unfilled(text: str, templates: Iterable[AnswerTemplate]) -> tuple[str, ...]:
    """What of the templates is still to be completed in a text."""
    return tuple(place for place in _every_place(templates) if place in text)


def _every_place(templates: Iterable[AnswerTemplate]) -> Iterator[str]:
    yield from dict.fromkeys(place for each in templates for place in each.places)
