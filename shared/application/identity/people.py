"""Officers as people: how they are reached, and who stands in for them while they are away (Plh., Plt.)."""

from collections.abc import Iterator
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

    def absences(self, tenant: str, username: str, since: date) -> tuple[Absence, ...]:
        """When an officer is away from a day on, the first absence first."""
        with self.database.autocommit() as cursor:
            cursor.execute(_ABSENCES, (tenant, username, since))
            return tuple(Absence(*row) for row in cursor.fetchall())

    def back(self, tenant: str, username: str, first_day: date) -> None:
        """An absence is off, or over."""
        with self.database.autocommit() as cursor:
            account = _account(cursor, tenant, username)
            cursor.execute(
                "DELETE FROM identity.absences WHERE account = %s AND first_day = %s", (str(account), first_day)
            )

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
        if last_day < first_day:
            raise Invalid("invalid_fields", fields={"to": ["ends_before_it_begins"]})
        if deputy == username:
            raise Invalid("invalid_fields", fields={"deputy": ["own_deputy"]})
        with self.database.autocommit() as cursor:
            account = _account(cursor, tenant, username)
            stands_in = _account(cursor, tenant, deputy) if deputy is not None else None
            cursor.execute(
                """
                INSERT INTO identity.absences (account, first_day, last_day, deputy) VALUES (%s, %s, %s, %s)
                ON CONFLICT (account, first_day) DO UPDATE SET last_day = excluded.last_day, deputy = excluded.deputy
                """,
                (str(account), first_day, last_day, str(stands_in) if stands_in else None),
            )


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
