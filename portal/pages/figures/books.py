"""The month's register as a file: printed, for a spreadsheet, or as plain rows."""

from typing import Final

from flask import Response

from portal.api.registers import register_file
from portal.pages.figures import months
from portal.pages.frame import asked
from portal.pages.frame.page import pages
from portal.pages.officer import visits
from portal.parts import parts
from shared.base.errors import NotFound

_FORMS: Final = ("xlsx", "pdf", "csv")

blueprint = pages("books", __name__, "/<tenant>/buku", first=(visits.require_visit,))


@blueprint.route("/<month>.<form>")
def register(tenant: str, month: str, form: str) -> Response:
    """The complaints of a month, one line each, with what the reader may see; of one channel if asked (``saluran``).

    :raises NotFound: for a form that we do not write.
    :raises Invalid: for a channel that the government does not have.
    """
    if form not in _FORMS:
        raise NotFound("no_such_page")
    parts().freshness.catch_up(tenant, "reporting")
    query = {"month": months.month_of(month), "register": None, "min_position": None}
    channel = asked.one("saluran")
    return register_file(tenant, {**query, **({"channel": channel} if channel else {})}, form)
