"""Filings into the log: many in one transaction, with their numbers, keys and tickets.

The numbers of a tenant's year follow one another without a gap: they are drawn in the very transaction that uses them,
under a lock that another process waits for. Who files at the same time is in the same transaction, so that few wait.

A dossier that is there already is not filed again; it is looked for under that lock, so that of two processes with the
same submission one finds what the other has filed.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from services.intake.drafts import DraftedFiling
from shared.application.runtime import Runtime
from shared.base.clock import SystemClock
from shared.base.joining import Joint
from shared.platform.database.locks import WAIT_FOR_ONE, WAIT_IN_ORDER, Lock
from shared.store.projection.applied import array

SERVICE: Final = "intake"

# Three things in one round trip. A process that stands still in the middle holds up a tenant's filings for a moment
# only. The locks are taken in one order everywhere; none of this writes, since the append must be the first to.
# Rows stand in these statements as they are: of arrays, to be unnested, the server has twice as much to plan.
_BEGIN: Final = """
    BEGIN;
    SET LOCAL idle_in_transaction_session_timeout = '4s';
    {waiting};
    SELECT tenant, year, last, NULL::uuid FROM intake.ticket_numbers WHERE (tenant, year) IN %(series)s
    UNION ALL
    SELECT NULL, NULL, NULL, dossier FROM intake.tickets WHERE dossier = ANY(%(dossiers)s::uuid[])
"""
_BEGIN_ONE: Final = _BEGIN.format(waiting=WAIT_FOR_ONE)
_BEGIN_MANY: Final = _BEGIN.format(waiting=WAIT_IN_ORDER)
# Should a process of an older version draw numbers too, one of the two meets the other's ticket and tries again.
_ALSO: Final = """
    INSERT INTO intake.tickets (dossier, tenant, ticket, channel, filed_at) VALUES {tickets}
    ON CONFLICT (dossier) DO NOTHING;
    INSERT INTO intake.ticket_numbers AS numbers (tenant, year, last) VALUES {numbers}
    ON CONFLICT (tenant, year) DO UPDATE SET last = greatest(numbers.last, excluded.last)
"""


def joint(runtime: Runtime) -> Joint[DraftedFiling]:
    """Where all filings of the process come together."""
    return runtime.joint(SERVICE, book)


def book(drafts: Sequence[DraftedFiling]) -> None:
    """File in one transaction whatever is new and still waited for; each draft is told what became of it.

    :param drafts: of one database; of several with the same dossier the first is new.
    :raises Conflict: if a dossier is in the log without a ticket, or a number was given by somebody else meanwhile.
    :raises WrongMasterKey: if the vault's keys are wrapped by another master key.
    """
    runtime = drafts[0].runtime
    runtime.vault.be_admitted()
    with runtime.database.autocommit() as cursor:
        last, known = _begin(cursor, drafts)
        firsts: dict[UUID, DraftedFiling] = {}
        now = SystemClock().now()
        for draft in drafts:
            draft.known = draft.dossier in known
            draft.expired = draft.until is not None and now >= draft.until
            if not draft.known and not draft.expired:
                firsts.setdefault(draft.dossier, draft)
        if not firsts:
            cursor.execute("ROLLBACK")
            return
        fresh = list(firsts.values())
        for draft in fresh:
            last[draft.series] = last.get(draft.series, 0) + 1
            draft.numbered(last[draft.series])
        positions = _end(cursor, runtime, fresh, last)
    runtime.dossiers(SERVICE).count([draft.event for draft in fresh])
    for draft, position in zip(fresh, positions, strict=True):
        draft.filed(position)
    for draft in drafts:
        first = firsts.get(draft.dossier)
        if first is not None and first is not draft and not draft.expired:
            draft.repeats(first)


def _begin(cursor: Any, drafts: Sequence[DraftedFiling]) -> tuple[dict[tuple[str, int], int], set[UUID]]:
    """Begin, with the numbers locked: the last of each series, and which dossiers there are."""
    series = sorted({draft.series for draft in drafts})
    names = [f"{tenant} {year}" for tenant, year in series]
    cursor.execute(
        _BEGIN_ONE if len(series) == 1 else _BEGIN_MANY,
        {
            "lock": int(Lock.NUMBERING),
            "name": names[0],
            "names": names,
            "series": tuple(series),
            "dossiers": array(draft.dossier for draft in drafts),
        },
    )
    last: dict[tuple[str, int], int] = {}
    known: set[UUID] = set()
    for tenant, year, number, dossier in cursor.fetchall():
        if dossier is None:
            last[tenant, year] = number
        else:
            known.add(dossier)
    return last, known


def _end(cursor: Any, runtime: Runtime, fresh: Sequence[DraftedFiling], last: dict[tuple[str, int], int]) -> list[int]:
    """Append, keep keys, tickets and numbers, and commit: in one round trip.

    :returns: the positions of the filings.
    :raises Conflict: if a number was given by somebody else meanwhile, or a dossier is in the log without a ticket.
    :raises WrongMasterKey: if the vault's keys are wrapped by another master key.
    """
    keeping, keys = runtime.vault.storing([draft.key for draft in fresh])
    events = [draft.event for draft in fresh]
    series = sorted({draft.series for draft in fresh})
    with runtime.vault.guarding():
        return runtime.dossiers(SERVICE).append_and_commit(
            cursor,
            events,
            f"{keeping};{_also(len(events), len(series))}",
            (
                *keys,
                *(
                    value
                    for event in events
                    for value in (event.originator_id, event.tenant, event.ticket, event.channel, event.recorded_at)
                ),
                *(value for each in series for value in (*each, last[each])),
            ),
        )


@lru_cache(256)
def _also(tickets: int, numbers: int) -> str:
    """The statements for so many rows."""
    return _ALSO.format(
        tickets=", ".join(["(%s, %s, %s, %s, %s)"] * tickets), numbers=", ".join(["(%s, %s, %s)"] * numbers)
    )
