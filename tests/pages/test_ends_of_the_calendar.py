"""The first and the last day that can be reckoned with, wherever a date is asked for: refused by name, or of no use."""

from datetime import UTC
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from services.routing.arranging_fields import until_of
from shared.base.errors import Invalid
from tests.journey.installation import ADMIN, Api, officer
from tests.pages.desks import Desks, filed

DAYS: Final = ("0001-01-01", "0001-01-02", "9999-12-30", "9999-12-31", "0000-01-01")
INSTANTS: Final = (
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-12:00",
    *DAYS,
)
MONTHS: Final = ("0001-01", "9999-12", "0000-01", "0000-12")
YEARS: Final = ("0001", "9999", "0000")
WITHIN: Final = (200, 201, 400, 404, 409, 422)


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Jayapura", "America/Los_Angeles"])
@pytest.mark.parametrize("text", INSTANTS)
def test_an_end_of_a_leave_is_an_instant_or_refused_by_name(text: str, zone: str) -> None:
    """Whatever the zone."""
    told: object
    try:
        told = until_of(text, ZoneInfo(zone)).tzinfo
    except Invalid as error:
        told = error.fields

    assert told in (UTC, {"until": ["not_an_instant"]})


def test_programs_are_answered(api: Api) -> None:
    """Search, register, figures, what was published, a leave, a filing, the clock."""
    receipt = filed(api)
    assert api.act(officer("cilacap", "coordinator"), receipt["id"], "dispose", agency="dpupr").ok
    desk, agency = officer("cilacap", "coordinator"), officer("cilacap", "operator", "dpupr")
    leave = {"kind": "pause", "why": "goods", "reason": "Aspal belum datang"}
    asked: list[tuple[str, Any]] = [
        *(
            (f"search {name} {day}", api.call("GET", "/cilacap/dossiers", desk, params={name: day}))
            for name in ("since", "until")
            for day in DAYS
        ),
        *((f"leave {at}", api.act(agency, receipt["id"], "ask_leave", **leave, until=at)) for at in INSTANTS),
        *(
            (f"filed {at}", api.call("POST", "/cilacap/complaints", json={"message": "Lampu", "occurred_at": at}))
            for at in INSTANTS
        ),
        *((f"clock {at}", api.call("POST", "/clock", ADMIN, json={"to": at})) for at in INSTANTS if at[0] == "0"),
        *(
            (f"{path} {month}", api.call("GET", f"/cilacap/{path}", desk, params={"month": month}))
            for path in ("register", "published")
            for month in MONTHS
        ),
        *((f"recap {month}", api.call("GET", f"/cilacap/recaps/{month}", desk)) for month in MONTHS),
    ]
    wrong = {what: found.status_code for what, found in asked if found.status_code not in WITHIN}

    assert {} == wrong
    assert all(found.status_code != 200 or "leave" not in what for what, found in asked)


def test_pages_are_shown(api: Api, desks: Desks) -> None:
    """Books, recaps, figures, open data, the calendar, days of absence, the time at which a letter came in."""
    somebody, chief = desks.enter("cilacap", "coordinator"), desks.administrator("cilacap")
    months = ("rekap/{}", "buku/{}.csv", "kinerja/{}", "data/rekap-{}.csv", "data/aduan-umum-{}.csv", "umum?bulan={}")
    paths = [each.format(month) for each in months for month in MONTHS]
    paths += [each.format(year) for each in ("rekap/{}", "kinerja/{}", "data/rekap-{}.csv") for year in YEARS]
    paths += [f"rekap/2026-10?banding={month}" for month in MONTHS]
    paths += [f"semua?{name}={day}" for name in ("since", "until") for day in DAYS]
    found = {path: somebody.session.get(f"{api.address}/cilacap/{path}", timeout=60).status_code for path in paths}
    found |= {f"kalender {year}": chief.get(f"/cilacap/kelola/kalender?tahun={year}").status for year in YEARS}
    account = somebody.get("/cilacap/akun")
    for first, last in [*zip(DAYS, DAYS, strict=True), ("0001-01-01", "9999-12-31")]:
        away = somebody.send(account, "/berhalangan", **{"from": first, "to": last, "deputy": "", "back": None})
        found[f"away {first}"] = away.status
        back = somebody.send(account, "/berhalangan", **{"from": "", "to": "", "deputy": "", "back": first})
        found[f"back {first}"] = back.status
    form = somebody.get("/cilacap/daftarkan")
    for at in ("0001-01-01T00:00", "9999-12-31T23:59"):
        found[f"in {at}"] = somebody.send(form, "/daftarkan", message="Lampu padam", occurred_at=at).status

    assert {} == {what: status for what, status in found.items() if status not in WITHIN}
