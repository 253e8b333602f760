"""What one administrator drafts and another approves: neither a draft nor what was decided on it is ever changed.

Each kind has two tables in the schema ``identity``: ``<kind>_drafts``, and ``<kind>_decisions`` with what was decided.
What was approved counts beside the government's files, from an instant on by which every process has heard of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Generic, TypeVar

from psycopg2.errors import UniqueViolation
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class

from shared.base.clock import Clock, SimulatedClock
from shared.base.errors import Conflict, NotFound
from shared.platform.database.pool import Database
from shared.platform.database.seldom import Seldom

_LOOK_SECONDS: Final = 1.0
_LEAD: Final = timedelta(seconds=3)
"""Between an approval and what counts by it: every process has looked by then, so that none reckons by another."""
_ATTEMPTS: Final = 5
_LARGEST: Final = 2**31
_COMMON: Final = (
    *("d.tenant", "d.number", "d.drafted_at", "d.account", "d.why"),
    *("c.decided_at", "c.account AS decided_by", "c.why AS decided_why", "c.counts_from"),
)


@dataclass(frozen=True, kw_only=True)
class DraftToApprove:
    """What somebody wants to count; each kind adds what that is.

    :param account: of who drafted it.
    :param counts_from: none where it was refused or taken back, as where nothing is decided yet.
    """

    tenant: str
    number: int
    drafted_at: datetime
    account: str
    why: str
    decided_at: datetime | None = None
    decided_by: str | None = None
    decided_why: str | None = None
    counts_from: datetime | None = None

    def require_undecided(self) -> None:
        """What was decided is told as that, whatever else has changed since.

        :raises Conflict: ``draft_decided``.
        """
        if self.decided_at is not None:
            raise Conflict("draft_decided")


Drafted = TypeVar("Drafted", bound=DraftToApprove)
Counting = TypeVar("Counting")


@dataclass(frozen=True)
class _Seen(Generic[Counting]):
    decided: int
    counting: dict[str, tuple[Counting, ...]]


class Drafts(Generic[Drafted, Counting]):
    """The drafts of one kind.

    :param kind: by which its tables are called.
    :param drafted: makes one; it takes ``own`` as keywords besides those of a :class:`DraftToApprove`.
    :param own: the columns of what is drafted.
    :param counting: makes what counts of an approved draft's columns in ``counts``.
    :param counts: columns of both tables; what counts is in the order of ``by``.
    :param unlisted: a column of text that is left out of lists.
    """

    def __init__(
        self,
        kind: str,
        drafted: Callable[..., Drafted],
        own: Sequence[str],
        counting: Callable[..., Counting],
        counts: Sequence[str],
        by: Sequence[str],
        unlisted: str = "",
    ) -> None:
        self._drafted, self._counting = drafted, counting
        drafts, decisions = f"identity.{kind}_drafts", f"identity.{kind}_decisions"
        listed = ", ".join((*_COMMON, *(f"'' AS {each}" if each == unlisted else f"d.{each}" for each in own)))
        whole = ", ".join((*_COMMON, *(f"d.{each}" for each in own)))
        joined = f"FROM {drafts} d LEFT JOIN {decisions} c USING (tenant, number) WHERE d.tenant = %s"
        self._all = f"SELECT {listed} {joined} ORDER BY d.number DESC"
        self._one = f"SELECT {whole} {joined} AND d.number = %s"
        self.approved: Final = f"FROM {drafts} JOIN {decisions} USING (tenant, number) WHERE counts_from IS NOT NULL"
        """Of all that was approved, to be selected from."""
        self._approved = f"SELECT tenant, {', '.join(counts)} {self.approved} ORDER BY tenant, {', '.join(by)}"
        self._decided = f"SELECT count(*) FROM {decisions}"  # noqa: S608 - constants of ours
        self._keep = f"""
            INSERT INTO {drafts} (tenant, number, drafted_at, account, why, {", ".join(own)})
            SELECT %(tenant)s, coalesce(max(number), 0) + 1, %(drafted_at)s, %(account)s, %(why)s,
                   {", ".join(f"%({each})s" for each in own)}
              FROM {drafts} WHERE tenant = %(tenant)s
            RETURNING number
        """  # noqa: S608 - constants of ours
        # Two who decide at the same moment do so one after the other; nobody who only reads waits.
        self._one_by_one = f"LOCK TABLE {decisions} IN SHARE ROW EXCLUSIVE MODE"
        self._decide = f"""
            INSERT INTO {decisions} (tenant, number, decided_at, account, why, counts_from)
            VALUES (%s, %s, %s, %s, %s, %s)
        """  # noqa: S608 - constants of ours
        self._seen: Seldom[_Seen[Counting]] = Seldom(self._look, _LOOK_SECONDS)

    def all(self, database: Database, tenant: str) -> tuple[Drafted, ...]:
        """All there ever were, the latest first, without what is unlisted."""
        with database.autocommit() as cursor:
            cursor.execute(self._all, (tenant,))
            return tuple(self._read(cursor, row) for row in cursor.fetchall())

    def one(self, database: Database, tenant: str, number: int) -> Drafted:
        """One of them.

        :raises NotFound: ``no_such_page`` if there is none of that number.
        """
        if 0 < number < _LARGEST:
            with database.autocommit() as cursor:
                cursor.execute(self._one, (tenant, number))
                row = cursor.fetchone()
                if row is not None:
                    return self._read(cursor, row)
        raise NotFound("no_such_page")

    def keep(self, database: Database, tenant: str, account: str, why: str, at: datetime, **own: Any) -> int:
        """Keep a draft; nothing counts by that.

        :param own: what is drafted, by its columns.
        :returns: its number.
        """
        row = {"tenant": tenant, "drafted_at": at, "account": account, "why": why, **own}
        for attempt in range(_ATTEMPTS):
            try:
                with database.autocommit() as cursor:
                    cursor.execute(self._keep, row)
                    [(number,)] = cursor.fetchall()
                    return int(number)
            except UniqueViolation:  # two at once
                if attempt + 1 == _ATTEMPTS:
                    raise
        raise AssertionError("unreachable")

    def let_go(self, database: Database, of: Drafted, account: str, why: str, clock: Clock) -> None:
        """Refuse a draft, or take it back.

        :raises Conflict: ``draft_decided`` if somebody was faster.
        """
        self._decide_on(database, of, account, why, clock, None)

    def approve(
        self,
        database: Database,
        of: Drafted,
        account: str,
        why: str,
        clock: Clock,
        require_same: Callable[[Cursor], None],
    ) -> None:
        """Let a draft count from now on.

        :param account: of who approves, which nobody does to their own.
        :param require_same: raises if what was looked at has changed; nobody else decides meanwhile.
        :raises Conflict: ``draft_needs_another``, ``draft_decided``, or what ``require_same`` raises.
        """
        if account == of.account:
            raise Conflict("draft_needs_another")
        self._decide_on(database, of, account, why, clock, require_same)

    def counting(self, database: Database) -> dict[str, tuple[Counting, ...]]:
        """What counts, or is about to, by government: the very same tuples while nothing is new; looked for at most
        once a second.
        """
        return self._seen.of(database).counting

    def _decide_on(
        self,
        database: Database,
        of: Drafted,
        account: str,
        why: str,
        clock: Clock,
        require_same: Callable[[Cursor], None] | None,
    ) -> None:
        try:
            with database.transaction() as cursor:
                cursor.execute(self._one_by_one)
                since = None
                if require_same is not None:
                    require_same(cursor)
                    since = _counts_from(clock)
                cursor.execute(self._decide, (of.tenant, of.number, clock.now(), account, why, since))
        except UniqueViolation:
            raise Conflict("draft_decided") from None
        self._seen.doubt(database)  # whoever approved sees it at once

    def _read(self, cursor: Cursor, row: tuple[Any, ...]) -> Drafted:
        columns = (each.name for each in cursor.description or ())
        return self._drafted(**dict(zip(columns, row, strict=True)))

    def _look(self, database: Database, _all: str, seen: _Seen[Counting] | None) -> _Seen[Counting]:
        with database.aside.autocommit() as cursor:  # who asks may hold the last connection of the pool
            cursor.execute(self._decided)
            [(decided,)] = cursor.fetchall()
            if seen is not None and seen.decided == decided:
                return seen  # nothing was ever changed, only added
            cursor.execute(self._approved)
            rows = cursor.fetchall()
        found: dict[str, tuple[Counting, ...]] = {}
        for tenant, *values in rows:
            found[tenant] = (*found.get(tenant, ()), self._counting(*values))
        before = seen.counting if seen is not None else {}
        same = {tenant: before[tenant] if before.get(tenant) == more else more for tenant, more in found.items()}
        return _Seen(decided, same)


def _counts_from(clock: Clock) -> datetime:
    """From when on it counts what is approved now: the next whole second by which every process knows of it."""
    lead = timedelta() if isinstance(clock, SimulatedClock) else _LEAD  # that moves in one process only
    at = clock.now() + lead
    return at if at.microsecond == 0 else at.replace(microsecond=0) + timedelta(seconds=1)
