"""How often a complaint's personal data were opened, by role and office, for who holds its code."""

from flask import Response, url_for

from portal.pages.citizen import keeping
from portal.pages.citizen.standing import which
from portal.pages.frame.page import now_at, page, pages
from portal.parts import parts

blueprint = pages("readers", __name__, "/<tenant>/aduan/<ticket>/dibaca")


@blueprint.route("")
def shown(tenant: str, ticket: str) -> Response:
    """The counts; no person and no hour."""
    held = keeping.opened(tenant, ticket)
    if held is None:
        return Response(status=303, headers={"Location": url_for("tracking.of", ticket=ticket)})
    parts().freshness.catch_up(tenant, "intake")
    home, gateway = parts().home(tenant), parts().gateway
    told = gateway.readers(tenant, held.ticket, held.code)
    view = gateway.track(tenant, held.ticket, held.code, shown=False)  # who looks at this reads no answer
    return page("citizen/readers.html", told=told, which=which(view, home, now_at(home)))
