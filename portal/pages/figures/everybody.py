"""The figures of a month for everybody."""

from typing import Any

from flask import Response, url_for

from portal.pages.figures import months, years
from portal.pages.figures.drawing import figures, spread_of
from portal.pages.figures.tiles import finding, tiles
from portal.pages.frame import saying
from portal.pages.frame.page import instant_at, listed, now_at, page, pages
from portal.parts import parts

blueprint = pages("kinerja", __name__, "/<tenant>/kinerja")


@blueprint.route("")
def latest(tenant: str) -> Response:
    """The last month that is over."""
    home = parts().home(tenant)
    month = months.before(months.present(now_at(home)))
    return Response(status=303, headers={"Location": url_for("kinerja.shown", month=month)})


@blueprint.route("/<month>")
def shown(tenant: str, month: str) -> Response:
    """A month or a year: offices and not people, and nothing of fewer than five."""
    if years.is_year(month):
        return years.everybodys_year(tenant, month)
    home = parts().home(tenant)
    now = now_at(home)
    recap = parts().gateway.public_recap(tenant, months.month_of(month))
    listed()
    shared: dict[str, Any] = {
        "recap": recap,
        "month": month,
        "before": months.before(month),
        "after": months.after(month) if month < months.present(now) else None,
    }
    if recap["few"]:
        return page("figures/public.html", **shared)
    return page(
        "figures/public.html",
        **shared,
        tiles=tiles(recap, None),
        finding=finding(recap),
        figures=figures(recap, home, spread=spread_of(tenant, month, None), public=True),
        as_of=saying.moment(instant_at(recap["as_of"], home), now),
        provisional=recap["open"] or month == months.present(now),
    )
