"""Who is written to: the role that must act, at its own address, the person who is there, once."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.notify.letters import NoLetter, addresses_of, nobody
from services.notify.rules import Notice, addressed
from services.notify.values import values_for_officer
from services.routing.commands import act
from services.sla import timers
from services.sla.projection import ClockProjection
from shared.application.dossiers.codec import decode
from shared.application.identity.people import People
from shared.application.identity.people import acting as acting_for
from shared.application.identity.users import Users
from shared.base.caller import Caller
from shared.base.errors import Invalid, NotFound
from shared.domain.all_tenants import Tenants
from shared.domain.contacts import Contact
from shared.domain.sop.checking.check import check_tenant
from shared.domain.sop.model import NotifyRule
from shared.domain.sop.reading.agencies import load_agencies
from shared.platform.settings import PROJECT
from shared.store.projection.runner import apply_batch
from shared.wording.yaml_lines import FileError
from tests.dossier.story import Story
from tests.notify.letter_office import CAUSE, LetterOffice

TENANTS = Tenants(PROJECT / "tenants")
BANTUL = TENANTS.get("bantul")
OCTOBER = date(2026, 10, 5)
BOOK = """
name: Kabupaten Uji
contacts:
  coordinator: {office: Kementerian Uji, email: pusat@uji.example}
  clerk: [juru@uji.example, "0274 123456", {name: Rini, phone: +62 811 222 333}]
agencies:
  - id: pu
    name: Dinas PU
    email: pu@uji.example
    contacts: {head: kepala.pu@uji.example}
    units:
      - {id: jalan, name: Bidang Jalan, head: jalan.pu@uji.example}
groups:
  - {id: g, name: Group PU, categories: [JALAN], agencies: [pu], people: [budi@uji.example]}
"""


def _to(recipient: str, holding: Any = nobody) -> list[str]:
    return [each.addr_spec for each in addresses_of(BANTUL, recipient, {}, BANTUL.sop, holding)]


def _book(tmp_path: Path, text: str) -> Any:
    file = tmp_path / "agencies.yaml"
    file.write_text(text)
    return load_agencies(file)


@pytest.mark.parametrize(
    ("recipient", "to"),
    [
        ("agency:dpupkp", "dpupkp@bantulkab.example"),
        ("agency:dpupkp:head", "kepala.dpupkp@bantulkab.example"),
        ("agency:dpupkp:liaison", "sekretaris.dpupkp@bantulkab.example"),
        ("agency:dpupkp:unit", "bidang.dpupkp@bantulkab.example"),
        ("agency:dpupkp:unit:bina_marga", "bina.marga.dpupkp@bantulkab.example"),
        ("agency:dpupkp:unit:gone", "bidang.dpupkp@bantulkab.example"),
        ("actor:coordinator", "tim.pengaduan@bantulkab.example"),
    ],
)
def test_each_role_has_its_own_address(recipient: str, to: str) -> None:
    """The head's letter is not the operator's; a unit that is no longer in the file has its role's."""
    assert [to] == _to(recipient)


def test_a_role_without_an_address_has_the_office_s() -> None:
    """The form of before, one address for an office, is read and works as it did."""
    assert ["rsud.panembahan.senopati@bantulkab.example"] == _to("agency:rsud_panembahan_senopati:scribe")
    with pytest.raises(NoLetter, match="no_address"):
        _to("agency:gone")


def test_officers_of_a_role_are_written_to_beside_its_mailbox_once() -> None:
    """Two people with one address get one letter."""
    people = (Contact("ani@bantulkab.example"), Contact("kepala.dpupkp@bantulkab.example"), Contact(phone="0811"))

    to = _to("agency:dpupkp:head", lambda actor, agency: people if (actor, agency) == ("head", "dpupkp") else ())

    assert ["kepala.dpupkp@bantulkab.example", "ani@bantulkab.example"] == to


