"""The offices of a government as they are staffed: its desks, who holds them, how they are reached, what lies there.

Of addresses and numbers nothing is told but that there are some.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from shared.application.identity.people import StaffMember, acting
from shared.base.caller import REPORTER, SYSTEM
from shared.domain.contacts import Contact
from shared.domain.sop.model import Sop
from shared.domain.tenants import Tenant

NOBODY: Final = "nobody"
"""No open account holds the desk."""
ALL_AWAY: Final = "all_away"
"""Whoever holds it is away, and nobody stands in."""
UNREACHED: Final = "unreached"
"""Nothing that is known leads a letter there."""
UNKNOWN: Final = "unknown"
"""The procedure, or the list of offices, knows it no more."""

_Place = tuple[str | None, str]
"""An office, none for the government itself, and a role."""


@dataclass(frozen=True, kw_only=True)
class HeldDesk:
    """A role in an office.

    :param actor: the role's id.
    :param title: what the procedure calls it.
    :param staff: its accounts, shut ones too.
    :param emails: how many mailboxes of its own letters go to today.
    :param phones: how many of those who are written to have a number.
    :param office_mailbox: whether letters go to the mailbox of the whole office, for want of one of its own.
    :param marks: what is amiss: the codes above.
    :param open: how many tasks lie there; none where that cannot be told just now.
    :param late: how many of them are late; likewise.
    """

    actor: str
    title: str
    staff: tuple[StaffMember, ...]
    emails: int
    phones: int
    office_mailbox: bool
    marks: tuple[str, ...]
    open: int | None
    late: int | None


@dataclass(frozen=True)
class StaffedUnit:
    """A part of an office, with how many mailboxes and numbers its head has."""

    id: str
    name: str
    emails: int
    phones: int


@dataclass(frozen=True, kw_only=True)
class StaffedOffice:
    """An office, or the government with its own desks.

    :param id: the agency's; none of the government.
    :param mailbox: whether the office as a whole has one.
    :param units: its parts.
    :param gone: whether the list of offices knows it no more.
    :param categories: of the complaints that go to it by themselves.
    """

    id: str | None
    name: str
    mailbox: bool
    desks: tuple[HeldDesk, ...]
    units: tuple[StaffedUnit, ...] = ()
    gone: bool = False
    categories: tuple[str, ...] = ()

    @property
    def amiss(self) -> bool:
        """Whether anything is amiss here."""
        return self.gone or any(desk.marks for desk in self.desks)


@dataclass(frozen=True)
class Staffing:
    """What the offices are told from.

    :param staff: every officer's account, as it is today.
    :param lying: open and late tasks by office and role; none where that cannot be told.
    :param phones_told: whether the government writes to officers' telephones.
    """

    home: Tenant
    staff: Sequence[StaffMember]
    lying: Mapping[_Place, tuple[int, int]] | None
    phones_told: bool

    def offices(self) -> tuple[StaffedOffice, ...]:
        """The government's own desks, then its agencies, then those that only accounts or tasks still name."""
        home, found = self.home, self._places()
        known = [
            StaffedOffice(
                id=each.id,
                name=each.name,
                mailbox=bool(each.email),
                desks=self._desks(each.id, found),
                categories=each.categories,
                units=tuple(StaffedUnit(unit.id, unit.name, *_counted(unit.head)) for unit in each.people.units),
            )
            for each in home.agencies
        ]
        lost = sorted({office for office, _ in found if office is not None and not home.has_agency(office)})
        gone = [
            StaffedOffice(id=each, name=each, mailbox=False, desks=self._desks(each, found), gone=True) for each in lost
        ]
        return (StaffedOffice(id=None, name=home.name, mailbox=False, desks=self._desks(None, found)), *known, *gone)

    def _places(self) -> set[_Place]:
        """Where somebody has an account, or something lies."""
        held = {(each.agency, each.actor) for each in self.staff if not each.disabled}
        return held | {place for place, (lying, _late) in (self.lying or {}).items() if lying}

    def _desks(self, office: str | None, found: Iterable[_Place]) -> tuple[HeldDesk, ...]:
        sop = self.home.sop
        scope = "tenant" if office is None else "agency"
        there = office is None or self.home.has_agency(office)
        roles = [each.id for each in sop.actors if each.scope == scope and each.id not in (REPORTER, SYSTEM) and there]
        others = sorted({actor for where, actor in found if where == office and actor not in roles})
        return tuple(self._desk(office, each) for each in (*roles, *others))

    def _desk(self, office: str | None, actor: str) -> HeldDesk:
        sop = self._sop_of(actor)
        there = office is None or self.home.has_agency(office)
        staff = tuple(each for each in self.staff if (each.agency, each.actor) == (office, actor))
        holders = [each for each in staff if not each.disabled]
        everybody = {each.username: each for each in self.staff}
        present = {who.username: who for each in holders if (who := acting(everybody, each.username)) is not None}
        emails, phones = _counted(self._contacts(office, actor))
        if there:  # whoever is left in an office that is gone is written to no more
            emails += sum(each.by_email for each in present.values())
            phones += sum(each.by_phone for each in present.values())
        whole = office is not None and there and bool(self.home.agency(office).email)
        lying, late = (self.lying or {}).get((office, actor), (0, 0))
        reached = bool(emails) or whole or (bool(phones) and self.phones_told)
        marks = {
            UNKNOWN: not (there and sop.has_actor(actor)),
            NOBODY: not holders and (bool(lying) or actor in _working(sop)),
            ALL_AWAY: bool(holders) and not present,
            UNREACHED: not reached,
        }
        return HeldDesk(
            actor=actor,
            title=sop.actor(actor).title,
            staff=staff,
            emails=emails,
            phones=phones,
            office_mailbox=whole and not emails,
            marks=tuple(mark for mark, holds in marks.items() if holds),
            open=lying if self.lying is not None else None,
            late=late if self.lying is not None else None,
        )

    def _sop_of(self, actor: str) -> Sop:
        """The present procedure, or the newest that knows a role: its dossiers stay on it."""
        home = self.home
        newest = [home.sop, *(home.sops[version] for version in sorted(home.sops, reverse=True))]
        return next((sop for sop in newest if sop.has_actor(actor)), home.sop)

    def _contacts(self, office: str | None, actor: str) -> tuple[Contact, ...]:
        """What the government's files say of a role."""
        if office is None:
            desk = self.home.desks.get(actor)
            return desk.contacts if desk is not None else ()
        return self.home.agency(office).people.contacts.get(actor, ()) if self.home.has_agency(office) else ()


def lying_at(cells: Iterable[Mapping[str, Any]]) -> dict[_Place, tuple[int, int]]:
    """Open and late tasks by office and role, of the board's cells; what waits for reporters is left out."""
    found: dict[_Place, tuple[int, int]] = {}
    for cell in cells:
        if cell["actor"] in (REPORTER, SYSTEM):
            continue
        place = (cell["agency"] or None, cell["actor"])
        lying, late = found.get(place, (0, 0))
        found[place] = (lying + cell["open"], late + cell["late"])
    return found


def _working(sop: Sop) -> set[str]:
    """The roles without which the procedure stands still: those that hold a step, or act in one."""
    return set(_actors(sop))


def _actors(sop: Sop) -> Iterator[str]:
    for step in sop.steps:
        yield step.actor
        yield from (action.actor for action in step.actions if action.actor is not None)


def _counted(contacts: Iterable[Contact]) -> tuple[int, int]:
    """How many have a mailbox, and how many a number."""
    every = tuple(contacts)
    return sum(bool(each.email) for each in every), sum(bool(each.phone) for each in every)
