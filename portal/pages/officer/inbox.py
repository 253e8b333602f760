"""The inbox: what waits for whom, soonest due first, in groups by the state of its time."""

from datetime import datetime
from typing import Final

from flask import Response, url_for

from portal.access import caller, inbox_of
from portal.gateway import PageAsked
from portal.pages.frame import asked, saying
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import instant_at, now_at, page, pages
from portal.pages.officer import visits
from portal.pages.officer.handed_on import where_now
from portal.pages.officer.narrowing import group_words, narrowed
from portal.pages.officer.order import GROUPS, Row, outline, row_of
from portal.pages.officer.own_choices import per_page
from portal.pages.officer.ticking import ticking
from portal.parts import parts
from shared.domain.sop.vocabulary import REPORTER, SYSTEM
from shared.domain.tenants import Tenant

_HINTED: Final = 15
"""Rows for which suggestions are asked: those that a reader comes to first."""

_ALL: Final = "semua"
_OTHERS: Final = "lain"

blueprint = pages("inbox", __name__, "/<tenant>/meja", first=(visits.require_visit,))


@blueprint.route("")
def shown(tenant: str) -> Response:
    """What waits for the officer's role; with ``meja=semua``, what waits at any desk that they may look at, and with
    ``meja=lain``, what waits at the other desks of their agency.
    """
    home = parts().home(tenant)
    agency, actor = inbox_of(caller(), home, None, None)
    has_colleagues = agency is not None and actor is not None
    desks = asked.choice("meja", (_ALL, _OTHERS) if has_colleagues else (_ALL,))
    if desks == _ALL and not caller().admin:
        actor = None
    narrow = narrowed(home, None if desks else actor)
    parts().freshness.catch_up(tenant, "routing")
    after, states = asked.one("sesudah"), narrow.states
    wanted, page_asked = narrow.wanted, PageAsked(after, per_page())
    found = parts().gateway.inbox(
        tenant, agency, actor, page_asked, caller(), wanted=wanted, states=states, colleagues=desks == _OTHERS
    )
    now = now_at(home)
    rows = [row_of(item, home, now) for item in found["items"]]
    if "counts" not in found:  # services of the version before, while an upgrade goes on
        rows = [row for row in rows if not states or row.group in states]
    counts = found.get("counts") or {name: len(_in(rows, name)) for name in GROUPS}
    kept = narrow.address | ({"meja": [desks]} if desks else {})
    return page(
        "officer/inbox.html",
        desk=True,
        hinted=_hinted(home, rows),
        groups=[(name, group_words(name), group) for name in GROUPS if (group := _in(rows, name))],
        counts=counts,
        total=sum(counts.values()),
        further=after is not None,
        more=found["next"],
        narrow=narrow,
        group_words=group_words,
        here=lambda **changed: url_for("inbox.shown", **{**kept, **changed}),
        desks=desks,
        # Services of the version before count nothing at other desks, and have no list of it. Where all desks are shown
        # it is not counted either.
        has_colleagues=has_colleagues and ("colleagues" in found or desks == _ALL),
        colleagues=found.get("colleagues"),
        office=_office(home),
        of_agency=caller().agency is not None,
        following=_following(tenant, home, now, agency) if not rows and not kept and actor is not None else None,
        done=asked.ticket("selesai", home),
        where_now=where_now(home),
        missed=asked.ticket("tidak_ada", home),
        unpicked=asked.choice("pilih", ("kosong",)),
        keys=_keys(tenant, home, now, rows, first=not kept and not after, more=found["next"] is not None),
        categories=sorted(home.entries.categories.values()),
        ticking=ticking(home, now),
        now=now,
        scripts=("live.js", "minutes.js", "hints.js"),
    )


def _following(tenant: str, home: Tenant, now: datetime, agency: str | None) -> str | None:
    """What comes due next at another desk that the reader may look at, in a sentence; none if nothing does."""
    found = parts().gateway.outline(tenant, agency=agency, actor=None, caller=caller())
    at_desks = [each for each in found["items"] if each["due_at"] and each["actor"] not in (REPORTER, SYSTEM)]
    if not at_desks:
        return None
    soonest = min(at_desks, key=lambda each: instant_at(each["due_at"], home))
    due = instant_at(soonest["due_at"], home)
    told = {"when": saying.moment(due, now), "role": home.sop.actor(soonest["actor"]).title}
    office = home.agency_name(soonest["agency"])
    if agency is None and office:
        return _("Yang berikutnya jatuh tempo %(when)s di meja %(role)s, %(office)s.", office=office, **told)
    return _("Yang berikutnya jatuh tempo %(when)s di meja %(role)s.", **told)


def _keys(tenant: str, home: Tenant, now: datetime, rows: list[Row], *, first: bool, more: bool) -> list[str] | None:
    """By which an open page knows what is new; none where it has no news: of a part of the inbox, or of a long one.

    :param first: whether the page is the first of the reader's whole inbox.
    :param more: whether the inbox has further pages, whose rows are no news either.
    """
    if not first:
        return None
    if not more:
        return [key for row in rows for key in row.keys]
    waiting, more = outline(tenant, home, now)
    return None if more else [key for each in waiting for key in each.keys]


def _hinted(home: Tenant, rows: list[Row]) -> set[str]:
    """The first dossiers that the reader sends on: for these the page asks what is suggested, once it is shown."""
    role = home.sop.actor(caller().actor).title
    decided = [] if caller().admin else [row.dossier for row in rows if row.decides and row.actor == role]
    return set(decided[:_HINTED])


def _in(rows: list[Row], group: str) -> list[Row]:
    return [row for row in rows if row.group == group]


def _office(home: Tenant) -> str:
    return home.agency_name(caller().agency) or home.name
