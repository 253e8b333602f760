"""An inbox by the state of its tasks' time: what is late first, then what is nearly so, and so on.

A dossier that is several tasks to one desk is one row there, by the most urgent of them, and so it is counted.
The order spans all rows, not those of one page: each page goes on in the group in which the page before has ended.
Groups are walked one by one, so that each statement runs along the index of due times; those that fit on the page
together, as at most desks, are asked for at once.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from services.routing.one_desk import key, leading, others
from services.routing.task_page import (
    BEHIND,
    COLUMNS,
    MAX_LIMIT,
    NARROWED,
    PLACE,
    item_of,
    items_of,
    place_behind,
    place_of,
)
from shared.application.pages import cursor_of
from shared.application.runtime import Runtime
from shared.domain.tenants import Tenant
from shared.platform.database.named import named_rows

STATES: Final = ("late", "soon", "today", "later", "still", "none")
"""Late, past its warning, due today, due another day, its time stopped, without a due time: in this order."""


def _state_of(alias: str) -> str:
    """The state of a row of that alias, as an SQL expression."""
    return f"""
    CASE WHEN {alias}.state = 'paused' AND {alias}.paused_until > %(now)s THEN 'still'
         WHEN {alias}.due_at IS NULL THEN 'none'
         WHEN {alias}.due_at < %(now)s THEN 'late'
         WHEN {alias}.state = 'warned' THEN 'soon'
         WHEN {alias}.due_at < %(tomorrow)s THEN 'today'
         ELSE 'later' END
    """


def _rank(alias: str) -> str:
    return f"array_position(ARRAY{list(STATES)}, {_state_of(alias)})"


_STATE: Final = _state_of("inbox")
_ROWS: Final = f"{NARROWED} {leading(_rank)}"
_ALSO: Final[Mapping[str, str]] = {"soon": "AND state = 'warned'", "still": "AND state = 'paused'"}
"""The same in the words of the indexes, where there are few among many."""
_COUNTS: Final = f"SELECT {_STATE}, count(*) {_ROWS} GROUP BY 1"
_GROUP: Final = f"""
    SELECT {COLUMNS} {{more}} {_ROWS}
       AND coalesce(due_at, 'infinity') BETWEEN %(least)s::timestamptz AND %(most)s::timestamptz
       AND {_STATE} = %(group)s {{also}}
    {BEHIND}
"""
_GROUPS: Final = f"""
    SELECT {COLUMNS} {{more}}, {_STATE} AS standing {_ROWS} AND {_STATE} = ANY(%(groups)s::text[]) {BEHIND}
