"""Open data: the figures and the published summaries as files that programs read, without personal data."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from flask import Response

from portal.pages.figures import months
from portal.pages.figures.years import is_year
from portal.pages.frame import saying
from portal.pages.frame.page import listed, now_at, page, pages
from portal.parts import parts
from shared.base.errors import Invalid, NotFound
from shared.wording.sheets.csv_sheet import csv_lines
from shared.wording.sheets.sheet import Cell

_SHOWN: Final = 12
_PAGE: Final = 200
_MOST: Final = 20_000
_GROUPS: Final = ("by_agency", "by_category", "by_channel", "by_kecamatan")
_TOTALS: Final = ("filed", "answered", "open", "wrong_dispositions", "reopened")
_COUNTS: Final = ("filed", "answered", "within_standard", "beyond_standard")
_ITEM: Final = (
    *("ticket", "summary", "public_answer", "category", "kecamatan", "desa", "agency", "agency_name", "status"),
    *("filed_on", "answered_on", "days", "published_on"),
)
_YEAR: Final = ("id", "filed", "answered", "within_standard", "beyond_standard", "wrong_dispositions", "reopened")

blueprint = pages("data", __name__, "/<tenant>/data")


@blueprint.route("/", strict_slashes=False)
def shown(tenant: str) -> Response:
    """What there is, what its fields mean, and on which terms."""
    home = parts().home(tenant)
    present = months.present(now_at(home))
    names = [present]
    while len(names) < _SHOWN:
        names.append(months.before(names[-1]))
    listed()
    return page(
        "public/data.html",
        months=[(each, saying.month(each)) for each in names],
        years=sorted({each[:4] for each in names}, reverse=True),
        fields=_ITEM,
        counts=_COUNTS,
    )


@blueprint.route("/rekap-<period>.<form>")
def recap(tenant: str, period: str, form: str) -> Response:
    """A month's or a year's figures: counts under five are blank.

    :raises NotFound: for a period or a form that there is not.
    """
    write = _written(form)
    if is_year(period):
        told = parts().gateway.public_year(tenant, period)
        return _file(f"rekap-{tenant}-{period}", form, write(told, _year_rows(told)))
    told = parts().gateway.public_recap(tenant, months.month_of(period))
    return _file(f"rekap-{tenant}-{period}", form, write(told, _month_rows(told)))


@blueprint.route("/aduan-umum-<month>.<form>")
def published(tenant: str, month: str, form: str) -> Response:
    """The published summaries of complaints that were filed in a month.

    :raises NotFound: for a month or a form that there is not.
    :raises Invalid: if the month has more of them than one file should.
    """
    write = _written(form)
    found = list(_items(tenant, months.month_of(month)))
    rows: list[list[Cell]] = [list(_ITEM), *([each[name] for name in _ITEM] for each in found)]
    return _file(f"aduan-umum-{tenant}-{month}", form, write({"month": month, "items": found}, rows))


def _items(tenant: str, month: str) -> Iterator[dict[str, Any]]:
    parts().freshness.catch_up(tenant, "reporting")
    after, count = None, 0
    while True:
        if count >= _MOST:
            raise Invalid("invalid_fields", fields={"month": ["too_many_rows"]})
        found = parts().gateway.published(tenant, {"month": month}, after=after, limit=_PAGE)
        yield from found["items"]
        count += len(found["items"])
        after = found["next"]
        if after is None:
            return


def _month_rows(told: Mapping[str, Any]) -> list[list[Cell]]:
    """One line for each figure: which list it belongs to, what it is of, and the counts."""
    rows: list[list[Cell]] = [["month", "part", "id", "name", *_COUNTS]]
    if told["few"]:
        return rows
    within = told["within_standard"]
    rows.append([told["month"], "total", None, None, told["filed"], told["answered"], within["met"], within["missed"]])
    rows += [[told["month"], name, None, None, told[name], None, None, None] for name in _TOTALS[2:]]
    for part in _GROUPS:
        for each in told[part]:
            counts = [each.get(name) for name in _COUNTS]
            rows.append([told["month"], part, each["id"], each.get("name"), *counts])
    for each in told.get("own_hands", ()):
        kept = (None, None, each["in_time"], each["late"])
        rows.append([told["month"], "own_hands", each["id"], each["name"], *kept])
    return rows


def _year_rows(told: Mapping[str, Any]) -> list[list[Cell]]:
    return [["month", *_YEAR[1:]], *([each[name] for name in _YEAR] for each in told["months"])]


Write = Callable[[Mapping[str, Any], list[list[Cell]]], str]


def _written(form: str) -> Write:
    """How a form is written.

    :raises NotFound: if we do not write it.
    """
    if form == "csv":
        return lambda _told, rows: csv_lines(rows)
    if form == "json":
        return lambda told, _rows: json.dumps(told, ensure_ascii=False, indent=1)
    raise NotFound("no_such_page")


def _file(name: str, form: str, content: str) -> Response:
    kind = "text/csv" if form == "csv" else "application/json"
    response = Response(content, content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "public, max-age=60"
    return response