def test_a_deputy_gets_the_letters_of_who_is_away(office: LetterOffice) -> None:
    """From the first day of absence to the last, also in a chain; nobody where nobody stands in."""
    users, people = Users(office.runtime.database), People(office.runtime.database)
    for name, actor in (("ani", "head"), ("budi", "liaison"), ("citra", "liaison")):
        users.add(Caller("bantul", actor, "dpupkp", name), "sandi-panjang-sekali")
        people.reach("bantul", name, f"{name}@bantulkab.example", None)
    people.absent("bantul", "ani", OCTOBER, OCTOBER + timedelta(days=4), "budi")
    people.absent("bantul", "budi", OCTOBER + timedelta(days=2), OCTOBER + timedelta(days=2), "citra")
    people.absent("bantul", "citra", OCTOBER + timedelta(days=9), OCTOBER + timedelta(days=9), None)

    def acting(actor: str, day: int) -> list[str | None]:
        return [each.name for each in people.holding("bantul", actor, "dpupkp", OCTOBER + timedelta(days=day))]

    assert [["ani"], ["budi"], ["citra"], ["budi"], ["ani"]] == [acting("head", day) for day in (-1, 0, 2, 4, 5)]
    assert [["budi", "citra"], ["citra"], ["budi"]] == [acting("liaison", day) for day in (0, 2, 9)]
    assert not people.holding("bantul", "head", "dinkes", OCTOBER)
    for day in range(-1, 11):
        every = {each.username: each for each in people.staff("bantul", OCTOBER + timedelta(days=day))}
        for actor in ("head", "liaison"):
            present = {
                who.username
                for each in every.values()
                if each.actor == actor and (who := acting_for(every, each.username))
            }
            assert {name for name in acting(actor, day) if name} == present, (actor, day)


def test_what_cannot_be_meant_is_refused(office: LetterOffice) -> None:
    """Unknown people, an absence that ends before it begins, somebody who stands in for themselves, no address."""
    users, people = Users(office.runtime.database), People(office.runtime.database)
    users.add(Caller("bantul", "head", "dpupkp", "ani"), "sandi-panjang-sekali")

    for first, last, deputy in ((0, -1, None), (0, 0, "ani")):
        with pytest.raises(Invalid):
            people.absent("bantul", "ani", OCTOBER + timedelta(days=first), OCTOBER + timedelta(days=last), deputy)
    with pytest.raises(NotFound):
        people.absent("bantul", "ani", OCTOBER, OCTOBER, "nobody")
    with pytest.raises(NotFound):
        people.reach("bantul", "nobody", "x@y.example", None)
    with pytest.raises(Invalid):
        people.reach("bantul", "ani", "bukan alamat", None)


def test_a_letter_goes_to_the_deputy(office: LetterOffice) -> None:
    """Seen from the outbox: who is away is not written to."""
    users, people = Users(office.runtime.database), People(office.runtime.database)
    for name, actor in (("ani", "head"), ("budi", "liaison")):
        users.add(Caller("bantul", actor, "dpupkp", name), "sandi-panjang-sekali")
        people.reach("bantul", name, f"{name}@bantulkab.example", None)
    people.absent("bantul", "ani", OCTOBER, OCTOBER, "budi")
    receipt = office.file("bantul", category="PEKERJAAN UMUM DAN PENATAAN RUANG")
    office.automate(receipt)
    office.act(receipt, "forward")
    office.act(receipt, "forward")

    office.send_all()

    [letter] = [each for each in office.letters() if "kepala.dpupkp" in each.to]
    assert "budi@bantulkab.example" in letter.to
    assert "ani@" not in letter.to


def test_who_is_passed_to_a_unit_is_told_there() -> None:
    """Its head, as head of that unit; its own role, not every role of the agency."""
    notice = Notice(
        event="Forwarded",
        kind=None,
        why=None,
        step="examine",
        to_step="handle",
        agency="dpupkp",
        holder="unit",
        holder_agency="dpupkp",
        unit="bina_marga",
        unit_actor="unit",
    )

    told = [each.recipient for each in addressed(notice, BANTUL.sop)]
    values = values_for_officer(BANTUL, *_examined(), "agency:dpupkp:unit:bina_marga", "https://x.example")

    assert {"agency:dpupkp:unit:bina_marga", "agency:dpupkp:head"} == set(told)
    assert "Kepala Bidang Bina Marga" == values["desk"]


