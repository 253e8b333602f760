"""The offices of a government that act on complaints: ``agencies.yaml``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from marshmallow import Schema, fields, post_load

from shared.base.names import canonical
from shared.domain.colour import Colour, colour_of
from shared.domain.contacts import DeskContacts, Group, OfficePeople
from shared.domain.sop.reading.authorities import Authority, AuthoritySchema, doubled
from shared.domain.sop.reading.contacts import ADDRESS, DeskField, GroupSchema, Reachable, UnitSchema
from shared.domain.sop.reading.schema import Name, WordField, many
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
    :param email: a mailbox of the office as a whole, for whoever has none of their own.
    :param categories: the categories of complaints that go to it; no other agency has the same.
    :param kecamatan: the sub-district, for one that is responsible for a place.
    :param people: how its roles and units are reached.
    """

    id: str
    name: str
    kind: str
    email: str | None = None
    categories: tuple[str, ...] = ()
    kecamatan: str | None = None
    people: OfficePeople = field(default_factory=OfficePeople)

    @cached_property
    def categories_folded(self) -> frozenset[str]:
        """Its categories in their canonical form, for comparing."""
        return frozenset(canonical(category) for category in self.categories)


@dataclass(frozen=True)
class AgencyBook:
    """What ``agencies.yaml`` says.

    :param name: the government's name as people write it.
    :param desks: how the government's own actors are reached, by actor.
    :param groups: who is told together of complaints of some categories.
    :param authorities: others to which a complaint may be handed, beside those that all governments know.
    :param colour: of its pages; none for the usual one.
    """

    name: str
    desks: Mapping[str, DeskContacts]
    agencies: tuple[Agency, ...]
    groups: tuple[Group, ...] = ()
    authorities: tuple[Authority, ...] = ()
    colour: Colour | None = None


_ADDRESS_REMEDY = {"remedy": "write an address such as dinas@kabupaten.example"}


class _AgencySchema(Schema):
    id = Name(required=True)
    name = WordField(required=True)
    kind = WordField(choices=KINDS, load_default="opd")
    email = fields.String(validate=ADDRESS, metadata=_ADDRESS_REMEDY)
    contacts = fields.Dict(keys=Name(), values=Reachable(), load_default=dict)
    units = many(fields.Nested(UnitSchema))
    categories = fields.List(WordField(), load_default=list)
    kecamatan = WordField()

    @post_load
    def build(self, data: dict[str, Any], **_options: Any) -> Agency:
        """The agency."""
        people = OfficePeople(data.pop("contacts"), tuple(data.pop("units")))
        return Agency(**{**data, "categories": tuple(data["categories"]), "people": people})


class _BookSchema(Schema):
    name = WordField(required=True)
    colour = WordField()
    contacts = fields.Dict(keys=Name(), values=DeskField(), load_default=dict)
    groups = many(fields.Nested(GroupSchema))
    authorities = many(fields.Nested(AuthoritySchema))
    agencies = fields.List(fields.Nested(_AgencySchema), required=True)


def load_agencies(path: Path | str) -> AgencyBook:
    """Read a government's offices.

    :raises FileError: naming file, line and remedy.
    """
    document = load_yaml(path)
    data = load_with(document, _BookSchema())
    book = AgencyBook(
        data["name"],
        data["contacts"],
        tuple(data["agencies"]),
        tuple(data["groups"]),
        tuple(data["authorities"]),
        _colour(document, data.get("colour")),
    )
    found = [*_doubled(document, book.agencies), *_groups(document, book), *doubled(document, book.authorities)]
    if found:
        raise FileError.of(found)
    return book


def _colour(document: Document, given: str | None) -> Colour | None:
    try:
        return None if given is None else colour_of(given)
    except ValueError as error:
        remedy = 'give a darker colour as "#rrggbb", or leave it out'
        raise document.error(("colour",), f"{given!r} is no colour for pages: {error}", remedy) from None


def _groups(document: Document, book: AgencyBook) -> Iterator[FileError]:
    known = {agency.id for agency in book.agencies}
    ids: set[str] = set()
    owner: dict[str, str] = {}
    for index, group in enumerate(book.groups):
        if group.id in ids:
            yield document.error(
                ("groups", index, "id"), f"the group {group.id!r} is given twice", "give each its own id"
            )
        ids.add(group.id)
        for place, category in enumerate(group.categories):
            other = owner.setdefault(canonical(category), group.id)
            if other != group.id:
                message = f"of the category {category!r} already {other!r} is told"
                yield document.error(("groups", index, "categories", place), message, "make one group of the two")
        for place, agency in enumerate(group.agencies):
            if agency not in known:
                remedy = "name one of the agencies of this file"
                yield document.error(("groups", index, "agencies", place), f"there is no agency {agency!r}", remedy)
        if not group.agencies and not group.people:
            yield document.error(("groups", index), f"nobody belongs to {group.id!r}", "add agencies or people")


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
