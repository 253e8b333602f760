"""News for pages that are open: counts and marks, never what was written. Asked for now and then, while a tab is seen.

Being asked does not count as work: a tab that is left open does not keep its visit alive.
"""

from flask import Response, jsonify

from portal.access import caller
from portal.api.officers import dossier_id
from portal.pages.frame import saying
from portal.pages.frame.links import visit_left
from portal.pages.frame.page import instant_at, now_at, pages
from portal.pages.officer import visits
from portal.pages.officer.order import GROUPS, outline
from portal.pages.officer.words import event_words, role_words
from portal.parts import parts
from shared.domain.complaint.spelling import ticket_of
from shared.domain.tenants import Tenant

blueprint = pages("live", __name__, "/<tenant>/kabar", first=(visits.require_quiet_visit,))


@blueprint.route("/meja")
def inbox(tenant: str) -> Response:
    """What waits for the reader: how many in each group, and which by marks that say nothing."""
    home = parts().runtime.tenants.get(tenant)
    rows, _more = outline(tenant, home, now_at(home))
    counts = {name: sum(row.group == name for row in rows) for name in GROUPS}
    return jsonify({"total": len(rows), "counts": counts, "keys": [row.key for row in rows], "left": visit_left()})


@blueprint.route("/berkas/<ticket>")
def dossier(tenant: str, ticket: str) -> Response:
    """The version of a dossier, who wrote last and when, and who else has it open."""
    home = parts().runtime.tenants.get(tenant)
    found = parts().gateway.latest(tenant, dossier_id(tenant, ticket), caller())
    at = instant_at(found["at"], home)
    told = f"{event_words(found, home)} ({role_words(found, home)}), {saying.brief(at, now_at(home))}"
    return jsonify({"version": found["version"], "told": told, "others": present(ticket, home), "left": visit_left()})


@blueprint.route("/sesi")
def session(tenant: str) -> Response:
    """How long the visit still lasts."""
    del tenant
    return jsonify({"left": visit_left()})


def present(ticket: str, home: Tenant) -> list[str]:
    """Who else has a dossier open, as colleagues read it; the reader is noted."""
    who = caller()
    role = home.sop.actor(who.actor).title if home.sop.has_actor(who.actor) else who.actor
    number = ticket_of(ticket, home.ticket_prefixes)
    return parts().presence.others(home.id, number, who.user, f"{role} ({who.user})")
