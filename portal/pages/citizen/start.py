"""The first pages: which governments there are, and what one of them offers."""

from datetime import datetime

from flask import Response, url_for

from portal.pages.demo import demo
from portal.pages.figures import months
from portal.pages.frame import saying
from portal.pages.frame.demonstrated import demo_is_played
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import listed, now_at, page, pages
from portal.pages.frame.promise import service_promise
from portal.pages.frame.rendering import finished
from portal.parts import parts
from shared.domain.calendar.errors import NoOpenTime
from shared.domain.tenants import Tenant

blueprint = pages("citizen", __name__, "/<government:tenant>")


def governments() -> Response:
    """All governments of the installation, and what a demo shows beside them; where there is only one, its own page."""
    every, shown = parts().every.all(), demo()
    if len(every) == 1 and shown is None:
        return finished(Response(status=302, headers={"Location": url_for("citizen.start", tenant=every[0].id)}))
    listed()
    return finished(
        page("citizen/governments.html", governments=every, demo=shown, desk=shown is not None, played=demo_is_played())
    )


@blueprint.route("/", strict_slashes=False)
def start(tenant: str) -> Response:
    """What one can do here, and what is promised."""
    government = parts().home(tenant)
    now = now_at(government)
    listed()
    return page(
        "citizen/start.html",
        promise=service_promise(government.sop),
        closed=closed_until(government, now),
        figures=_figures(tenant, month := months.before(months.present(now))),
        month=saying.month(month),
        scripts=("antre.js", "app.js"),
        channels=[channel for channel in government.sop.channels if channel.id != "web"],
    )


def _figures(tenant: str, month: str) -> list[tuple[str, str]]:
    """Three of the last month's; none where they would be too few to be told, or cannot be had now."""
    recap = parts().front_figures.of(tenant, month, parts().gateway.public_recap)
    if recap is None:
        return []
    within = {} if recap["few"] else recap["within_standard"]
    if not within or within["met"] is None or not within["met"] + (within["missed"] or 0):
        return []
    return [
        (_("aduan masuk"), saying.number(recap["filed"])),
        (_("sudah dijawab"), saying.number(recap["answered"])),
        (_("dalam batas waktu"), saying.share(within["met"] / (within["met"] + (within["missed"] or 0)))),
    ]


def closed_until(government: Tenant, now: datetime) -> str | None:
    """When the office opens again; none while it is open, or where no time of opening is known.

    :param now: in the government's zone.
    """
    calendar = government.calendar.as_known(now)
    if calendar.is_open(now):
        return None
    try:
        opens = calendar.next_open(now).astimezone(government.zone)
    except NoOpenTime:
        return None
    return _("Kantor buka lagi %(when)s; aduan tetap diterima.", when=saying.moment(opens, now))
