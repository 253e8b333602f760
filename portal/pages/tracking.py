"""Where the links of letters lead: a reporter's own page, opened with the code, and a word to officers."""

from datetime import datetime
from typing import Any, Final

from flask import Blueprint, Response, make_response, render_template, request

from portal.access import require_tenant, tenant
from portal.api import PREFIX
from portal.parts import parts
from shared.base.errors import NotFound
from shared.domain.complaint.spelling import ticket_of
from shared.wording.labels import word

blueprint = Blueprint("pages", __name__, template_folder="templates", url_prefix="/<tenant>")
blueprint.before_request(require_tenant)

_LONGEST_CODE: Final = 200
_TEXTS: Final = ("reason", "text")


@blueprint.route("/lacak/<ticket>", methods=["GET", "POST"])
def tracking(tenant: str, ticket: str) -> Response:
    """Ask for the tracking code, and show with it where the complaint is.

    The code is posted, so that it stands in no address and no log. A wrong one and an unknown ticket read alike.
    """
    home = _home()
    number = ticket_of(ticket, home.ticket_prefixes)
    code = request.form.get("code", "")[:_LONGEST_CODE].strip()
    view: dict[str, Any] | None = None
    status = 200
    if code:
        parts().freshness.catch_up(tenant, "intake")
        try:
            view = parts().gateway.track(tenant, number, code)
        except NotFound:
            status = 404
    page = render_template(
        "tracking.html",
        government=home.name,
        ticket=number,
        view=_shown(view) if view is not None else None,
        wrong=status == 404,
    )
    return make_response(page, status)


@blueprint.route("/berkas/<ticket>")
def dossier(tenant: str, ticket: str) -> Response:
    """Where an officer finds the dossier: there are no pages for officers yet."""
    home = _home()
    number = ticket_of(ticket, home.ticket_prefixes)
    address = f"{PREFIX}/{tenant}/dossiers/{number}"
    return make_response(render_template("dossier.html", government=home.name, ticket=number, address=address))


_home = tenant


def _shown(view: dict[str, Any]) -> dict[str, Any]:
    """What the page says of a complaint, in people's words."""
    return {
        "status": word(view["status"], "id"),
        "step": view["step_title"],
        "agency": view["agency_name"],
        "promised": _minute(view["promised_at"]),
        "entries": [
            {
                "at": _minute(entry["at"]),
                "title": entry["title"] or word(entry["status"], "id"),
                "texts": [entry[name] for name in _TEXTS if entry.get(name)],
            }
            for entry in view["timeline"]
        ],
    }


def _minute(instant: str | None) -> str | None:
    return datetime.fromisoformat(instant).strftime("%d-%m-%Y %H:%M") if instant else None
