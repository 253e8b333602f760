"""All governments at a glance, for whoever administers the installation: what waits, what is late, what runs behind."""

from typing import Any, Final

from flask import Response

from portal.access import caller
from portal.pages.frame import saying
from portal.pages.frame.page import instant_at, now_at, page, pages
from portal.pages.officer import visits
from portal.pages.officer.accounts import require_administrator
from portal.parts import parts
from shared.base.errors import AduanError
from shared.domain.sop.vocabulary import REPORTER, SYSTEM
from shared.domain.tenants import Tenant
from shared.store.eventstore.reading import head
from shared.store.projection.lag import low_water

_COMMANDS: Final = {
    "dead": "aduan dead list",
    "audit": "aduan audit verify",
    "ready": "/readyz",
    "metrics": "/metrics",
}
_PROJECTED: Final = ("routing", "reporting", "sla", "notify", "intake")


blueprint = pages("pusat", __name__, "/pusat", first=(visits.require_center, require_administrator))


@blueprint.route("/", strict_slashes=False)
def shown() -> Response:
    """Every government with what is open and late there; the tables that lag; how the clock goes."""
    every = parts().runtime.tenants.all()
    return page(
        "center.html",
        rows=[_row(home) for home in every],
        lags=_lags(),
        commands=_COMMANDS,
        clock="simulated" if parts().simulation is not None else "real",
    )


def _row(home: Tenant) -> dict[str, Any]:
    """What lies there; none of the figures where its service does not answer."""
    told: dict[str, Any] = {"home": home, "open": None, "late": None, "waiting": None, "oldest": None}
    try:
        cells = parts().gateway.board(home.id, caller())["cells"]
    except AduanError:
        return told
    desks = [cell for cell in cells if cell["actor"] not in (REPORTER, SYSTEM)]
    due = min((cell["oldest_due_at"] for cell in desks if cell["oldest_due_at"]), default=None)
    now = now_at(home)
    return {
        **told,
        "open": sum(cell["open"] for cell in desks),
        "late": sum(cell["late"] for cell in desks),
        "waiting": sum(cell["open"] for cell in cells if cell["actor"] == REPORTER),
        "oldest": saying.brief(instant_at(due, home), now) if due else None,
    }


def _lags() -> list[tuple[str, int]]:
    """How many events of the log each service's tables have not taken in yet."""
    with parts().runtime.database.autocommit() as cursor:
        latest = head(cursor)
        return [(name, max(0, latest - low_water(cursor, name, note=False))) for name in _PROJECTED]
