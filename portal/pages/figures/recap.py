"""The month's recap for officers: within what they may read, with each figure leading to its list."""

from collections.abc import Mapping
from typing import Any

from flask import Response, url_for

from portal.access import caller
from portal.api.registers import FILES, sheet_file
from portal.pages.figures import months, years
from portal.pages.figures.drawing import figures, named_channels, spread_of
from portal.pages.figures.sheets import month_sheet, year_sheet
from portal.pages.figures.tiles import finding, tiles, with_lists
from portal.pages.frame import asked, saying
from portal.pages.frame.page import instant_at, now_at, page, pages
from portal.pages.officer import visits
from portal.parts import parts
from shared.base.errors import NotFound
from shared.domain.tenants import Tenant

blueprint = pages("recap", __name__, "/<tenant>/rekap", first=(visits.require_visit,))


@blueprint.route("")
def present(tenant: str) -> Response:
    """The present month."""
    home = parts().home(tenant)
    return Response(status=303, headers={"Location": url_for("recap.shown", month=months.present(now_at(home)))})


@blueprint.route("/<month>")
def shown(tenant: str, month: str) -> Response:
    """A month or a year; a month beside another one if asked for (``banding``), offices in the order of
    their shares with ``urut=bagian``.
    """
    if years.is_year(month):
        return years.officers_year(tenant, month)
    home = parts().home(tenant)
    month = months.month_of(month)
    with_month = asked.one("banding")
    other = months.month_of(with_month) if with_month else None
    by_share = asked.choice("urut", ("bagian",)) is not None
    parts().freshness.catch_up(tenant, "reporting")
    recap = parts().gateway.recap(tenant, month, None, caller())
    compared = parts().gateway.recap(tenant, other, None, caller()) if other else None
    now = now_at(home)
    return page(
        "figures/recap.html",
        desk=True,
        recap=recap,
        channels=[(each["id"], each["name"]) for each in named_channels(recap["by_channel"])],
        month=month,
        other=other,
        before=months.before(month),
        after=months.after(month) if month < months.present(now) else None,
        tiles=with_lists(tiles(recap, compared), month),
        finding=finding(recap),
        figures=figures(recap, home, spread=spread_of(tenant, month, caller()), other=compared, by_share=by_share),
        as_of=saying.moment(instant_at(recap["as_of"], home), now),
        provisional=recap["open"] or month == months.present(now),
    )


@blueprint.route("/<period>.<form>")
def file(tenant: str, period: str, form: str) -> Response:
    """A month or a year as a file: printed, for a spreadsheet, or as plain rows.

    :raises NotFound: for a period or a form that there is not.
    """
    if form not in FILES:
        raise NotFound("no_such_page")
    home = parts().home(tenant)
    parts().freshness.catch_up(tenant, "reporting")
    if years.is_year(period):
        told = parts().gateway.year(tenant, years.near(period, now_at(home)), caller())
        sheet = year_sheet({**told, "as_of": _as_of(told, home)}, home)
    else:
        recap = parts().gateway.recap(tenant, months.month_of(period), None, caller())
        sheet = month_sheet({**recap, "as_of": _as_of(recap, home)}, home, spread_of(tenant, period, caller()))
    return sheet_file(sheet, f"rekap-{tenant}-{period}.{form}", form)


def _as_of(told: Mapping[str, Any], home: Tenant) -> str:
    return saying.moment(instant_at(told["as_of"], home), now_at(home))
