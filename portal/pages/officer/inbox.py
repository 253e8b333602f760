"""The inbox: what waits for whom, soonest due first, in groups by the state of its time."""

from typing import Final

from flask import Response

from portal.access import caller, inbox_of
from portal.gateway import PageAsked
from portal.pages.frame import asked
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import now_at, page, pages
from portal.pages.officer import visits
from portal.pages.officer.order import GROUPS, Row, row_of
from portal.pages.officer.ticking import ticking
from portal.parts import parts
from shared.domain.tenants import Tenant

_COUNTED: Final = 200

blueprint = pages("inbox", __name__, "/<tenant>/meja", first=(visits.require_visit,))


@blueprint.route("")
def shown(tenant: str) -> Response:
    """What waits for the officer's role; with ``meja=semua``, what waits at any desk that they may look at."""
    home = parts().runtime.tenants.get(tenant)
    whole = asked.choice("meja", ("semua",)) is not None
    agency, actor = inbox_of(caller(), home, None, None)
    if whole and not caller().admin:
        actor = None
    parts().freshness.catch_up(tenant, "routing")
    wanted = PageAsked(asked.one("sesudah"), _COUNTED)
    found = parts().gateway.inbox(tenant, agency, actor, wanted, caller())
    now = now_at(home)
    rows = [row_of(item, home, now) for item in found["items"]]
    only = asked.choice("keadaan", GROUPS)
    chosen = [row for row in rows if only in (None, row.group)]
    return page(
        "officer/inbox.html",
        desk=True,
        groups=[(name, group_words(name), group) for name in GROUPS if (group := _in(chosen, name))],
        counts={name: len(_in(rows, name)) for name in GROUPS},
        total=len(rows),
        more=found["next"],
        only=only,
        whole=whole,
        office=_office(home),
        of_agency=caller().agency is not None,
        done=asked.ticket("selesai", home),
        missed=asked.ticket("tidak_ada", home),
        unpicked=asked.choice("pilih", ("kosong",)),
        keys=[row.key for row in rows],
        categories=sorted(home.entries.categories.values()),
        ticking=ticking(home, now),
        now=now,
        scripts=("keys.js", "live.js", "minutes.js"),
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


def _in(rows: list[Row], group: str) -> list[Row]:
    return [row for row in rows if row.group == group]


def _office(home: Tenant) -> str:
    return home.agency_name(caller().agency) or home.name
