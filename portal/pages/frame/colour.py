"""A government's own colour, as a sheet beside the one that all pages share."""

from typing import Final

from flask import Response
from werkzeug.exceptions import NotFound

from portal.pages.frame.caching import FOR_GOOD
from portal.pages.frame.page import pages
from portal.parts import parts
from shared.domain.colour import Colour
from shared.domain.tenants import Tenant

_USUAL: Final = Colour("#0b5345")
"""As in ``aduan.css``."""

blueprint = pages("colour", __name__, "/<tenant>/warna")


def of_pages(home: Tenant) -> Colour:
    """The colour that a government's pages bear."""
    return home.colour or _USUAL


@blueprint.route("/<digits>.css")
def sheet(tenant: str, digits: str) -> Response:
    """The sheet, for good: another colour has another address.

    :param digits: of the colour, behind its ``#``.
    """
    colour = of_pages(parts().home(tenant))
    if colour.own != f"#{digits}":
        raise NotFound
    response = Response(_sheet(colour), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = FOR_GOOD
    return response


def _sheet(colour: Colour) -> str:
    own = {"": colour.own, "-soft": colour.soft, "-line": colour.line, "-deep": colour.deep}
    return f":root {{ {' '.join(f'--brand{name}: {value};' for name, value in own.items())} }}\n"
