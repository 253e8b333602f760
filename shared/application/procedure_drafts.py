"""New versions of a procedure from the browser, see :mod:`shared.application.drafts`.

What was approved stands beside the government's files, under the number that its text bears. A dossier names the
version that it was filed under and stays there, so that whatever is made again from the log comes out as it was.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class

from shared.application.drafts import Drafts, DraftToApprove
from shared.base.clock import Clock
from shared.base.errors import Conflict
from shared.domain.procedures import Approved, ApprovedSop, ApprovedText, Procedures
from shared.platform.database.pool import Database

_NOTHING: Final = Procedures()


@dataclass(frozen=True, kw_only=True)
class ProcedureDraft(DraftToApprove):
    """A new version that somebody wants to count.

    :param version: that its text bears.
    :param text: as ``sop.yaml`` has it; empty in lists.
    """

    version: int
    text: str


_DRAFTS: Final[Drafts[ProcedureDraft, ApprovedSop]] = Drafts(
    "procedure",
    ProcedureDraft,
    ("version", "text"),
    ApprovedSop,
    counts=("version", "text", "counts_from"),
    by=("version",),
    unlisted="text",
)
drafts: Final = _DRAFTS.all
draft_of: Final = _DRAFTS.one
let_go: Final = _DRAFTS.let_go
_TEXT: Final = f"SELECT text {_DRAFTS.approved} AND tenant = %s AND version = %s"
_HIGHEST: Final = f"SELECT coalesce(max(version), 0) {_DRAFTS.approved} AND tenant = %s"


def approved_in(database: Database, clock: Clock) -> Approved:
    """What every government has approved, by its name; looked for at most once a second.

    :param clock: says whose instant has come.
    """
    known: dict[str, Procedures] = {}

    def approved(tenant: str) -> Procedures:
        found = _DRAFTS.counting(database).get(tenant)
        if found is None:
            return _NOTHING
        now = clock.now()
        in_force = max((each.version for each in found if each.counts_from <= now), default=0)
        before = known.get(tenant)
        if before is None or before.approved is not found or before.in_force != in_force:
            before = known[tenant] = Procedures(found, in_force)
        return before

    return approved


def approved_text_in(database: Database) -> ApprovedText:
    """The text of a version, looked up at once: a dossier names it, and this process has not heard of it yet."""

    def text(tenant: str, version: int) -> str | None:
        with database.aside.autocommit() as cursor:
            cursor.execute(_TEXT, (tenant, version))
            row = cursor.fetchone()
        return str(row[0]) if row is not None else None

    return text


def draft(database: Database, tenant: str, version: int, text: str, account: str, why: str, at: datetime) -> int:
    """Keep a draft; nothing counts by that.

    :param version: that its text bears.
    :returns: its number.
    """
    return _DRAFTS.keep(database, tenant, account, why, at, version=version, text=text)


def highest(database: Database, tenant: str) -> int:
    """The highest version that was approved, whether or not its instant has come; 0 if none was."""
    with database.autocommit() as cursor:
        return _highest(cursor, tenant)


def approve(database: Database, of: ProcedureDraft, account: str, why: str, clock: Clock, seen: int) -> None:
    """Let complaints be filed under a draft from now on. Whoever calls has checked it, and that its number is free.

    :param account: of who approves, which nobody does to their own.
    :param seen: the highest approved version when the draft was looked at, see :func:`highest`.
    :raises Conflict: ``draft_needs_another``, ``draft_decided`` or, if another was approved meanwhile,
        ``procedure_changed``.
    """

    def require_same(cursor: Cursor) -> None:
        found = _highest(cursor, of.tenant)
        if found != seen or of.version <= found:
            raise Conflict("procedure_changed")

    _DRAFTS.approve(database, of, account, why, clock, require_same)


def _highest(cursor: Cursor, tenant: str) -> int:
    cursor.execute(_HIGHEST, (tenant,))
    [(found,)] = cursor.fetchall()
    return int(found)
