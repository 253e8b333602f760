"""An administrator's page of the offices: who holds which desk, how it is reached, what lies there."""

from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from cli.installation import running
from portal.pages.officer.staffing import ALL_AWAY, NOBODY, UNKNOWN, UNREACHED, HeldDesk, StaffedOffice, Staffing
from shared.application.identity.people import People, StaffMember
from shared.domain.all_tenants import Tenants
from shared.domain.contacts import Contact, Contacts, OfficePeople, Unit
from shared.domain.tenants import Tenant
from shared.platform.settings import Settings
from tests.fixtures.office import START
from tests.journey.installation import Api
from tests.pages.desks import Desks
from tests.pages.screen import Screen

UNTIL: Final = date(2026, 10, 9)
PATH: Final = "/cilacap/kelola/instansi"


def _home(contacts: Contacts, email: str | None) -> Tenant:
    """Cilacap with one office, reached as given."""
    home = Tenants(Settings.from_environment({}).tenants_dir).get("cilacap")
    people = OfficePeople(contacts, (Unit("bidang_a", "Bidang A", (Contact(phone="0811"),)),))
    return replace(home, agencies=(replace(home.agency("dinkes"), email=email, people=people),))


def _held(name: str = "ani", **changes: object) -> StaffMember:
    ani = StaffMember(
        name, "head", "dinkes", disabled=False, by_email=False, by_phone=False, away_until=None, deputy=None
    )
    return replace(ani, **changes)  # type: ignore[arg-type]


def _desk(offices: tuple[StaffedOffice, ...], office: str, actor: str = "head") -> HeldDesk:
    return next(desk for each in offices if each.id == office for desk in each.desks if desk.actor == actor)


_MAIL: Final[Contacts] = {"head": (Contact(email="kepala@dinkes.example"),)}
_PHONE: Final[Contacts] = {"head": (Contact(phone="0811111111"),)}
_AWAY: Final = _held(by_email=True, away_until=UNTIL)
_Case = tuple[Contacts, str | None, tuple[StaffMember, ...], bool, tuple[str, ...]]
_CASES: Final[dict[str, _Case]] = {
    "held, and written to": (_MAIL, None, (_held(),), False, ()),
    "held by a shut account": (_MAIL, None, (_held(disabled=True),), False, (NOBODY,)),
    "held by nobody, no contact": ({}, None, (), False, (NOBODY, UNREACHED)),
    "only the office's mailbox": ({}, "dinkes@cilacap.example", (_held(),), False, ()),
    "only a number, no SMS": (_PHONE, None, (_held(),), False, (UNREACHED,)),
    "only a number, with SMS": (_PHONE, None, (_held(),), True, ()),
    "an officer's own mailbox": ({}, None, (_held(by_email=True),), False, ()),
    "away, nobody stands in": ({}, None, (_AWAY,), False, (ALL_AWAY, UNREACHED)),
    "away, a deputy stands in": (
        {},
        None,
        (replace(_AWAY, deputy="budi"), _held("budi", actor="liaison", by_email=True)),
        False,
        (),
    ),
    "away, the deputy's account is shut": (
        _MAIL,
        None,
        (replace(_AWAY, deputy="budi"), _held("budi", actor="liaison", disabled=True)),
        False,
        (ALL_AWAY,),
    ),
    "two stand in for each other": (
        _MAIL,
        None,
        (replace(_AWAY, deputy="budi"), _held("budi", away_until=UNTIL, deputy="ani")),
        False,
        (ALL_AWAY,),
    ),
}


@pytest.mark.parametrize("case", _CASES)
def test_what_is_amiss_at_a_desk_is_marked(case: str) -> None:
    """By who holds it, who is there today, and what leads a letter to it."""
    contacts, email, staff, phones_told, marks = _CASES[case]

    desk = _desk(Staffing(_home(contacts, email), staff, {}, phones_told).offices(), "dinkes")

    assert marks == desk.marks


def test_an_office_that_is_gone_is_shown_while_something_is_left_of_it() -> None:
    """An open account or a task; whoever holds a desk there is written to no more. A shut account shows none."""
    home = _home(_MAIL, None)
    staff = (_held(agency="bubar", by_email=True), _held("budi", agency="lama", disabled=True))

    offices = Staffing(home, staff, {("hilang", "head"): (3, 1)}, phones_told=False).offices()

    assert [None, "dinkes", "bubar", "hilang"] == [each.id for each in offices]
    assert (UNKNOWN, UNREACHED) == _desk(offices, "bubar").marks
    assert ((UNKNOWN, NOBODY, UNREACHED), 3, 1) == (
        _desk(offices, "hilang").marks,
        _desk(offices, "hilang").open,
        _desk(offices, "hilang").late,
    )


def test_an_administrator_sees_who_is_away_and_what_lies_there(api: Api, desks: Desks) -> None:
    """Kinds of contact without an address, in either language; what is counted leads to its list."""
    assert api.data is not None
    name = desks.account("cilacap", "head", "dinkes")
    with running(api.data) as runtime:
        people = People(runtime.database)
        people.reach("cilacap", name, "rahasia.sekali@dinkes.example", "081234567890")
        people.absent("cilacap", name, START.date(), START.date(), None)
    api.file("cilacap", message="Jalan rusak", reporter={"name": "Siti Rahayu"})
    chief = desks.administrator("cilacap")

    page, few = chief.get(PATH), chief.get(PATH, params={"tampil": "perlu"})
    chief.get("/cilacap/", params={"bahasa": "en"})
    english = chief.get(PATH)
    with running(api.data) as runtime:
        People(runtime.database).back("cilacap", name, START.date())

    assert "Dinas dan meja" == page.heading
    for words in ("surat-el, telepon; berhalangan sampai", "Semua berhalangan, tidak ada yang mewakili"):
        assert words in page.text
        assert words in few.text
    assert "Nobody holds this desk" in english.text
    assert "Kategori yang langsung ke sini: KESEHATAN; CORONA VIRUS." in page.text
    assert 200 == chief.get("/cilacap/semua", params={"agency": "dinkes", "state": "open"}).status
    assert "/cilacap/semua?agency=dinkes&amp;state=open" in page.html
    assert "rahasia" not in page.html
    assert "081234567890" not in page.html
    assert "@" not in page.one("main").text


_AMISS: Final = """
for (const one of document.querySelectorAll("th .chip")) {
  one.lastChild.textContent = "Semua berhalangan, tidak ada yang mewakili";
}
for (const one of document.querySelectorAll("td[data-label=Terlambat]")) {
  one.innerHTML = '<span class="chip late">1.064</span>';
}
return [document.querySelectorAll("th .chip").length, document.documentElement.scrollWidth];
"""


@pytest.mark.browser
def test_what_is_amiss_at_a_desk_pushes_no_column_off_a_tablet(screen: Screen, desks: Desks) -> None:
    """A mark is a sentence, and breaks where its column ends; also where much is late."""
    screen.become(desks.administrator("cilacap"))
    screen.width(800)
    screen.open(PATH)
    marks, wide = screen.run(_AMISS)

    assert marks
    assert wide <= 800
