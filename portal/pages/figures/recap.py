"""The month's recap for officers: within what they may read, with each figure leading to its list."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Response, url_for

from portal.access import caller
from portal.api.registers import FILES, sheet_file
from portal.pages.figures import bars, months, years
from portal.pages.figures.sheets import month_sheet, year_sheet
from portal.pages.figures.tiles import finding, tiles
from portal.pages.frame import asked, saying
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import instant_at, now_at, page, pages
from portal.pages.officer import visits
from portal.pages.officer.words import choice_words
from portal.parts import parts
from shared.base.errors import NotFound
from shared.domain.calendar.duration import SECONDS
from shared.domain.sop.model import Sop
from shared.domain.tenants import Tenant

TARGET: Final = 0.85
"""The share in time that is drawn as a line."""

blueprint = pages("recap", __name__, "/<tenant>/rekap", first=(visits.require_visit,))


@blueprint.route("")
def present(tenant: str) -> Response:
    """The present month."""
    home = parts().runtime.tenants.get(tenant)
    return Response(status=303, headers={"Location": url_for("recap.shown", month=months.present(now_at(home)))})


@blueprint.route("/<month>")
def shown(tenant: str, month: str) -> Response:
    """A month or a year; a month beside another one if asked for (``banding``)."""
    if years.is_year(month):
        return years.officers_year(tenant, month)
    home = parts().runtime.tenants.get(tenant)
    month = months.month_of(month)
    with_month = asked.one("banding")
    other = months.month_of(with_month) if with_month else None
    parts().freshness.catch_up(tenant, "reporting")
    recap = parts().gateway.recap(tenant, month, None, caller())
    compared = parts().gateway.recap(tenant, other, None, caller()) if other else None
    now = now_at(home)
    return page(
        "figures/recap.html",
        desk=True,
        recap=recap,
        month=month,
        other=other,
        before=months.before(month),
        after=months.after(month) if month < months.present(now) else None,
        tiles=tiles(recap, compared),
        finding=finding(recap),
        figures=figures(recap, home),
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
    home = parts().runtime.tenants.get(tenant)
    parts().freshness.catch_up(tenant, "reporting")
    if years.is_year(period):
        told = parts().gateway.year(tenant, years.near(period, now_at(home)), caller())
        sheet = year_sheet({**told, "as_of": _as_of(told, home)}, home)
    else:
        recap = parts().gateway.recap(tenant, months.month_of(period), None, caller())
        sheet = month_sheet({**recap, "as_of": _as_of(recap, home)}, home)
    return sheet_file(sheet, f"rekap-{tenant}-{period}.{form}", form)


def _as_of(told: Mapping[str, Any], home: Tenant) -> str:
    return saying.moment(instant_at(told["as_of"], home), now_at(home))


def figures(recap: Mapping[str, Any], home: Tenant, *, public: bool = False) -> list[dict[str, Any]]:
    """The figures of a recap: a title, what is to be known of it, and its bars.

    :param public: for everybody, who cannot open the lists.
    """
    found = []
    unset = _("(belum ditentukan)")
    if not public:
        rule = _("Hanya waktu di tangan sendiri.")
        found.append(_figure(_("Tepat waktu menurut dinas"), rule, bars.in_time(recap["holders"], TARGET)))
    rule = _("Rata-rata waktu kerja; garis tegak: standar.")
    found.append(
        _figure(_("Di langkah mana waktu terpakai"), rule, bars.step_times(recap["steps"], _standards(home.sop)))
    )
    of_all = _("Bagian dari %(n)s aduan yang masuk.", n=saying.number(recap["filed"]))
    offices = bars.counts(recap["by_agency"], unset)
    categories = bars.counts(recap["by_category"], unset)
    if not public:
        offices = bars.with_addresses(offices, _lists(recap["by_agency"], "agency"))
        categories = bars.with_addresses(categories, _lists(recap["by_category"], "category"))
    found += [
        _figure(_("Menurut dinas"), of_all, offices),
        _figure(_("Tentang apa aduannya"), of_all, categories),
        _figure(_("Lewat mana masuknya"), of_all, bars.counts(_named(recap["by_channel"]), unset)),
        _figure(_("Menurut kecamatan"), of_all, bars.counts(recap["by_kecamatan"], unset)),
    ]
    if not public:
        returned = [{"id": why, "name": choice_words(why), "filed": count} for why, count in recap["returned"].items()]
        found.append(_figure(_("Dikembalikan, menurut sebabnya"), "", bars.counts(returned, unset)))
        rule = _("Saran yang sama dengan keputusan petugas; dinilai sebelum keputusannya diketahui.")
        found.append(_figure(_("Saran yang tepat"), rule, bars.hits(recap["suggestions"])))
    scores = recap["ratings"].get("scores") or {}
    if sum(scores.values()) >= bars.FEW or not public:
        rated = [{"id": score, "name": score, "filed": count} for score, count in scores.items()]
        found.append(_figure(_("Penilaian, 1 sampai 5"), "", bars.counts(rated, unset)))
    return [each for each in found if each["bars"]]


def _figure(title: str, rule: str, drawn: tuple[bars.Bar, ...]) -> dict[str, Any]:
    return {"title": title, "rule": rule, "bars": drawn}


def _standards(sop: Sop) -> dict[str, tuple[int, str]]:
    """The standards that can be measured in working seconds."""
    return {
        step.id: (step.within.seconds, saying.standard(step.within))
        for step in sop.steps
        if step.within is not None and step.within.unit in SECONDS and step.within.time == "working"
    }


def _named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Channels: the SOP's own names, else ours."""
    return [{**row, "name": row["name"] if row.get("name") != row["id"] else choice_words(row["id"])} for row in rows]


def _lists(rows: list[dict[str, Any]], name: str) -> dict[str, str]:
    """The list behind each row."""
    return {
        str(row.get("name") or row["id"]): url_for("everything.shown", **{name: row["id"]}) for row in rows if row["id"]
    }
