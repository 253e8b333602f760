"""Books and lists: the registers that an SOP wants kept, and the search over all complaints."""

from collections.abc import Callable
from typing import Any, Final

from flask import Response

from portal.access import caller, require_officer
from portal.api import PREFIX
from portal.documented import Documented, answer
from portal.gateway import PageAsked
from portal.in_threads import InThreads
from portal.parts import parts
from portal.register_queries import FORMATS, RegisterQuery, SearchQuery
from portal.shapes import DrawnShape, FoundShape, RecapShape, RegisterShape
from shared.base.errors import Invalid
from shared.wording.sheets.csv_sheet import as_csv
from shared.wording.sheets.pdf_sheet import as_pdf
from shared.wording.sheets.register_sheet import register_sheet
from shared.wording.sheets.sheet import Sheet
from shared.wording.sheets.xlsx_sheet import as_xlsx

blueprint = Documented("registers", __name__, url_prefix=f"{PREFIX}/<tenant>", description="With a bearer token")
blueprint.before_request(require_officer)

MOST_ROWS: Final = 20_000
"""The most rows of a register that is written as one file."""

_WRITING: Final = InThreads(2)
"""Of tables: a month of a large government takes seconds, a core and the memory of its rows, and log-ins need the same
threads.
"""

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILES: Final[dict[str, tuple[str, Callable[[Sheet], bytes | str]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": (_XLSX, as_xlsx),
    "pdf": ("application/pdf", as_pdf),
}
assert ("json", *FILES) == FORMATS  # noqa: S101 - the query knows what we write


@blueprint.route("/dossiers")
@blueprint.arguments(SearchQuery(), location="query")
@blueprint.answers(200, FoundShape, 401, 403, 404, 422, 503, secured=True)
def search(query: dict[str, Any], tenant: str) -> Response:
    """Find complaints by anything that is known of them, the latest filed first; without a filter, all of them."""
    parts().freshness.catch_up(tenant, "reporting")
    page = PageAsked.of(query)
    wanted = {name: value for name, value in query.items() if name not in page.to_dict()}
    return answer(parts().gateway.search(tenant, wanted, page, caller()))


@blueprint.route("/register")
@blueprint.arguments(RegisterQuery(), location="query")
@blueprint.answers(200, RegisterShape, 401, 403, 404, 422, 503, secured=True)
def register(query: dict[str, Any], tenant: str) -> Response:
    """The complaints of a month, one line each, with what the reader may see: a page of JSON, or a whole file."""
    parts().freshness.catch_up(tenant, "reporting")
    form = query.pop("format")
    if form == "json":
        return answer(parts().gateway.register(tenant, query, caller()))
    return register_file(tenant, query, form)


def register_file(tenant: str, query: dict[str, Any], form: str) -> Response:
    """A month's whole register as a file.

    :param query: as the service takes it.
    :param form: one of those that are files.
    :raises Invalid: if the month has more rows than one file should.
    """
    whole = _whole(tenant, query)
    by = f"-{whole['channel']}" if whole.get("channel") else ""  # none of a service of the version before
    return sheet_file(register_sheet(whole), f"register-{tenant}-{query['month']}{by}.{form}", form)


def sheet_file(sheet: Sheet, name: str, form: str) -> Response:
    """A table to be kept.

    :param name: of the file.
    :param form: one of :data:`FILES`.
    """
    content_type, write = FILES[form]
    return Response(
        _WRITING.do(write, sheet),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@blueprint.route("/recaps")
@blueprint.answers(200, DrawnShape, 401, 403, 404, 422, 503, secured=True)
def drawn(tenant: str) -> Response:
    """The months whose recaps have been drawn up, the latest first."""
    return answer(parts().gateway.drawn(tenant, None, caller()))


@blueprint.route("/recaps/<month>")
@blueprint.answers(200, RecapShape, 401, 403, 404, 422, 503, secured=True)
def drawn_recap(tenant: str, month: str) -> Response:
    """The recap of a month as it was drawn up on the first working day after it."""
    return answer(parts().gateway.drawn(tenant, month, caller()))


def _whole(tenant: str, query: dict[str, Any]) -> dict[str, Any]:
    """All pages as one.

    :raises Invalid: if the month has more rows than one file should.
    """
    asked = {**query, "after": None, "limit": None}
    page = parts().gateway.register(tenant, asked, caller())
    rows = list(page["rows"])
    while page["next"] is not None:
        if len(rows) >= MOST_ROWS:
            raise Invalid("invalid_fields", fields={"format": ["too_many_rows"]})
        page = parts().gateway.register(tenant, {**asked, "after": page["next"]}, caller())
        rows += page["rows"]
    return {**page, "rows": rows}
