"""What administrators decree about working time in the browser, see :mod:`shared.application.drafts`.

What was approved counts beside the calendar's file. A promise names the calendar that it was made with, so it stays
what it was, and can be reckoned again.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class
from psycopg2.extras import Json

from shared.application.drafts import Drafts, DraftToApprove
from shared.base.clock import Clock
from shared.base.errors import Conflict
from shared.domain.calendar.loader import OWN_ID, records_of
from shared.domain.calendar.records import Decreed, Records
from shared.platform.database.pool import Database

Section = Literal["decrees", "weeks", "periods"]
"""Closed days, an ordinary week, other hours for some weeks: as a file of records calls them."""


@dataclass(frozen=True, kw_only=True)
class CalendarDraft(DraftToApprove):
    """What somebody wants to be decreed.

    :param record: as a file of records has it, without its id.
    """

    section: Section
    record: dict[str, Any]

    @property
    def id(self) -> str:
        """By which others refer to it."""
        return f"{OWN_ID}{self.number}"


def as_records(section: str, record: dict[str, Any], name: str, counts_from: datetime) -> Records:
    """A draft as a calendar takes it.

    :param name: its id.
    :param counts_from: a whole second.
    :raises marshmallow.ValidationError: if it is none.
    """
    return records_of({section: [{**record, "id": name}]}, counts_from)


def _counting(number: int, section: str, record: dict[str, Any], counts_from: datetime) -> Records:
    return as_records(section, record, f"{OWN_ID}{number}", counts_from)


_DRAFTS: Final[Drafts[CalendarDraft, Records]] = Drafts(
    "calendar",
    CalendarDraft,
    ("section", "record"),
    _counting,
    counts=("number", "section", "record", "counts_from"),
    by=("counts_from", "number"),
)
drafts: Final = _DRAFTS.all
draft_of: Final = _DRAFTS.one
let_go: Final = _DRAFTS.let_go
_COUNT: Final = f"SELECT count(*) {_DRAFTS.approved} AND tenant = %s"


def decreed_in(database: Database) -> Decreed:
    """What every government has decreed, by its name; looked for at most once a second."""

    def decreed(tenant: str) -> tuple[Records, ...]:
        return _DRAFTS.counting(database).get(tenant, ())

    return decreed


def draft(
    database: Database, tenant: str, section: Section, record: dict[str, Any], account: str, why: str, at: datetime
) -> int:
    """Keep a draft; nothing counts by that.

    :param record: as a file of records has it, without its id.
    :returns: its number.
    """
    return _DRAFTS.keep(database, tenant, account, why, at, section=section, record=Json(record))


def counting(database: Database, tenant: str) -> int:
    """How many decrees from the browser count, or are about to."""
    with database.autocommit() as cursor:
        return _count(cursor, tenant)


def approve(database: Database, of: CalendarDraft, account: str, why: str, clock: Clock, seen: int) -> None:
    """Let a draft count from now on.

    :param account: of who approves, which nobody does to their own.
    :param seen: how many decrees counted when what it changes was looked at, see :func:`counting`.
    :raises Conflict: ``draft_needs_another``, ``draft_decided`` or, if another came to count meanwhile,
        ``calendar_changed``.
    """

    def require_same(cursor: Cursor) -> None:
        if _count(cursor, of.tenant) != seen:
            raise Conflict("calendar_changed")

    _DRAFTS.approve(database, of, account, why, clock, require_same)


def _count(cursor: Cursor, tenant: str) -> int:
    cursor.execute(_COUNT, (tenant,))
    [(found,)] = cursor.fetchall()
    return int(found)
