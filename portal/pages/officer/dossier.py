"""A dossier's page, where letters to officers lead."""

from flask import Response

from portal.api import PREFIX
from portal.pages.frame.page import page, pages
from portal.parts import parts
from shared.domain.complaint.spelling import ticket_of

blueprint = pages("dossier", __name__, "/<tenant>/berkas")


@blueprint.route("/<ticket>")
def shown(tenant: str, ticket: str) -> Response:
    """Where an officer finds the dossier: there are no pages for officers yet."""
    number = ticket_of(ticket, parts().runtime.tenants.get(tenant).ticket_prefixes)
    return page("officer/dossier.html", ticket=number, address=f"{PREFIX}/{tenant}/dossiers/{number}")
