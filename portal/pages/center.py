"""All governments at a glance, for whoever administers the installation: what waits, what is late, what runs behind."""

from functools import partial
from typing import Any, Final

import psycopg2
from flask import Response

from portal.access import caller
from portal.at_once import at_once
from portal.elsewhere import State
from portal.pages.databases import DatabaseRoom, in_words, rooms, states
from portal.pages.frame import saying
from portal.pages.frame.page import instant_at, page, pages
from portal.pages.officer import visits
from portal.pages.officer.accounts import require_administrator
from portal.parts import parts
from shared.base.errors import AduanError
from shared.base.services import SERVICES
from shared.domain.sop.vocabulary import REPORTER, SYSTEM
from shared.domain.tenants import Tenant
from shared.store.eventstore.reading import head
from shared.store.projection.lag import low_water

_COMMANDS: Final = {
    "audit": "aduan audit verify",
    "ready": "/readyz",
    "metrics": "/metrics",
}
_SECONDS: Final = 10.0
_NOT_ASKED: Final = ("not there yet", "the database does not answer")

blueprint = pages("pusat", __name__, "/pusat", first=(visits.require_center, require_administrator))


@blueprint.route("/", strict_slashes=False)
def shown() -> Response:
    """Every government of every database with what is open and late there; the tables that lag; how the clock goes."""
    every = rooms()
    told = states(every)
    there = [(room, state, home) for room, state in zip(every, told, strict=True) for home in _governments(room)]
    cells = at_once([partial(_cells, room, state, home) for room, state, home in there], _SECONDS)
    lags = at_once([partial(_lags, room, state) for room, state in zip(every, told, strict=True)], _SECONDS)
    rows = [_row(room, home, found) for (room, _, home), found in zip(there, cells, strict=True)]
    return page(
        "center.html",
        rows=sorted(rows, key=lambda row: row["home"].id),
        databases=[
            {"named": room.named, "told": in_words(state), "lags": behind}
            for room, state, behind in zip(every, told, lags, strict=True)
        ],
        commands=_COMMANDS,
        clock="simulated" if parts().simulation is not None else "real",
    )


def _governments(room: DatabaseRoom) -> tuple[Tenant, ...]:
    return room.parts.runtime.tenants.in_files()  # its database may be away, and that is told


def _cells(room: DatabaseRoom, state: State, home: Tenant) -> list[dict[str, Any]] | None:
    """Its board's; none where its service does not answer."""
    if state != "ok":
        return None
    try:
        found: list[dict[str, Any]] = room.parts.gateway.board(home.id, caller())["cells"]
    except AduanError:
        return None
    return found


def _row(room: DatabaseRoom, home: Tenant, cells: list[dict[str, Any]] | None) -> dict[str, Any]:
    """What lies there; none of the figures where its service does not answer."""
    told: dict[str, Any] = {"home": home, "open": None, "late": None, "waiting": None, "oldest": None}
    if cells is None:
        return told
    desks = [cell for cell in cells if cell["actor"] not in (REPORTER, SYSTEM)]
    due = min((cell["oldest_due_at"] for cell in desks if cell["oldest_due_at"]), default=None)
    now = room.parts.runtime.clock.now().astimezone(home.zone)
    return {
        **told,
        "open": sum(cell["open"] for cell in desks),
        "late": sum(cell["late"] for cell in desks),
        "waiting": sum(cell["open"] for cell in cells if cell["actor"] == REPORTER),
        "oldest": saying.brief(instant_at(due, home), now) if due else None,
    }


def _lags(room: DatabaseRoom, state: State) -> list[tuple[str, int]] | None:
    """How many events of the log each service's tables have not taken in yet; none if the database does not answer."""
    if state in _NOT_ASKED:
        return None
    try:
        with room.parts.runtime.database.autocommit() as cursor:
            latest = head(cursor)
            return [(name, max(0, latest - low_water(cursor, name, note=False))) for name in SERVICES]
    except (AduanError, psycopg2.Error):
        if not room.named:  # of one database alone: nothing works, and that is said as everywhere
            raise
        return None
