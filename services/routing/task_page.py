"""Open tasks as lists tell them, a page at a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from shared.application.pages import Kind, cursor_of, instant, position_of, whole, word
from shared.application.runtime import Runtime
from shared.base.errors import Invalid
from shared.domain.dossier.complaint_view import title_of
from shared.domain.sealing import DataKey
from shared.domain.tenants import Tenant
from shared.platform.database.named import named_rows

MAX_LIMIT: Final = 200
_TOLD: Final = (
    *("task", "task_version", "step", "actor", "agency", "status"),
    *("channel", "category", "kecamatan"),
    *("from_actor", "from_agency", "privacy", "wrong_agency"),
)
COLUMNS: Final = ", ".join(
    ("dossier", "ticket", *_TOLD, "since", "due_at", "judged", "state", "paused_until", "beside")
)
"""What a statement selects for :func:`item_of`; the title is opened where it selects ``filed`` too."""
OPEN: Final = """
      FROM routing.inbox JOIN routing.dossiers USING (dossier)
     WHERE tenant = %(tenant)s
       AND (%(agency)s::text IS NULL OR agency = %(agency)s)
       AND (%(actor)s::text IS NULL OR actor = %(actor)s)
"""
"""The open tasks of an agency and actor, none for all."""
FILTERS: Final = ("step", "channel", "category", "kecamatan")
"""What an inbox can be narrowed by, several words each."""
NARROWED: Final = f"""{OPEN}
       AND (%(but)s::text[] IS NULL OR actor <> ALL(%(but)s::text[]))
       AND (%(step)s::text[] IS NULL OR (task = 'step' AND step = ANY(%(step)s::text[])))
       AND (%(channel)s::text[] IS NULL OR channel = ANY(%(channel)s::text[]))
       AND (%(category)s::text[] IS NULL OR category = ANY(%(category)s::text[]))
       AND (%(kecamatan)s::text[] IS NULL OR kecamatan = ANY(%(kecamatan)s::text[]))
"""
"""Those of them that fit the words of every filter, none where any will do, and lie with nobody of ``but``."""
BEHIND: Final = """
       AND (%(due)s::timestamptz IS NULL
            OR (coalesce(due_at, 'infinity'), since, dossier, task, task_version)
               > (%(due)s::timestamptz, %(since)s::timestamptz, %(dossier)s::uuid, %(task)s, %(version)s))
     ORDER BY coalesce(due_at, 'infinity'), since, dossier, task, task_version
     LIMIT %(limit)s
"""
"""Soonest due first, of equals what has lain longest at its desk, from behind a place on: what comes in while an office
is closed is all due a quarter of an hour after it opens.
"""
PLACE: Final = ("due", "since", "dossier", "task", "version")
"""What :data:`BEHIND` asks for, by its names."""
_KINDS: Final = (instant, instant, UUID, word, whole)
_FORMER: Final = (instant, UUID, word, whole)
"""As the version before told a place, which did not sort by ``since``."""


def page_of_tasks(
    runtime: Runtime,
    tenant: Tenant,
    statement: str,
    asked: Mapping[str, Any],
    *,
    after: str | None,
    limit: int,
    titled: bool = True,
) -> dict[str, Any]:
    """The tasks that a statement finds, soonest due first.

    :param statement: asks for ``tenant``, ``now``, the :data:`PLACE` behind which the page begins, ``limit``, and what
        ``asked`` gives.
    :param after: the cursor ``next`` of the page before.
    :param limit: at most this many, up to :data:`MAX_LIMIT`.
    :param titled: whether the titles are opened.
    :returns: ``items`` as :func:`item_of` tells them, and ``next``.
    :raises Invalid: the cursor is not one of ours.
    """
    place = dict(zip(PLACE, place_of(after), strict=True))
    limit = max(1, min(limit, MAX_LIMIT))
    now = runtime.clock.now()
    with runtime.database.autocommit() as cursor:
        cursor.execute(statement, {**asked, **place, "tenant": tenant.id, "now": now, "limit": limit + 1})
        found = named_rows(cursor)
        page = found[:limit]
        items = items_of(runtime, cursor, tenant, page, now, titled=titled)
    return {"items": items, "next": cursor_of(*place_behind(page[-1])) if len(found) > limit else None}


def items_of(
    runtime: Runtime, cursor: Any, tenant: Tenant, page: Sequence[Mapping[str, Any]], now: datetime, *, titled: bool
) -> list[dict[str, Any]]:
    """Tasks as lists tell them.

    :param cursor: by which the page was read: keys are looked for near it.
    :param titled: whether the titles are opened.
    """
    opened = list({row["dossier"] for row in page}) if titled else []
    keys = runtime.vault.keys(runtime.near(cursor), opened)
    return [item_of(row, tenant, keys.get(row["dossier"]), now) for row in page]


def item_of(row: Mapping[str, Any], tenant: Tenant, key: DataKey | None, now: datetime) -> dict[str, Any]:
    """A task as lists tell it.

    :param key: the dossier's; without it the title is empty.
    """
    return {
        "id": str(row["dossier"]),
        "ticket": row["ticket"],
        "title": title_of(key.open(row["filed"], "ComplaintFiled")) if key and row.get("filed") else "",
        **{name: row[name] for name in _TOLD},
        "since": tenant.local(row["since"]),
        "due_at": tenant.local(row["due_at"]),
        "state": _state(row, now),
    }


def place_of(after: str | None, *before: Kind) -> tuple[Any, ...]:
    """The :data:`PLACE` in a cursor, behind what it tells before.

    One of the version before leads to all that is due at its instant once more: a page that was open during an upgrade
    loses nothing.

    :param before: what stands before it.
    :raises Invalid: if it is neither.
    """
    try:
        return position_of(after, *before, *_KINDS)
    except Invalid:
        *told, due, dossier, task, version = position_of(after, *before, *_FORMER)
        return (*told, due, "-infinity", dossier, task, version)


def place_behind(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """The :data:`PLACE` of a row, from behind which the next page begins."""
    return row["due_at"], row["since"], row["dossier"], row["task"], row["task_version"]


def _state(row: Mapping[str, Any], now: datetime) -> str:
    """As of an instant: a due time that has passed is a breach, a pause that is over has ended, whatever timers did."""
    state = str(row["state"])
    if state == "paused" and now >= row["paused_until"]:
        state = "running"
    overdue = row["judged"] and row["due_at"] is not None and now > row["due_at"]
    return "breached" if overdue and state != "paused" else state
