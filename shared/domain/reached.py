"""How offices are reached where an administrator has changed what the government's file says."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from shared.domain.contacts import Contact, DeskContacts, Unit
from shared.domain.sop.reading.agencies import Agency

Edits: TypeAlias = Mapping[str, tuple[Contact, ...]]
"""By place, see the functions below; nobody where the tuple is empty."""
Reached: TypeAlias = Callable[[str], Edits]
"""What was changed of a government's, by its name: the very same answer while nothing is new."""


def as_in_files(tenant_id: str) -> Edits:
    """Offices are reached as the files say."""
    del tenant_id
    return {}


def desk_place(actor: str) -> str:
    """A desk of the government's own."""
    return f"desk/{actor}"


def office_place(agency: str, actor: str) -> str:
    """A role in an office."""
    return f"office/{agency}/{actor}"


def mailbox_place(agency: str) -> str:
    """The mailbox of an office as a whole."""
    return f"mailbox/{agency}"


def unit_place(agency: str, unit: str) -> str:
    """The head of a part of an office."""
    return f"unit/{agency}/{unit}"


def agencies_with(agencies: tuple[Agency, ...], edits: Edits) -> tuple[Agency, ...]:
    """The offices as they are reached by that; places that are no office's, or no part's, are passed over."""
    return tuple(_agency(each, edits) for each in agencies)


def desks_with(desks: Mapping[str, DeskContacts], edits: Edits) -> Mapping[str, DeskContacts]:
    """The government's own desks as they are reached by that."""
    begin = desk_place("")
    named = {place.removeprefix(begin): contacts for place, contacts in edits.items() if place.startswith(begin)}
    found = dict(desks)
    for actor, contacts in named.items():
        found[actor] = replace(found[actor], contacts=contacts) if actor in found else DeskContacts(contacts)
    return found


def _agency(agency: Agency, edits: Edits) -> Agency:
    begin, mailbox = office_place(agency.id, ""), edits.get(mailbox_place(agency.id))
    named = {place.removeprefix(begin): contacts for place, contacts in edits.items() if place.startswith(begin)}
    units = tuple(_unit(agency.id, each, edits) for each in agency.people.units)
    email = agency.email if mailbox is None else next((each.email for each in mailbox if each.email), None)
    people = replace(agency.people, contacts={**agency.people.contacts, **named}, units=units)
    return replace(agency, email=email, people=people)


def _unit(agency: str, unit: Unit, edits: Edits) -> Unit:
    head = edits.get(unit_place(agency, unit.id))
    return unit if head is None else replace(unit, head=head)