@pytest.mark.parametrize(
    ("ending", "beside"),
    [
        ("withdraw", {"reporter", "agency:dinkes", "actor:coordinator"}),
        ("reject", {"reporter", "agency:dinkes"}),
        ("recall", set()),
    ],
)
def test_who_was_at_it_is_told_that_it_is_over(office: LetterOffice, ending: str, beside: set[str]) -> None:
    """The unit that had it, the agency's own desk, and who was to help: nobody works on at what was taken away.

    Who took it away needs no letter of that; and another agency's part outlasts a recall.
    """
    receipt = office.file("bantul", category="PEKERJAAN UMUM DAN PENATAAN RUANG")
    office.automate(receipt)
    office.act(receipt, "forward")
    office.act(receipt, "forward", unit="bina_marga")
    asked = {"agency": "dinkes", "note": "Mohon periksa airnya"}
    act(office.runtime, Caller("bantul", "coordinator", None, "sri"), "bantul", receipt.id, "ask_help", asked, CAUSE)
    if ending == "withdraw":
        office.reporter(receipt, ending, reason="Sudah selesai")
    else:
        office.act(receipt, ending, reason="Keliru", **({"why": "spam"} if ending == "reject" else {}))

    office.send_all()

    told = {recipient for recipient, text, *_ in office.messages(receipt.id) if text.startswith(ending)}
    assert {"agency:dpupkp", "agency:dpupkp:unit:bina_marga", *beside} == told
    assert [each for each in office.letters() if "bina.marga.dpupkp" in each.to]


def test_leave_is_asked_of_whoever_gives_it() -> None:
    """Also where that is not the coordinator."""
    leave = BANTUL.sop.leave
    assert leave is not None
    sop = replace(BANTUL.sop, leave=replace(leave, granted_by="head"))
    nothing = dict.fromkeys(("kind", "why", "to_step"))
    notice = Notice(
        event="LeaveAsked", step="handle", agency="dpupkp", holder="unit", holder_agency="dpupkp", **nothing
    )

    assert ["agency:dpupkp:head"] == [each.recipient for each in addressed(notice, sop)]


def _examined() -> tuple[Any, Any]:
    story = Story("bantul")
    story.file()
    return story.events, story.events[-1]


def test_the_national_administrator_belongs_to_the_ministry() -> None:
    """A letter to him names the ministry, not the kabupaten."""
    tenant = TENANTS.get("majalengka")
    story = Story("majalengka")
    story.file()

    values = values_for_officer(tenant, story.events, story.events[-1], "actor:national_admin", "https://x.example")

    assert "Admin Pusat" == values["desk"]
    assert "KemenPANRB" in values["office"]


def test_a_system_s_own_seconds_are_nobody_s_time() -> None:
    """While the system holds it, no letter gives a desk a time."""
    story = Story("cirebon")
    story.file(category="KESEHATAN")
    story.act("classify", classification=None, category=None, by="keyword")
    story.act("dispose", to_agency="dinkes")
    values = values_for_officer(TENANTS.get("cirebon"), story.events, story.events[-1], "agency:dinkes", "https://x")

    assert (None, None) == (values["due_at"], values["activity"])


def test_links_bear_the_ticket() -> None:
    """To the dossier's own page at the public address."""
    story = Story("cirebon")
    story.file()
    values = values_for_officer(
        TENANTS.get("cirebon"), story.events, story.events[-1], "actor:coordinator", "https://x"
    )

    assert "https://x/cirebon/berkas/T-1" == values["link"]


def test_step_and_case_that_run_out_together_are_one_letter(office: LetterOffice) -> None:
    """Within a minute, to one recipient: the first; another recipient has their own."""
    receipt = office.file("bantul", category="PEKERJAAN UMUM DAN PENATAAN RUANG")
    office.automate(receipt)
    office.send_all()
    office.clock.move_to(office.clock.now() + timedelta(days=9))
    apply_batch(office.runtime.database, ClockProjection(), decode, office.recorded(receipt))
    timers.tick(office.runtime)

    office.send_all()

    late = [(recipient, text) for recipient, text, *_ in office.messages(receipt.id) if text != "clock_warned"]
    told = [recipient for recipient, text in late if text in ("clock_breached", "escalated")]
    assert len(set(told)) == len(told)
    assert {"agency:dpupkp", "agency:dpupkp:liaison"} <= set(told)


