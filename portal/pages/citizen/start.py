"""The first pages: which governments there are, and what one of them offers."""

from datetime import datetime

from flask import Response, url_for

from portal.pages.frame import saying
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import listed, now_at, page, pages
from portal.pages.frame.promise import service_promise
from portal.pages.frame.rendering import finished
from portal.parts import parts
from shared.domain.calendar.errors import NoOpenTime
from shared.domain.tenants import Tenant

blueprint = pages("citizen", __name__, "/<government:tenant>")


def governments() -> Response:
    """All governments of the installation; where there is only one, its own page."""
    every = parts().runtime.tenants.all()
    if len(every) == 1:
        return finished(Response(status=302, headers={"Location": url_for("citizen.start", tenant=every[0].id)}))
    listed()
    return finished(page("citizen/governments.html", governments=every))


@blueprint.route("/", strict_slashes=False)
def start(tenant: str) -> Response:
    """What one can do here, and what is promised."""
    government = parts().runtime.tenants.get(tenant)
    now = now_at(government)
    listed()
    return page(
        "citizen/start.html",
        promise=service_promise(government.sop),
        closed=_closed(government, now),
        scripts=("antre.js", "app.js"),
        channels=[channel for channel in government.sop.channels if channel.id != "web"],
    )


def _closed(government: Tenant, now: datetime) -> str | None:
    """When the office opens again, if it is closed now."""
    calendar = government.calendar.as_known(now)
    if calendar.is_open(now):
        return None
    try:
        opens = calendar.next_open(now).astimezone(government.zone)
    except NoOpenTime:
        return None
    return _("Kantor buka lagi %(when)s; aduan tetap diterima.", when=saying.moment(opens, now))
