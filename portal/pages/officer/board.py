"""The board: what lies where, at which step, and how much of it is late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, url_for

from portal.access import caller
from portal.gateway import PageAsked
from portal.pages.frame import saying
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import instant_at, now_at, page, pages
from portal.pages.officer import visits
from portal.pages.officer.words import task_words
from portal.parts import parts
from shared.base.errors import Unavailable
from shared.domain.sop.vocabulary import REPORTER, SYSTEM
from shared.domain.tenants import Tenant

blueprint = pages("board", __name__, "/<tenant>/papan", first=(visits.require_visit,))


@dataclass(frozen=True)
class Cell:
    """Some tasks of one kind with one holder.

    :param oldest: when the first of them is due, in words.
    :param address: of their list.
    :param late_address: of the late ones among them; none where none is late.
    :param soon_address: of the nearly late ones, likewise.
    """

    what: str
    who: str
    open: int
    late: int
    warned: int
    oldest: str
    address: str | None
    late_address: str | None
    soon_address: str | None


@blueprint.route("")
def shown(tenant: str) -> Response:
    """Offices with what lies there; the government's own desks first."""
    home = parts().home(tenant)
    now = now_at(home)
    parts().freshness.catch_up(tenant, "routing")
    found = parts().gateway.board(tenant, caller())
    offices: dict[str | None, list[Cell]] = {}
    for cell in found["cells"]:
        if cell["actor"] not in (REPORTER, SYSTEM):
            offices.setdefault(cell["agency"], []).append(_cell(cell, home, now))
    rows = [(home.agency_name(office) or home.name, cells) for office, cells in offices.items()]
    return page(
        "officer/board.html",
        desk=True,
        offices=sorted(rows, key=lambda row: (row[0] != home.name, row[0])),
        total=sum(cell.open for _name, cells in rows for cell in cells),
        late=sum(cell.late for _name, cells in rows for cell in cells),
        soon=sum(cell.warned for _name, cells in rows for cell in cells),
        waiting=sum(cell["waiting"] for cell in found["cells"]),
        came_back=_came_back(tenant),
        as_of=saying.moment(now, now),
    )


def _cell(cell: Mapping[str, Any], home: Tenant, now: datetime) -> Cell:
    due = cell["oldest_due_at"]
    address = None
    if cell["step"] and cell["task"] == "step":
        address = url_for("everything.shown", step=cell["step"], agency=cell["agency"] or None, state="open")
    return Cell(
        task_words(cell, home.sop),
        home.sop.actor(cell["actor"]).title,
        cell["open"],
        cell["late"],
        cell["warned"],
        saying.brief(instant_at(due, home), now) if due else _("tanpa batas waktu"),
        address,
        _behind("terlambat", cell) if address and cell["late"] else None,
        _behind("segera", cell) if address and cell["warned"] else None,
    )


def _behind(kind: str, cell: Mapping[str, Any]) -> str:
    """The list behind one figure of a cell."""
    place = {"dinas": cell["agency"] or None, "peran": cell["actor"], "langkah": cell["step"]}
    return url_for("watched.tasks", kind=kind, **place)


def _came_back(tenant: str) -> Mapping[str, int] | None:
    """How many complaints came back or go to and fro; none where that cannot be told just now."""
    try:
        counts: Mapping[str, int] = parts().gateway.returned(tenant, "returned", PageAsked(None, 0), caller())["counts"]
    except Unavailable:
        return None
    return counts