def test_a_book_in_the_long_form(tmp_path: Path) -> None:
    """Contacts alone, in lists, with names; the office of an actor; units; groups with people."""
    book = _book(tmp_path, BOOK)

    assert ("Kementerian Uji", "pusat@uji.example") == (
        book.desks["coordinator"].office,
        book.desks["coordinator"].contacts[0].email,
    )
    assert [None, "0274 123456", "+62 811 222 333"] == [each.phone for each in book.desks["clerk"].contacts]
    [agency] = book.agencies
    assert "jalan.pu@uji.example" == agency.people.units[0].head[0].email
    assert ("budi@uji.example",) == tuple(each.email for each in book.groups[0].people)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kepala.pu@uji.example", "kepala.pu@", "e-mail"),
        ("head: kepala.pu@uji.example", "head: bukan nomor", "neither an e-mail address"),
        ("{name: Rini, phone: +62 811 222 333}", "{name: Rini}", "neither an address nor a number"),
        ("{name: Rini, phone: +62 811 222 333}", "{nama: Rini, phone: 0811222333}", "nama"),
        ("agencies: [pu], people", "agencies: [gone], people", "there is no agency"),
        ("agencies: [pu], people: [budi@uji.example]", "agencies: []", "nobody belongs"),
    ],
)
def test_a_contact_that_is_none_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    """With its line, and what to write instead."""
    assert old in BOOK
    with pytest.raises(FileError, match=said) as told:
        _book(tmp_path, BOOK.replace(old, new))

    assert told.value.line > 0


@pytest.mark.parametrize("tenant", ["bantul", "cilacap", "cirebon", "majalengka", "trenggalek"])
def test_everybody_whom_the_five_tell_can_be_reached(tenant: str) -> None:
    """No desk without a contact, no superior in the mailbox of the late."""
    codes = {finding.code for finding in check_tenant(PROJECT / "tenants" / tenant)}

    assert not codes & {"no_contact", "shared_contact"}


def test_who_cannot_be_reached_is_told(tmp_path: Path) -> None:
    """A role without an address in an agency, a superior who shares the office's, a group that there is not."""
    folder = tmp_path / "tenants" / "bantul"
    folder.mkdir(parents=True)
    sop = (PROJECT / "tenants" / "bantul" / "sop.yaml").read_text()
    (folder / "sop.yaml").write_text(
        sop.replace("{on: Dispositioned, tell: [agency]}", "{on: Dispositioned, tell: [group]}")
    )
    (tmp_path / "tenants" / "_reference").symlink_to(PROJECT / "tenants" / "_reference")
    (folder / "agencies.yaml").write_text(
        "name: Bantul\nagencies:\n  - {id: a, name: A, email: a@b.example}\n"
        "  - {id: b, name: B, contacts: {head: b@b.example}}\n"
    )

    told = [finding for finding in check_tenant(folder) if finding.code in ("no_contact", "shared_contact")]

    assert any("'coordinator'" in each.message for each in told)
    assert any("'operator' cannot be reached in: b" in each.message for each in told)
    assert any("'head'" in each.message and "a" in each.message for each in told if each.code == "shared_contact")
    assert any("group" in each.message for each in told)


def test_a_government_s_own_words_still_count() -> None:
    """A rule may tell the former desk, the group, or a role by name."""
    sop = replace(BANTUL.sop, notify=(NotifyRule(on="Recalled", tell=("former", "head")),))
    notice = Notice(
        event="Recalled",
        kind=None,
        why=None,
        step="receive",
        to_step="recategorise",
        agency="dpupkp",
        holder="coordinator",
        holder_agency=None,
        former="operator",
        former_agency="dpupkp",
    )

    assert ["agency:dpupkp", "agency:dpupkp:head"] == [each.recipient for each in addressed(notice, sop)]


def test_time_of_day_does_not_matter_for_absences() -> None:
    """Days are the government's own."""
    late = datetime.fromisoformat("2026-10-05T23:30:00+07:00")

    assert OCTOBER == late.astimezone(BANTUL.zone).date()
