"""Twelve months beside one another, on one scale."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from flask import Response, url_for

from portal.access import caller
from portal.pages.figures import bars
from portal.pages.figures.drawing import TARGET
from portal.pages.figures.months_of_year import months_of_year
from portal.pages.frame import saying
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import instant_at, listed, now_at, page
from portal.parts import parts
from shared.base.errors import NotFound
from shared.base.whole_numbers import whole_number

_DIGITS: Final = 4
_SPAN: Final = 50


def is_year(name: str) -> bool:
    """Whether an address names a year."""
    return len(name) == _DIGITS and whole_number(name) is not None


def officers_year(tenant: str, name: str) -> Response:
    """A year as far as its reader may see it; each month leads to its recap."""
    parts().freshness.catch_up(tenant, "reporting")
    told = parts().gateway.year(tenant, name, caller())
    return _page(tenant, name, told, "recap.shown", public=False)


def everybodys_year(tenant: str, name: str) -> Response:
    """A year without what could point at somebody."""
    listed()
    return _page(tenant, name, parts().gateway.public_year(tenant, name), "kinerja.shown", public=True)


def near(name: str, now: datetime) -> str:
    """A year that complaints can be of.

    :raises NotFound: if it is none.
    """
    if abs(int(name) - now.year) > _SPAN:
        raise NotFound("no_such_page")
    return name


def _page(tenant: str, name: str, told: Mapping[str, Any], endpoint: str, *, public: bool) -> Response:
    home = parts().home(tenant)
    now = now_at(home)
    near(name, now)
    months = told["months"]
    addresses = {saying.month(each["id"]): url_for(endpoint, month=each["id"]) for each in months}
    named = [{**each, "name": saying.month(each["id"])} for each in months]
    filed = bars.with_addresses(bars.counts(named, "", len(named)), addresses)
    in_time = bars.with_addresses(_in_time(named), addresses)
    figures = [
        {"title": _("Aduan masuk tiap bulan"), "rule": _("Dua belas bulan pada satu skala."), "bars": filed},
        {
            "title": _("Selesai dalam batas waktu"),
            "rule": _("Bagian dari yang sudah dapat dinilai; garis tegak: sasaran."),
            "bars": in_time,
        },
    ]
    return page(
        "figures/year.html" if public else "figures/officers_year.html",
        desk=not public,
        year=name,
        figures=[each for each in figures if each["bars"]],
        finding=_finding(months),
        before=url_for(endpoint, month=str(int(name) - 1)),
        after=url_for(endpoint, month=str(int(name) + 1)) if int(name) < now.year else None,
        as_of=saying.moment(instant_at(told["as_of"], home), now),
        agency=told["agency"],
        listed=() if public else months_of_year(home, months, now),
    )


def _in_time(months: list[dict[str, Any]]) -> tuple[bars.Bar, ...]:
    found = []
    for each in months:
        if not each["filed"]:
            continue
        decided = each["within_standard"] + each["beyond_standard"]
        if decided:
            found.append(bars.share_of(each["name"], each["within_standard"], decided, TARGET))
    return tuple(found)


def _finding(months: list[dict[str, Any]]) -> str:
    """The year in one sentence; of what is hidden nothing is summed."""
    known = [each for each in months if each["filed"]]
    hidden = any(each["filed"] is None for each in months)
    if not known and not hidden:
        return _("Belum ada aduan di tahun ini.")
    filed = sum(each["filed"] for each in known)
    told = saying.number(filed)
    if hidden:
        return _("Paling sedikit %(n)s aduan; bulan dengan kurang dari lima tidak dihitung.", n=told)
    decided = sum(each["within_standard"] + each["beyond_standard"] for each in known)
    met = sum(each["within_standard"] for each in known)
    if not decided:
        return _("%(n)s aduan masuk.", n=told)
    return _("%(n)s aduan masuk; %(share)s selesai dalam batas waktu.", n=told, share=saying.share(met / decided))
