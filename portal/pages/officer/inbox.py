"""The inbox: what waits for whom, soonest due first, in groups by the state of its time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask import Response, request

from portal.access import caller, inbox_of
from portal.pages.frame import saying
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import instant_at, now_at, page, pages
from portal.pages.frame.time_left import Running, TimeLeft, time_left
from portal.pages.officer import visits
from portal.pages.officer.words import task_words
from portal.parts import parts
from shared.domain.tenants import Tenant

_COUNTED: Final = 200
GROUPS: Final = ("late", "soon", "today", "later", "still", "none")

blueprint = pages("inbox", __name__, "/<tenant>/meja", first=(visits.require_visit,))


@dataclass(frozen=True)
class Row:
    """One task."""

    ticket: str
    title: str
    task: str
    printed: str | None
    office: str | None
    since: str
    left: TimeLeft
    group: str
    actor: str


@blueprint.route("")
def shown(tenant: str) -> Response:
    """What waits for the officer's role; with ``meja=semua``, what waits at any desk that they may look at."""
    home = parts().runtime.tenants.get(tenant)
    whole = request.args.get("meja") == "semua"
    agency, actor = inbox_of(caller(), home, None, None)
    if whole and not caller().admin:
        actor = None
    parts().freshness.catch_up(tenant, "routing")
    found = parts().gateway.inbox(
        tenant,
        agency=agency,
        actor=actor,
        after=request.args.get("sesudah") or None,
        limit=_COUNTED,
        min_position=None,
        caller=caller(),
    )
    now = now_at(home)
    rows = [_row(item, home, now) for item in found["items"]]
    only = request.args.get("keadaan")
    chosen = [row for row in rows if only not in GROUPS or row.group == only]
    return page(
        "officer/inbox.html",
        desk=True,
        groups=[(name, group_words(name), group) for name in GROUPS if (group := _in(chosen, name))],
        counts={name: len(_in(rows, name)) for name in GROUPS},
        total=len(rows),
        more=found["next"],
        only=only if only in GROUPS else None,
        whole=whole,
        office=_office(home),
        of_agency=caller().agency is not None,
        done=request.args.get("selesai"),
        missed=request.args.get("tidak_ada"),
        now=now,
        scripts=("keys.js",),
    )


def group_words(name: str) -> str:
    """A group's heading."""
    return {
        "late": _("Terlambat"),
        "soon": _("Segera"),
        "today": _("Hari ini"),
        "later": _("Besok dan sesudahnya"),
        "still": _("Waktunya berhenti"),
        "none": _("Tanpa batas waktu"),
    }[name]


def _row(item: Mapping[str, Any], home: Tenant, now: datetime) -> Row:
    sop = home.sop
    step = sop.step(item["step"]) if item["step"] else None
    due = instant_at(item["due_at"], home) if item["due_at"] else None
    since = instant_at(item["since"], home)
    within = step.within if step and item["task"] == "step" else None
    warned = since if item["state"] == "warned" else None
    left = time_left(Running(due=due, warn=warned, within=within, stands=item["state"] == "paused"), now, home.calendar)
    return Row(
        item["ticket"],
        item["title"],
        task_words(item, sop),
        step.printed if step and item["task"] == "step" else None,
        home.agency_name(item["agency"]),
        saying.brief(since, now),
        left,
        _group(left, due, now),
        sop.actor(item["actor"]).title,
    )


def _group(left: TimeLeft, due: datetime | None, now: datetime) -> str:
    if left.state in ("late", "soon", "still", "none"):
        return left.state
    return "today" if due is not None and due.date() == now.date() else "later"


def _in(rows: list[Row], group: str) -> list[Row]:
    return [row for row in rows if row.group == group]


def _office(home: Tenant) -> str:
    return home.agency_name(caller().agency) or home.name
