"""The procedure for citizens: who does what, in which time, and when the office is open."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from flask import Response

from portal.pages.frame import saying
from portal.pages.frame.drawings import drawn
from portal.pages.frame.language import language
from portal.pages.frame.page import listed, now_at, page, pages
from portal.pages.frame.promise import service_promise
from portal.parts import parts
from shared.domain.calendar.rules import Rules
from shared.domain.sop.drawing.svg import svg
from shared.domain.sop.vocabulary import SYSTEM

_DAYS_AHEAD: Final = 120
_WEEK: Final = 7

blueprint = pages("public", __name__, "/<tenant>")


@blueprint.route("/prosedur")
def procedure(tenant: str) -> Response:
    """The SOP in its own words, with each step's promise."""
    home = parts().home(tenant)
    now = now_at(home)
    rules = home.calendar.as_known(now).rules
    listed()
    return page(
        "public/procedure.html",
        sop=home.sop,
        promise=service_promise(home.sop),
        steps=[step for step in home.sop.steps if step.row is not None],
        added=[step for step in home.sop.steps if step.row is None and step.actor != SYSTEM],
        hours=list(_hours(rules, now.date())),
        closed=list(_closed(rules, now.date())),
        zone=saying.zone_name(home.zone),
    )


@blueprint.route("/prosedur/alur.svg")
def drawing(tenant: str) -> Response:
    """The flow as a drawing with swim lanes; as a picture it runs nothing, whatever stands in it."""
    return drawn(svg(parts().home(tenant).sop), "public, max-age=60")


@blueprint.route("/data-anda")
def your_data(tenant: str) -> Response:
    """What is kept of a reporter, who sees what, and how to have it corrected or erased."""
    del tenant
    listed()
    return page("public/your_data.html")


@blueprint.route("/aksesibilitas")
def accessibility(tenant: str) -> Response:
    """What works for whom, what does not, and whom to tell."""
    del tenant
    listed()
    return page("public/accessibility.html")


def _hours(rules: Rules, today: date) -> Iterator[tuple[str, str]]:
    """The opening hours of the coming seven days, as they usually are."""
    for ahead in range(_WEEK):
        day = today + timedelta(days=ahead)
        windows = rules.windows(day.toordinal())
        told = ", ".join("-".join(map(saying.time_of_day, (each.opens, each.closes))) for each in windows)
        yield saying.full_day(day), told


def _closed(rules: Rules, today: date) -> Iterator[dict[str, Any]]:
    """Days of the coming months that are closed by a decree."""
    for ahead in range(_DAYS_AHEAD):
        day = today + timedelta(days=ahead)
        closure = rules.closure(day.toordinal())
        if closure is not None:
            yield {"day": saying.full_day(day), "name": closure.name, "decree": closure.decree.cited(language())}
