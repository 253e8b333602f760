"""How people in office are reached: a contact for each role, units with their heads, groups."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Contact:
    """One way or more to reach whoever holds a role. At least one of the two is given.

    :param email: a mailbox.
    :param phone: a number, as written.
    :param name: of a person, if it is one's own and not the role's.
    """

    email: str | None = None
    phone: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class Unit:
    """A part of an office (bidang, seksi) with a head of its own.

    :param id: its name in events.
    :param name: its official name.
    :param head: how its head is reached.
    """

    id: str
    name: str
    head: tuple[Contact, ...] = ()


@dataclass(frozen=True)
class DeskContacts:
    """Actors of the government itself, as they are written to.

    :param contacts: how they are reached.
    :param office: the office to which they belong, where it is not the government's own.
    """

    contacts: tuple[Contact, ...]
    office: str | None = None


@dataclass(frozen=True)
class Group:
    """People who are told together of complaints of some categories, e.g. a group of PICs.

    :param agencies: whose receiving desks belong to it.
    :param people: who belongs to it besides.
    """

    id: str
    name: str
    categories: tuple[str, ...]
    agencies: tuple[str, ...] = ()
    people: tuple[Contact, ...] = ()


Contacts = Mapping[str, tuple[Contact, ...]]
"""By actor."""


@dataclass(frozen=True)
class OfficePeople:
    """Who is reached in an agency, and how.

    :param contacts: by role.
    :param units: its parts.
    """

    contacts: Contacts = field(default_factory=dict)
    units: tuple[Unit, ...] = ()

    def unit(self, unit_id: str | None) -> Unit | None:
        """The unit of that id; none if there is no such unit."""
        return next((unit for unit in self.units if unit.id == unit_id), None)
