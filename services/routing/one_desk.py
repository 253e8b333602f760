"""Several tasks that one dossier is to one desk: one row in its inbox, by the most urgent of them, with all of them.

Whether there are several, the projection marks (``beside``), so that a list looks beside its rows only where something
lies, however long it is. Which of them leads changes with the time, and is found when the list is read.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from services.routing.task_page import COLUMNS
from shared.platform.database.named import named_rows

_AT_THE_DESK: Final = f"""
    SELECT {COLUMNS} FROM routing.inbox JOIN routing.dossiers USING (dossier)
     WHERE dossier = ANY(%s::uuid[]) AND beside
     ORDER BY coalesce(due_at, 'infinity'), task, task_version
"""  # noqa: S608 - constants of ours

Row = Mapping[str, Any]


def leading(rank: Callable[[str], str]) -> str:
    """The condition that a row of ``routing.inbox`` is the one by which its desk sees the dossier.

    A list that is narrowed to some steps (``step``) asks for just these, of which a dossier has one at a time. Which
    rows lead is found once for a statement, among those of several alone: asked of each row, it would seem so dear
    that PostgreSQL compiles the statement.

    :param rank: how urgent a row of that alias is, as an SQL expression, the smallest first; of equals, the one that
        is due first leads.
    """
    return f"""
       AND (NOT inbox.beside OR %(step)s::text[] IS NOT NULL OR (inbox.dossier, inbox.task, inbox.task_version) IN (
            SELECT DISTINCT ON (dossier, actor, agency) dossier, task, task_version
              FROM routing.inbox AS several
             WHERE tenant = %(tenant)s AND beside
               AND (%(agency)s::text IS NULL OR agency = %(agency)s)
               AND (%(actor)s::text IS NULL OR actor = %(actor)s)
             ORDER BY dossier, actor, agency, {rank("several")}, coalesce(due_at, 'infinity'), task, task_version))
    """  # noqa: S608 - constants of ours


def others(cursor: Any, rows: Sequence[Row]) -> dict[tuple[Any, ...], list[Row]]:
    """What else lies at the desks of some rows, of the same dossiers.

    :returns: for the key of each row that is not alone (:func:`key`) the others, the soonest due first.
    """
    dossiers = list({row["dossier"] for row in rows if row["beside"]})
    if not dossiers:
        return {}
    cursor.execute(_AT_THE_DESK, (dossiers,))
    at: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in named_rows(cursor):
        at[_desk(row)].append(row)
    return {key(row): _without(at[_desk(row)], row) for row in rows if row["beside"]}


def key(row: Row) -> tuple[Any, ...]:
    """By which a task is known."""
    return row["dossier"], row["task"], row["task_version"]


def _without(rows: Iterable[Row], one: Row) -> list[Row]:
    return [row for row in rows if key(row) != key(one)]


def _desk(row: Row) -> tuple[Any, ...]:
    return row["dossier"], row["actor"], row["agency"]
