"""The chain of one dossier, verified event by event, without private texts."""

from flask import Response, request, url_for

from portal.access import caller
from portal.api.officers import dossier_id
from portal.pages.frame import saying
from portal.pages.frame.forms import Filled
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import instant_at, now_at, page, pages
from portal.pages.officer import visits
from portal.pages.officer.accounts import require_administrator
from portal.pages.officer.words import event_words
from portal.parts import parts
from shared.base.errors import NotFound
from shared.domain.complaint.spelling import ticket_of

blueprint = pages("audit", __name__, "/<tenant>/kelola/audit", first=(visits.require_visit, require_administrator))


@blueprint.route("", methods=["GET", "POST"])
def find(tenant: str) -> Response:
    """By its ticket."""
    home = parts().home(tenant)
    given = request.form.get("ticket", "").strip()
    if not given:
        return page("officer/audit.html", desk=True, form=Filled(), told=None, ticket=None)
    number = ticket_of(given[:100], home.ticket_prefixes)
    return Response(status=303, headers={"Location": url_for("audit.shown", ticket=number or "-")})


@blueprint.route("/<ticket>")
def shown(tenant: str, ticket: str) -> Response:
    """Types, times, hashes, and whether each fits to the one before it."""
    home = parts().home(tenant)
    now = now_at(home)
    try:
        told = parts().gateway.audit(tenant, dossier_id(tenant, ticket), caller())
    except NotFound:
        faults = {"ticket": _("Tidak ada aduan dengan nomor ini")}
        return page("officer/audit.html", 404, desk=True, form=Filled({}, faults), told=None, ticket=None)
    for each in told["events"]:
        each["when"] = saying.brief(instant_at(each["recorded_at"], home), now) if each["recorded_at"] else ""
        each["words"] = event_words(each, home)
        each["marks"] = [_fault(fault) for fault in each["faults"]]
    return page("officer/audit.html", desk=True, form=Filled(), told=told, ticket=ticket)


def _fault(name: str) -> str:
    return {
        "changed": _("isinya tidak cocok dengan hash-nya"),
        "removed": _("ada peristiwa yang hilang sebelumnya"),
        "broken": _("tidak menyambung ke peristiwa sebelumnya"),
        "reordered": _("urutannya berubah"),
    }.get(name, name)
