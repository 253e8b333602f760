"""Officers as people: how they are reached, and who stands in for them while they are away (Plh., Plt.)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from marshmallow import ValidationError, validate

from shared.base.errors import Invalid, NotFound
from shared.domain.contacts import Contact
from shared.platform.database.pool import Database

_LONGEST_CHAIN: Final = 5
"""A deputy may be away too; beyond so many nobody is found."""
_HOLDERS: Final = """
    SELECT id, username, email, phone FROM identity.users
     WHERE tenant = %s AND actor = %s AND agency IS NOT DISTINCT FROM %s AND NOT disabled AND NOT admin
     ORDER BY username
"""
_ABSENCES: Final = """
    SELECT a.first_day, a.last_day, d.username
      FROM identity.absences a JOIN identity.users u ON u.id = a.account LEFT JOIN identity.users d ON d.id = a.deputy
     WHERE u.tenant = %s AND u.username = %s AND a.last_day >= %s
     ORDER BY a.first_day
"""
_DEPUTY: Final = """
    SELECT d.id, d.username, d.email, d.phone
      FROM identity.absences a LEFT JOIN identity.users d ON d.id = a.deputy AND NOT d.disabled
     WHERE a.account = %s AND %s BETWEEN a.first_day AND a.last_day
     ORDER BY a.first_day DESC LIMIT 1
"""
_STAFF: Final = """
    SELECT u.username, u.actor, u.agency, u.disabled, coalesce(u.email, '') <> '', coalesce(u.phone, '') <> '',
           a.last_day, d.username
      FROM identity.users u
      LEFT JOIN LATERAL (SELECT last_day, deputy FROM identity.absences
                          WHERE account = u.id AND %s BETWEEN first_day AND last_day
                          ORDER BY first_day DESC LIMIT 1) a ON true
      LEFT JOIN identity.users d ON d.id = a.deputy
     WHERE u.tenant = %s AND NOT u.admin
     ORDER BY u.username
"""


@dataclass(frozen=True)
class _Person:
    id: UUID
    username: str
    email: str | None
    phone: str | None


@dataclass(frozen=True)
class Absence:
    """Days on which an officer is away.

    :param deputy: the account of who stands in; none where nobody does.
    """

    first_day: date
    last_day: date
    deputy: str | None


@dataclass(frozen=True)
class StaffMember:
    """An account on a day, with the ways to reach its officer but no address.

    :param by_email: whether a mailbox is known.
    :param by_phone: whether a number is known.
    :param away_until: the last day of the absence that the day lies in; none if the officer is there.
    :param deputy: the account of who stands in meanwhile, whether it is open or shut.
    """

    username: str
    actor: str
    agency: str | None
    disabled: bool
    by_email: bool
    by_phone: bool
    away_until: date | None
    deputy: str | None


@dataclass(frozen=True)
class People:
    """The officers of an installation."""

    database: Database

    def holding(self, tenant: str, actor: str, agency: str | None, day: date) -> tuple[Contact, ...]:
        """Who acts in a role on a day: its holders who are there, and the deputies of those who are not.

        Each person once, those without address and number left out.
        """
        with self.database.autocommit() as cursor:
            cursor.execute(_HOLDERS, (tenant, actor, agency))
            found = [_Person(*row) for row in cursor.fetchall()]
            acting = dict.fromkeys(person for each in found for person in _present(cursor, each, day))
        return tuple(
            Contact(person.email, person.phone, person.username) for person in acting if person.email or person.phone
        )

    def staff(self, tenant: str, day: date) -> tuple[StaffMember, ...]:
        """Every officer's account of a government, shut ones too, as it is on a day; by name."""
        with self.database.autocommit() as cursor:
            cursor.execute(_STAFF, (day, tenant))
            return tuple(StaffMember(*row) for row in cursor.fetchall())

    def absences(self, tenant: str, username: str, since: date) -> tuple[Absence, ...]:
        """When an officer is away from a day on, the first absence first."""
        with self.database.autocommit() as cursor:
            cursor.execute(_ABSENCES, (tenant, username, since))
            return tuple(Absence(*row) for row in cursor.fetchall())

    def back(self, tenant: str, username: str, first_day: date) -> None:
        """An absence is off, or over."""
        with self.database.autocommit() as cursor:
            note_back(cursor, tenant, username, first_day)

    def reach(self, tenant: str, username: str, email: str | None, phone: str | None) -> None:
        """How an officer is reached from now on; what is left out stays as it was.

        :raises NotFound: ``unknown_user``.
        :raises Invalid: the address is none.
        """
        if email is not None:
            _check_address(email)
        with self.database.autocommit() as cursor:
            cursor.execute(
                "UPDATE identity.users SET email = coalesce(%s, email), phone = coalesce(%s, phone) "
                "WHERE tenant = %s AND username = %s",
                (email, phone, tenant, username),
            )
            if cursor.rowcount == 0:
                raise NotFound("unknown_user", {"username": username})

    def absent(self, tenant: str, username: str, first_day: date, last_day: date, deputy: str | None) -> None:
        """Note that an officer is away, and who stands in. The same first day once more replaces what was noted.

        :raises NotFound: ``unknown_user``, for either of them.
        :raises Invalid: the last day is before the first, or somebody is to stand in for themselves.
        """
        with self.database.autocommit() as cursor:
            note_absence(cursor, tenant, username, (first_day, last_day), deputy)


