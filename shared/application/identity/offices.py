"""What administrators change of offices in the browser: how desks and officers are reached, and who is away.

Each change is kept with who, when and why. Contacts of a desk count instead of its file's, at most a second later in
every process.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from psycopg2.errors import UniqueViolation
from psycopg2.extensions import cursor
from psycopg2.extras import Json

from shared.application.identity.people import note_absence, note_back, note_reach
from shared.base.errors import Conflict
from shared.domain.contacts import Contact
from shared.domain.reached import Edits, Reached
from shared.platform.database.pool import Database
from shared.platform.database.seldom import Seldom

Deed = Callable[[cursor], object]
"""Something that is done in the transaction that it is given; ``False`` if there was nothing to do."""
Kind = Literal["contacts", "reach", "away", "back", "opened", "shut", "renewed", "bound", "unbound"]

_LOOK_SECONDS: Final = 1.0
_ATTEMPTS: Final = 5
_NOBODY: Final[Edits] = {}
_CHANGES: Final = """
    SELECT number, changed_at, account, why, what, place, contacts, told FROM identity.office_changes
     WHERE tenant = %s AND place = %s ORDER BY number DESC
"""
_COUNT: Final = "SELECT count(*) FROM identity.office_changes WHERE what = 'contacts'"
_LATEST: Final = """
    SELECT DISTINCT ON (tenant, place) tenant, place, contacts FROM identity.office_changes
     WHERE what = 'contacts' ORDER BY tenant, place, number DESC
"""
_NOTE: Final = """
    INSERT INTO identity.office_changes (tenant, number, changed_at, account, why, what, place, contacts, told)
    SELECT %(tenant)s, coalesce(max(number), 0) + 1, %(at)s, %(account)s, %(why)s, %(what)s, %(place)s, %(contacts)s,
           %(told)s
      FROM identity.office_changes WHERE tenant = %(tenant)s
    HAVING %(since)s::integer IS NULL OR %(since)s::integer = coalesce(max(number) FILTER (WHERE place = %(place)s), 0)
"""


@dataclass(frozen=True, kw_only=True)
class OfficeChange:
    """One of them.

    :param contacts: of a desk from then on; none where the file's count again, or it is about an account.
    :param told: about an account: the days of an absence, and who stands in.
    """

    number: int
    at: datetime
    account: str
    why: str
    what: Kind
    place: str
    contacts: tuple[Contact, ...] | None
    told: str


@dataclass(frozen=True, kw_only=True)
class Signed:
    """Who changes something, why, and what they had before them.

    :param since: the number of the latest change of the place that they saw; 0 if there was none; none where that does
        not matter.
    """

    account: str
    why: str
    at: datetime
    since: int | None


@dataclass(frozen=True)
class _Seen:
    changes: int
    edits: Mapping[str, Edits]


def account_place(username: str) -> str:
    """An officer's account."""
    return f"account/{username}"


def reached_in(database: Database) -> Reached:
    """How each government's offices are reached where that was changed; looked for at most once a second."""

    def reached(tenant: str) -> Edits:
        return _SEEN.of(database).edits.get(tenant, _NOBODY)

    return reached


def changes_of(database: Database, tenant: str, place: str) -> tuple[OfficeChange, ...]:
    """Every change of a place, the latest first."""
    with database.autocommit() as opened:
        opened.execute(_CHANGES, (tenant, place))
        rows = opened.fetchall()
    return tuple(
        OfficeChange(
            number=number,
            at=at,
            account=account,
            why=why,
            what=what,
            place=told_place,
            contacts=_contacts(contacts) if contacts is not None else None,
            told=told,
        )
        for number, at, account, why, what, told_place, contacts, told in rows
    )


