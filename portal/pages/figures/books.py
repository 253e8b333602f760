"""The month's register as a file: printed, for a spreadsheet, or as plain rows."""

from typing import Final

from flask import Response

from portal.api.registers import register_file
from portal.pages.figures import months
from portal.pages.frame.page import pages
from portal.pages.officer import visits
from portal.parts import parts
from shared.base.errors import NotFound

_FORMS: Final = ("xlsx", "pdf", "csv")

blueprint = pages("books", __name__, "/<tenant>/buku", first=(visits.require_visit,))


@blueprint.route("/<month>.<form>")
def register(tenant: str, month: str, form: str) -> Response:
    """The complaints of a month, one line each, with what the reader may see.

    :raises NotFound: for a form that we do not write.
    """
    if form not in _FORMS:
        raise NotFound("no_such_page")
    parts().freshness.catch_up(tenant, "reporting")
    return register_file(tenant, {"month": months.month_of(month), "register": None, "min_position": None}, form)
