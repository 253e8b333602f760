"""The offices of a government that act on complaints: ``agencies.yaml``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from shared.domain.names import canonical
from shared.domain.sop.reading.schema import Name, Word
from shared.wording.yaml_lines import Document, FileError, load_yaml
from shared.wording.yaml_schema import load_with

KINDS = ("opd", "kecamatan", "vertical")
"""A department of the government, a sub-district, or a local office of a central agency."""


@dataclass(frozen=True)
class Agency:
    """An office.

    :param id: its name in tokens and events.
    :param name: its official name.
    :param kind: ``opd``, ``kecamatan`` or ``vertical``.
    :param email: where it is written to.
    :param categories: the categories of complaints that go to it; no other agency has the same.
    :param kecamatan: the sub-district, for one that is responsible for a place.
    """

    id: str
    name: str
    kind: str
    email: str
    categories: tuple[str, ...] = ()
    kecamatan: str | None = None

    @cached_property
    def categories_folded(self) -> frozenset[str]:
        """Its categories in their canonical form, for comparing."""
        return frozenset(canonical(category) for category in self.categories)


@dataclass(frozen=True)
class AgencyBook:
    """What ``agencies.yaml`` says.

    :param name: the government's name as people write it.
    :param contacts: addresses of the government's own actors, by actor.
    """

    name: str
    contacts: Mapping[str, str]
    agencies: tuple[Agency, ...]


_ADDRESS = validate.Email(error="{input!r} is no e-mail address")
_ADDRESS_REMEDY = {"remedy": "write an address such as dinas@kabupaten.example"}


class _AgencySchema(Schema):
    id = Name(required=True)
    name = Word(required=True)
    kind = Word(choices=KINDS, load_default="opd")
    email = fields.String(required=True, validate=_ADDRESS, metadata=_ADDRESS_REMEDY)
    categories = fields.List(Word(), load_default=list)
    kecamatan = Word()

    @post_load
    def build(self, data: dict[str, Any], **_options: Any) -> Agency:
        """The agency."""
        return Agency(**{**data, "categories": tuple(data["categories"])})


class _BookSchema(Schema):
    name = Word(required=True)
    contacts = fields.Dict(
        keys=Name(), values=fields.String(validate=_ADDRESS, metadata=_ADDRESS_REMEDY), load_default=dict
    )
    agencies = fields.List(fields.Nested(_AgencySchema), required=True)


def load_agencies(path: Path | str) -> AgencyBook:
    """Read a government's offices.

    :raises FileError: naming file, line and remedy.
    """
    document = load_yaml(path)
    data = load_with(document, _BookSchema())
    book = AgencyBook(data["name"], data["contacts"], tuple(data["agencies"]))
    found = list(_doubled(document, book.agencies))
    if found:
        raise FileError.of(found)
    return book


def _doubled(document: Document, agencies: tuple[Agency, ...]) -> Iterator[FileError]:
    ids: set[str] = set()
    owner: dict[str, str] = {}
    for index, agency in enumerate(agencies):
        if agency.id in ids:
            message = f"the agency {agency.id!r} is given twice"
            yield document.error(("agencies", index, "id"), message, "give each its own id")
        ids.add(agency.id)
        for place, category in enumerate(agency.categories):
            other = owner.setdefault(canonical(category), agency.id)
            if other != agency.id:
                message = f"the category {category!r} already goes to {other!r}"
                path = ("agencies", index, "categories", place)
                yield document.error(path, message, "leave it to one agency: complaints are sent to one")
