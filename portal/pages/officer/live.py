"""News for pages that are open: counts and marks, never what was written. Streamed while a tab is seen.

A page that cannot have one asks now and then. Neither counts as work: a tab that is left open does
not keep its visit alive.
"""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify

from portal.access import caller, inbox_of
from portal.api.officers import dossier_id
from portal.pages.frame.language import gettext as _
from portal.pages.frame.links import visit_left
from portal.pages.frame.page import now_at, pages
from portal.pages.officer import visits
from portal.pages.officer.done_meanwhile import deed_words
from portal.pages.officer.order import GROUPS, outline
from portal.pages.officer.streaming import streamed
from portal.parts import parts
from shared.domain.complaint.spelling import ticket_of
from shared.domain.tenants import Tenant

blueprint = pages("live", __name__, "/<tenant>/kabar", first=(visits.require_quiet_visit,))


@blueprint.route("/meja")
def inbox(tenant: str) -> Response:
    """What waits for the reader: how many in each group, and which by marks that say nothing."""
    return jsonify({**_inbox(tenant), "left": visit_left()})


@blueprint.route("/aliran/meja")
def inbox_stream(tenant: str) -> Response:
    """The same, told when it changes."""
    home = parts().home(tenant)

    def tell(since: float) -> str:
        whose = (tenant, *inbox_of(caller(), home, None, None), caller().admin)
        return parts().streams.shared(whose, since, lambda: json.dumps(_inbox(tenant)))

    return streamed(tell)


@blueprint.route("/berkas/<ticket>")
def dossier(tenant: str, ticket: str) -> Response:
    """The version of a dossier, who wrote last and when, and who else has it open."""
    return jsonify({**_dossier(tenant, ticket), "left": visit_left()})


@blueprint.route("/aliran/berkas/<ticket>")
def dossier_stream(tenant: str, ticket: str) -> Response:
    """The same, told when it changes."""
    _dossier(tenant, ticket)  # whoever may not read it gets no stream
    return streamed(lambda _since: json.dumps(_dossier(tenant, ticket)))


@blueprint.route("/saran/<dossiers>")
def hints(tenant: str, dossiers: str) -> Response:
    """What is suggested for some rows of an inbox, in words: of a twin, and of what to decide.

    :param dossiers: their ids, with commas between.
    """
    found = parts().gateway.hints(tenant, dossiers.split(","), caller())
    return jsonify({dossier: words for dossier, told in found.items() if any(words := _suggested(told))})


@blueprint.route("/sesi")
def session(tenant: str) -> Response:
    """How long the visit still lasts."""
    del tenant
    return jsonify({"left": visit_left()})


def _suggested(told: Mapping[str, str | None]) -> tuple[str, str]:
    what = ", ".join(each for each in (told["agency"], told["category"]) if each)
    twin = _("Mungkin kembar %(ticket)s", ticket=told["twin"]) if told["twin"] else ""
    return twin, _("Saran: %(what)s", what=what) if what else ""


def _inbox(tenant: str) -> dict[str, Any]:
    home = parts().home(tenant)
    rows = outline(tenant, home, now_at(home))[0]
    counts = {name: sum(row.group == name for row in rows) for name in GROUPS}
    return {"total": len(rows), "counts": counts, "keys": [key for row in rows for key in row.keys]}


def _dossier(tenant: str, ticket: str) -> dict[str, Any]:
    home = parts().home(tenant)
    found = parts().gateway.latest(tenant, dossier_id(tenant, ticket), caller())
    told = deed_words(found, home, now_at(home))
    return {"version": found["version"], "told": told, "others": present(ticket, home)}


def present(ticket: str, home: Tenant) -> list[str]:
    """Who else has a dossier open, as colleagues read it; the reader is noted."""
    who = caller()
    role = home.sop.actor(who.actor).title if home.sop.has_actor(who.actor) else who.actor
    number = ticket_of(ticket, home.ticket_prefixes)
    return parts().presence.others(home.id, number, who.user, f"{role} ({who.user})")
