"""Authorities beside the governments, to which a complaint may be handed: a list that all share, and each its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from marshmallow import Schema, fields, post_load

from shared.domain.sop.reading.schema import Name, WordField
from shared.wording.yaml_lines import Document, FileError, load_yaml
from shared.wording.yaml_schema import load_with

AUTHORITIES: Final = Path("_reference") / "authorities.yaml"
"""The list that all share, below the folder of the tenants."""


@dataclass(frozen=True)
class Authority:
    """One of them.

    :param id: its name in events.
    :param name: its official name.
    """

    id: str
    name: str


class AuthoritySchema(Schema):
    """See :class:`Authority`."""

    id = Name(required=True)
    name = WordField(required=True)

    @post_load
    def build(self, data: dict[str, Any], **_options: Any) -> Authority:
        """The authority."""
        return Authority(**data)


class _ListSchema(Schema):
    authorities = fields.List(fields.Nested(AuthoritySchema), required=True)


def load_authorities(path: Path) -> tuple[Authority, ...]:
    """The list that all share; none where there is no such file.

    :raises FileError: naming file, line and remedy.
    """
    if not path.is_file():
        return ()
    document = load_yaml(path)
    found = tuple(load_with(document, _ListSchema())["authorities"])
    if errors := list(doubled(document, found)):
        raise FileError.of(errors)
    return found


def doubled(document: Document, found: Sequence[Authority]) -> Iterator[FileError]:
    """Those that one list holds twice."""
    ids = [each.id for each in found]
    for index, each in enumerate(ids):
        if each in ids[:index]:
            message = f"the authority {each!r} is given twice"
            yield document.error(("authorities", index, "id"), message, "give each its own id")