@dataclass(frozen=True)
class Offices:
    """The offices of a government, to be changed.

    :raises Conflict: of each method, ``office_changed`` if somebody else has changed the place meanwhile.
    """

    database: Database
    tenant: str

    def contacts(self, place: str, contacts: tuple[Contact, ...] | None, by: Signed) -> None:
        """How a desk is reached from now on; none for what its file says."""
        given = [{"email": each.email, "phone": each.phone, "name": each.name} for each in contacts or ()]
        self._change("contacts", place, by, contacts=given if contacts is not None else None)
        _SEEN.doubt(self.database)  # whoever changed it sees it at once

    def reach(self, username: str, email: str | None, phone: str | None, by: Signed) -> None:
        """How an officer is reached from now on; none for no way.

        :raises NotFound: ``unknown_user``.
        :raises Invalid: the address is none.
        """
        self._change(
            "reach", account_place(username), by, lambda at: note_reach(at, self.tenant, username, email, phone)
        )

    def away(self, username: str, days: tuple[date, date], deputy: str | None, by: Signed) -> None:
        """An officer is away, and perhaps somebody stands in.

        :raises NotFound: ``unknown_user``, of either of them.
        :raises Invalid: the last day is before the first, or somebody is to stand in for themselves.
        """
        first, last = days
        told = " ".join(filter(None, (f"{first.isoformat()}..{last.isoformat()}", deputy)))
        self._change(
            "away",
            account_place(username),
            by,
            lambda at: note_absence(at, self.tenant, username, days, deputy),
            told=told,
        )

    def back(self, username: str, first_day: date, by: Signed) -> None:
        """An absence is off, or over.

        :raises NotFound: ``unknown_user``.
        :raises Conflict: also where there is no such absence: somebody else, or the officer, has cancelled it.
        """

        def cancel(at: cursor) -> None:
            if not note_back(at, self.tenant, username, first_day):
                raise Conflict("office_changed")

        self._change("back", account_place(username), by, cancel, told=first_day.isoformat())

    def account(self, what: Kind, username: str, by: Signed, deed: Deed) -> None:
        """Open an account, shut it, give it a new password, bind or unbind it.

        :param deed: what does so, in the transaction that it is given; again in another one if two come at once.
        """
        self._change(what, account_place(username), by, deed)

    def _change(
        self,
        what: Kind,
        place: str,
        by: Signed,
        deed: Deed = lambda _: None,
        *,
        contacts: Any = None,
        told: str = "",
    ) -> None:
        """Do it and write the line of it, or neither; no line where there was nothing to do.

        The line last: whoever waits for its number then holds what they change already, so that no two wait for one
        another.
        """
        row = {
            "tenant": self.tenant,
            "at": by.at,
            "account": by.account,
            "why": by.why,
            "since": by.since,
            "what": what,
            "place": place,
            "contacts": Json(contacts) if contacts is not None else None,
            "told": told,
        }
        for attempt in range(_ATTEMPTS):
            try:
                with self.database.transaction() as at:
                    if deed(at) is False:
                        return
                    at.execute(_NOTE, row)
                    if at.rowcount == 0:
                        raise Conflict("office_changed")
            except UniqueViolation:  # two at once, of one place or of several: looked at again
                if attempt + 1 == _ATTEMPTS:
                    raise Conflict("office_changed") from None
            else:
                return


def _look(database: Database, _all: str, seen: _Seen | None) -> _Seen:
    with database.aside.autocommit() as at:  # who asks may hold the last connection of the pool
        at.execute(_COUNT)
        [(changes,)] = at.fetchall()
        if seen is not None and seen.changes == changes:
            return seen
        at.execute(_LATEST)
        return _Seen(changes, _by_tenant(at.fetchall(), seen.edits if seen is not None else {}))


def _by_tenant(rows: list[Any], before: Mapping[str, Edits]) -> Mapping[str, Edits]:
    """The edits of each; the very same as before where they are equal, so that nothing is made anew for them."""
    found: dict[str, dict[str, tuple[Contact, ...]]] = {}
    for tenant, place, contacts in rows:
        if contacts is not None:
            found.setdefault(tenant, {})[place] = _contacts(contacts)
    return {tenant: before[tenant] if before.get(tenant) == edits else edits for tenant, edits in found.items()}


def _contacts(given: list[dict[str, str | None]]) -> tuple[Contact, ...]:
    return tuple(Contact(**each) for each in given)


_SEEN: Final = Seldom(_look, _LOOK_SECONDS)