def note_absence(cursor: Any, tenant: str, username: str, days: tuple[date, date], deputy: str | None) -> None:
    """As :meth:`People.absent`, in somebody's transaction.

    :param days: the first and the last.
    """
    first_day, last_day = days
    if last_day < first_day:
        raise Invalid("invalid_fields", fields={"to": ["ends_before_it_begins"]})
    if deputy == username:
        raise Invalid("invalid_fields", fields={"deputy": ["own_deputy"]})
    account = _account(cursor, tenant, username)
    stands_in = _account(cursor, tenant, deputy) if deputy is not None else None
    cursor.execute(
        """
        INSERT INTO identity.absences (account, first_day, last_day, deputy) VALUES (%s, %s, %s, %s)
        ON CONFLICT (account, first_day) DO UPDATE SET last_day = excluded.last_day, deputy = excluded.deputy
        """,
        (str(account), first_day, last_day, str(stands_in) if stands_in else None),
    )


def note_back(cursor: Any, tenant: str, username: str, first_day: date) -> bool:
    """As :meth:`People.back`, in somebody's transaction.

    :returns: whether there was such an absence.
    """
    account = _account(cursor, tenant, username)
    cursor.execute("DELETE FROM identity.absences WHERE account = %s AND first_day = %s", (str(account), first_day))
    return bool(cursor.rowcount)


def note_reach(cursor: Any, tenant: str, username: str, email: str | None, phone: str | None) -> None:
    """The ways by which an officer is reached from now on, in somebody's transaction; none for no way.

    :raises NotFound: ``unknown_user``.
    :raises Invalid: the address is none.
    """
    if email is not None:
        _check_address(email)
    account = _account(cursor, tenant, username)
    cursor.execute("UPDATE identity.users SET email = %s, phone = %s WHERE id = %s", (email, phone, str(account)))


def ways_of(database: Database, tenant: str, username: str) -> tuple[str | None, str | None]:
    """An officer's address and number.

    :raises NotFound: ``unknown_user``.
    """
    with database.autocommit() as cursor:
        account = _account(cursor, tenant, username)
        cursor.execute("SELECT email, phone FROM identity.users WHERE id = %s", (str(account),))
        [(email, phone)] = cursor.fetchall()
        return email, phone


def acting(staff: Mapping[str, StaffMember], username: str) -> StaffMember | None:
    """Who acts for an account on the day of ``staff``: its officer, or who stands in; nobody where nobody does.

    The rule of :meth:`People.holding`, on what :meth:`People.staff` has read at once.

    :param staff: all accounts of the government, by name.
    """
    person = staff.get(username)
    for _ in range(_LONGEST_CHAIN):
        if person is None or person.disabled:
            return None
        if person.away_until is None:
            return person
        person = staff.get(person.deputy) if person.deputy is not None else None
    return None


def _present(cursor: Any, person: _Person, day: date) -> Iterator[_Person]:
    """The person, or who stands in for them on a day; nobody where nobody does."""
    for _ in range(_LONGEST_CHAIN):
        cursor.execute(_DEPUTY, (str(person.id), day))
        row = cursor.fetchone()
        if row is None:
            yield person
            return
        if row[0] is None:
            return
        person = _Person(*row)


def _account(cursor: Any, tenant: str, username: str) -> UUID:
    cursor.execute("SELECT id FROM identity.users WHERE tenant = %s AND username = %s", (tenant, username))
    row = cursor.fetchone()
    if row is None:
        raise NotFound("unknown_user", {"username": username})
    return row[0] if isinstance(row[0], UUID) else UUID(row[0])


def _check_address(email: str) -> None:
    try:
        validate.Email()(email)
    except ValidationError:
        raise Invalid("invalid_fields", fields={"email": ["not_an_address"]}) from None
