"""All complaints that an officer may read: found by what is known of them, the latest first."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from flask import Response, request, url_for

from portal.access import caller
from portal.api.registers import MOST_ROWS, sheet_file
from portal.gateway import PageAsked
from portal.pages.frame import asked, saying
from portal.pages.frame.forms import Filled, faults_of
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import instant_at, now_at, page, pages
from portal.pages.officer import visits
from portal.pages.officer.found_sheet import found_sheet
from portal.pages.officer.meant import channels, meant
from portal.pages.officer.words import choice_words, counted_words, status_words
from portal.parts import parts
from portal.register_queries import COUNTED, SearchQuery
from shared.base.errors import Invalid, NotFound
from shared.domain.complaint.spelling import ticket_of
from shared.domain.sop.vocabulary import STATUSES
from shared.domain.tenants import Tenant
from shared.wording.coded_schema import load_coded

_ROWS: Final = 50
_OF_A_FILE: Final = 200
"""Rows that are asked for at once where all are wanted."""
_LONGEST: Final = 100
_SEARCHED: Final = SearchQuery()
"""Made once: to make a schema takes longer than to check by it what is searched."""
_FILTERS: Final = (
    "name",
    "phone",
    "category",
    "kecamatan",
    "desa",
    "agency",
    "step",
    "channel",
    "status",
    "state",
    "counted",
    "since",
    "until",
)

blueprint = pages("everything", __name__, "/<tenant>/semua", first=(visits.require_visit,))


@blueprint.route("", methods=["GET", "POST"])
def shown(tenant: str) -> Response:
    """The list. What is looked for is posted, so that no name stands in an address; a ticket opens its dossier."""
    home = parts().home(tenant)
    names = (*_FILTERS, "tempat", "sesudah")
    posted = request.method == "POST"
    values = request.form if posted else {name: value for name in names if (value := asked.one(name))}
    if (opened := _ticket(request.form.get("q", ""), home)) is not None:
        return opened
    filled = Filled({name: values.get(name, "").strip() for name in _FILTERS if values.get(name, "").strip()})
    place = (request.form.get("q") or values.get("tempat", "")).strip()[:_LONGEST]
    wide = caller().admin or home.sop.actor(caller().actor).scope == "tenant"
    now = now_at(home)
    where = meant(place, home, now, wide=wide)
    found: dict[str, Any] = {"items": [], "next": None}
    status = 200
    try:
        query = load_coded(
            _SEARCHED, {**filled.values, **where, "limit": str(_ROWS), "after": values.get("sesudah") or None}
        )
        wanted = PageAsked.of(query)
        query = {name: value for name, value in query.items() if name not in wanted.to_dict()}
        parts().freshness.catch_up(tenant, "reporting")
        if where or not place:  # what no list knows is of no complaint
            found = parts().gateway.search(tenant, query, wanted, caller())
        if request.form.get("berkas") == "csv" and found["items"]:
            return sheet_file(found_sheet(_whole(tenant, query, found), home), f"aduan-{tenant}.csv", "csv")
    except Invalid as error:
        filled, status = filled.with_faults(faults_of(error)), 422
    return page(
        "officer/everything.html",
        status,
        desk=True,
        form=filled,
        place=place,
        items=[{**each, "filed": _brief(each["filed_at"], home, now)} for each in found["items"]],
        more=found["next"],
        agencies=[(each.id, each.name) for each in home.agencies],
        categories=sorted(home.entries.categories.values()),
        kecamatans=sorted(home.entries.kecamatans.values()),
        statuses=[(each, status_words(each)) for each in STATUSES],
        states=[("open", _("masih berjalan")), ("closed", _("sudah berakhir"))],
        counted=[(each, counted_words(each)) for each in COUNTED],
        channels=[(each, choice_words(each)) for each in channels(home)],
        status_words=status_words,
        choice_words=choice_words,
        wide=wide,
    )


def _whole(tenant: str, query: Mapping[str, Any], first: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """All that was found, beginning with its first page.

    :raises Invalid: if it is more than one file should hold.
    """
    items, following = list(first["items"]), first["next"]
    while following is not None:
        if len(items) >= MOST_ROWS:
            raise Invalid("invalid_fields", fields={"since": ["too_many_found"]})
        more = parts().gateway.search(tenant, dict(query), PageAsked(following, _OF_A_FILE), caller())
        items, following = [*items, *more["items"]], more["next"]
    return items


def _ticket(typed: str, home: Tenant) -> Response | None:
    """To the dossier of a ticket; none if no ticket was typed."""
    number = ticket_of(typed[:_LONGEST], home.ticket_prefixes)
    if "-" not in number:
        return None
    try:
        parts().dossier_of(home.id, number)
    except NotFound:
        return Response(status=303, headers={"Location": url_for("inbox.shown", tidak_ada=number)})
    return Response(status=303, headers={"Location": url_for("dossier.shown", ticket=number)})


def _brief(instant: str, home: Tenant, now: datetime) -> str:
    return saying.brief(instant_at(instant, home), now)
