"""The government's calendar: a year's closed days, working weeks and other hours, and the decrees behind them."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from flask import Response, url_for

from portal.access import caller
from portal.pages.frame import asked, saying
from portal.pages.frame.language import gettext as _
from portal.pages.frame.language import language
from portal.pages.frame.page import now_at, page, pages
from portal.pages.officer import decrees, visits
from portal.parts import parts
from shared.base.errors import NotFound
from shared.base.whole_numbers import whole_number
from shared.domain.calendar.records import CLOSURE_KINDS, Decree, PeriodRecord
from shared.domain.calendar.rules import Rules
from shared.domain.calendar.working import WorkingCalendar

_YEARS: Final = 50

blueprint = pages("kalender", __name__, "/<tenant>/kelola/kalender", first=(visits.require_visit,))


@blueprint.route("")
def shown(tenant: str) -> Response:
    """The present year, or the one asked for (``tahun``), by what is known now."""
    home = parts().home(tenant)
    now = now_at(home)
    said = asked.one("tahun") or str(now.year)
    year = (whole_number(said) if len(said) == len(str(now.year)) else None) or 0
    if abs(year - now.year) > _YEARS:
        raise NotFound("no_such_page")
    calendar = home.calendar.as_known(now)
    return page(
        "officer/almanac.html",
        desk=True,
        year=year,
        closures=_closures(calendar.rules, year),
        hours=_hours(calendar.rules, year),
        decrees=[_decree(each, calendar.decrees) for each in reversed(calendar.decrees)],
        version=calendar.version,
        rule=_rule(calendar),
        zone=saying.zone_name(home.zone),
        before=url_for("kalender.shown", tahun=year - 1),
        after=url_for("kalender.shown", tahun=year + 1),
        drafts=decrees.kept(home) if caller().admin else None,
        done=_done(),
    )


def _done() -> str | None:
    said = {
        "disetujui": _("Disetujui. Yang dimulai sesudah ini memakai kalender baru; janji yang sudah dibuat tetap."),
        "batal": _("Usulan tidak diberlakukan. Kalender tidak berubah."),
    }
    return asked.done(said)


def _closures(rules: Rules, year: int) -> list[dict[str, Any]]:
    return [
        {
            "day": saying.full_day(each.day),
            "name": each.name,
            "kind": CLOSURE_KINDS[each.kind][language()],
            "decree": each.decree.cited(language()),
        }
        for each in rules.closures(date(year, 1, 1), date(year, 12, 31))
    ]


def _hours(rules: Rules, year: int) -> list[dict[str, Any]]:
    """The weeks and periods that hold in a year, in the order in which they begin to."""
    found: list[dict[str, Any]] = []
    last: object = None
    for ordinal in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1):
        record = rules.hours(ordinal)
        if record is None or record is last:
            continue
        last = record
        name = record.name if isinstance(record, PeriodRecord) else _("Jam kerja biasa")
        days = [(saying.weekday(date(2024, 1, day + 1)), _windows(record.week, day)) for day in range(7)]
        since = saying.full_day(date.fromordinal(ordinal))
        found.append({"name": name, "since": since, "days": days, "decree": record.decree.cited(language())})
    return found


def _windows(week: Any, day: int) -> str:
    told: Iterable[str] = list(week.as_text().values())[day]
    return ", ".join(told)


def _decree(decree: Decree, every: Iterable[Decree]) -> dict[str, Any]:
    by = next((other for other in every if decree.id in other.supersedes), None)
    return {
        "cited": decree.cited(language()),
        "known": saying.full_day(decree.known_from),
        "by": ", ".join(decree.approved_by),
        "confirmed": decree.confirmed,
        "superseded": by.cited(language()) if by is not None else None,
        "note": decree.note,
    }


def _rule(calendar: WorkingCalendar) -> str:
    if calendar.settings.working_day_rule == "after_receipt":
        return _("Tenggat hari kerja dihitung sesudah hari penerimaan.")
    return _("Hari penerimaan dihitung sebagai hari kerja pertama.")