"""
_FROM_THE_FIRST: Final[Mapping[str, None]] = dict.fromkeys(PLACE)


def by_time(
    runtime: Runtime,
    tenant: Tenant,
    asked: Mapping[str, Any],
    *,
    states: Sequence[str] = (),
    after: str | None = None,
    limit: int = 50,
    titled: bool = True,
    counted: bool = True,
) -> dict[str, Any]:
    """A page of tasks in the order of :data:`STATES`, in each soonest due first, of equals the longest at its desk.

    :param asked: ``agency``, ``actor``, those that it is ``but`` to lie with, and the words of every filter, none where
        any will do.
    :param states: only these, if there are any.
    :param after: the cursor ``next`` of the page before.
    :param limit: at most this many, up to :data:`MAX_LIMIT`.
    :param titled: whether the titles are opened.
    :param counted: whether all rows are counted; what is looked at again and again is not.
    :returns: ``items``, each with what is ``also`` at its desk of the same dossier, and ``next``; and ``counts``: how
        many rows there are in each state, whatever ``states`` says, none if they were not counted.
    :raises Invalid: the cursor is not one of ours.
    """
    group, *place = place_of(after, _state)
    limit = max(1, min(limit, MAX_LIMIT))
    now = runtime.clock.now()
    told = {**asked, "tenant": tenant.id, "now": now, "tomorrow": _tomorrow(tenant, now)}
    columns = ", filed" if titled else ""
    found: list[tuple[str, Mapping[str, Any]]] = []
    with runtime.database.autocommit() as cursor:
        counts = _counts(cursor, told) if counted else None
        left = [
            state
            for state in STATES[STATES.index(group) if group else 0 :]
            if not (counts and not counts[state]) and (not states or state in states)
        ]
        while left and len(found) <= limit:
            room = limit + 1 - len(found)
            behind = {**_FROM_THE_FIRST, **(dict(zip(PLACE, place, strict=True)) if left[0] == group else {})}
            asking = {**told, **behind, "limit": room}
            if left[0] != group and _may_fit(left, counts, room):
                rest = _together(cursor, asking, left, columns)
                if len(rest) < room:
                    found += rest
                    break
            least, most = _bounds(left[0], now, told["tomorrow"])
            statement = _GROUP.format(more=columns, also=_ALSO.get(left[0], ""))
            cursor.execute(statement, {**asking, "group": left[0], "least": least, "most": most})
            found += [(left[0], row) for row in named_rows(cursor)]
            del left[0]
        page = found[:limit]
        rows = [row for _, row in page]
        besides = others(cursor, rows)
        items = items_of(runtime, cursor, tenant, rows, now, titled=titled)
    for row, item in zip(rows, items, strict=True):
        item["also"] = [item_of(each, tenant, None, now) for each in besides.get(key(row), ())]
    following = cursor_of(page[-1][0], *place_behind(page[-1][1])) if len(found) > limit else None
    return {"items": items, "next": following, "counts": counts}


def how_many(runtime: Runtime, tenant: Tenant, asked: Mapping[str, Any]) -> int:
    """The rows of an inbox, whatever the state of their time.

    :param asked: as :func:`by_time` takes it.
    """
    now = runtime.clock.now()
    with runtime.database.autocommit() as cursor:
        return sum(
            _counts(cursor, {**asked, "tenant": tenant.id, "now": now, "tomorrow": _tomorrow(tenant, now)}).values()
        )


def _counts(cursor: Any, told: Mapping[str, Any]) -> dict[str, int]:
    cursor.execute(_COUNTS, told)
    return dict.fromkeys(STATES, 0) | {state: int(count) for state, count in cursor.fetchall()}


def _may_fit(states: Sequence[str], counts: Mapping[str, int] | None, room: int) -> bool:
    """Whether it is worth asking for all of these groups at once: there may be fewer of them than there is room for."""
    if counts is None:
        return states[0] == STATES[1]  # once, when all that is late is on the page
    return sum(counts[state] for state in states) < room


def _together(
    cursor: Any, asking: Mapping[str, Any], states: Sequence[str], columns: str
) -> list[tuple[str, Mapping[str, Any]]]:
    """The rows of several groups, in their order."""
    cursor.execute(_GROUPS.format(more=columns), {**asking, "groups": list(states)})
    found = [(str(row["standing"]), row) for row in named_rows(cursor)]
    return sorted(found, key=lambda each: STATES.index(each[0]))  # within each they are in order already


def _bounds(state: str, now: datetime, tomorrow: datetime) -> tuple[datetime | str, datetime | str]:
    """Between which due times a group lies, for the index; which row is of it, the statement judges."""
    match state:
        case "late":
            return "-infinity", now
        case "soon" | "later":
            return now, "infinity"
        case "today":
            return now, tomorrow
        case "none":
            return "infinity", "infinity"
        case _:
            return "-infinity", "infinity"


def _tomorrow(tenant: Tenant, now: datetime) -> datetime:
    """When the government's next day begins."""
    following = now.astimezone(tenant.zone).date() + timedelta(days=1)
    return datetime.combine(following, time(), tzinfo=tenant.zone).astimezone(UTC)


def _state(told: str) -> str:
    if told not in STATES:
        raise ValueError
    return told
