"""What is suggested to officers: found among sealed texts, told by the one rule of reading, gone with erasure."""

import json
from typing import Any
from uuid import UUID

import pytest

from portal.suggestion_shapes import SuggestionsShape
from services.intake.erasing import erase
from services.intake.receipts import Receipt
from services.reporting import keyed_index
from services.reporting.likeness_index import INDEX
from services.reporting.projection import RecapProjection
from services.reporting.queries import recap
from services.reporting.suggestions import suggestions
from shared.application.dossiers.codec import decode
from shared.application.identity.membership import administrator
from shared.base.caller import Caller
from shared.base.errors import Forbidden, NotFound
from shared.domain.sop.vocabulary import SYSTEM
from shared.store.projection.runner import apply_batch
from tests.fixtures.office import CAUSE, Office

T = "cilacap"
DESK = Caller(T, "coordinator")
HANUM = {"kecamatan": "Dayeuhluhur", "desa": "Hanum"}
HOLE = "Jalan utama desa Hanum berlubang cukup dalam."
SAME_HOLE = "Jalan utama Desa Hanum berlubang dalam, sudah dua motor jatuh"
TABLES = ("reporting.likeness", "reporting.past", "reporting.past_merges")
TOPICS = {
    "dpupr": "Jalan berlubang aspal rusak jembatan retak",
    "dishub": "Lampu lalu lintas padam rambu parkir liar",
    "disdikbud": "Guru sekolah murid atap kelas bocor",
}


def _file(office: Office, message: str, tenant: str = T, **fields: Any) -> Receipt:
    """A complaint of Hanum's, unless it says otherwise, by somebody of whom nobody else knows."""
    somebody = {"name": f"Warga {message[:20]}", "address": "RT 1", "phone": ""}
    return office.file(tenant, **{"message": message, "location": HANUM, "reporter": somebody, **fields})


def _asked(office: Office, receipt: Receipt, caller: Caller = DESK, tenant: str = T) -> dict[str, Any]:
    apply_batch(office.runtime.database, RecapProjection(), decode, office.news())
    found = suggestions(office.runtime, caller, tenant, receipt.id)
    assert {} == SuggestionsShape().validate(json.loads(json.dumps(found)))
    return found


def _alike(office: Office, receipt: Receipt, caller: Caller = DESK, tenant: str = T) -> list[str]:
    return [each["ticket"] for each in _asked(office, receipt, caller, tenant)["alike"]]


def _kept(office: Office) -> list[list[tuple[Any, ...]]]:
    return [office.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in TABLES]


def _of(office: Office, table: str, *receipts: Receipt) -> list[UUID]:
    """Of which of some complaints a table holds something, in their order."""
    found = {dossier for (dossier,) in office.rows(f"SELECT dossier FROM {table}")}
    return [each.id for each in receipts if str(each.id) in map(str, found)]


def _taught(office: Office, rounds: int = 12) -> None:
    """A past in which each office has its own words."""
    for number in range(rounds):
        for agency, words in TOPICS.items():
            receipt = _file(office, f"{words} nomor urut {number}", location={}, category=None)
            office.act(receipt, "coordinator", "dispose", agency=agency)


def test_two_people_about_one_hole_are_shown_to_each_others_desk(office: Office) -> None:
    """With what they have in common, for the coordinator to judge; the complaints themselves stay as they are."""
    one, other = _file(office, HOLE), _file(office, SAME_HOLE)
    lamp = _file(office, "Pelayanan KTP di kecamatan lambat sekali")
    before = [office.types(each.id) for each in (one, other, lamp)]
    [found] = _asked(office, one)["alike"]

    assert (other.ticket, str(other.id), SAME_HOLE) == (found["ticket"], found["id"], found["title"])
    assert (0, 0.8, None, False) == (found["days"], found["place"], found["metres"], found["sent_twice"])
    assert [one.ticket] == _alike(office, other)
    assert [] == _alike(office, lamp)
    assert before == [office.types(each.id) for each in (one, other, lamp)]


def test_points_near_each_other_are_found_without_a_village(office: Office) -> None:
    """A hundred metres apart, in words of their own; not three kilometres away."""
    here = _file(office, "Lubang besar depan SD Hanum 2", location={"lat": -7.2400, "lon": 108.4100})
    near = _file(office, "Depan SD Hanum ada lubang", location={"lat": -7.2409, "lon": 108.4100})
    _file(office, "Depan SD Hanum ada lubang", location={"lat": -7.2700, "lon": 108.4100})
    [found] = _asked(office, here)["alike"]

    assert (near.ticket, 100) == (found["ticket"], found["metres"])


def test_what_has_ended_and_what_is_anothers_is_not_shown(office: Office) -> None:
    """A withdrawn complaint, another government's, one of two months ago, and itself."""
    _file(office, HOLE)
    office.later(days=45)
    one, gone = _file(office, HOLE), _file(office, HOLE)
    _file(office, HOLE, tenant="bantul", location={})
    office.say(gone, "withdraw", reason="sudah diperbaiki")

    assert [] == _alike(office, one)
    assert {"alike": [], "agencies": [], "categories": []}.items() <= _asked(office, gone).items()


def test_an_addition_counts_too(office: Office) -> None:
    """What a reporter supplies after a return is found as if it had been there at once."""
    one = _file(office, HOLE)
    vague = _file(office, "Mohon segera diperbaiki, terima kasih", location={})
    assert [] == _alike(office, one)
    office.act(vague, "coordinator", "return", reason="Yang mana?")
    office.say(vague, "supplement", message=SAME_HOLE, location=HANUM)

    assert [vague.ticket] == _alike(office, one)
    later = _file(office, "Tolong diperbaiki segera ya")
    office.say(later, "add", text=SAME_HOLE)

    assert {vague.ticket, later.ticket} == set(_alike(office, one))


def test_an_agency_is_shown_its_own(office: Office) -> None:
    """By the rule of all lists: nothing of another agency's, and no word about a dossier that it may not read."""
    one, own, others, free = (_file(office, text) for text in (HOLE, SAME_HOLE, SAME_HOLE + " lagi", SAME_HOLE + " ya"))
    for receipt, agency in ((one, "dpupr"), (own, "dpupr"), (others, "dishub")):
        office.act(receipt, "coordinator", "dispose", agency=agency)
    operator = Caller(T, "operator", "dpupr")

    assert {own.ticket, others.ticket, free.ticket} == set(_alike(office, one))
    assert [own.ticket] == _alike(office, one, operator)
    for caller in (operator, Caller("bantul", "coordinator"), Caller(T, "reporter"), Caller(T, "operator")):
        with pytest.raises(Forbidden):
            _asked(office, others, caller)
    with pytest.raises(NotFound):
        suggestions(office.runtime, DESK, T, UUID(int=1))


def test_an_administrator_reads_no_titles(office: Office) -> None:
    """As in the search."""
    one, other = _file(office, HOLE), _file(office, SAME_HOLE)
    [found] = _asked(office, one, administrator("root"))["alike"]

    assert (other.ticket, "", False) == (found["ticket"], found["title"], found["sent_twice"])


def test_what_was_probably_sent_twice_is_said(office: Office) -> None:
    """The same person's, in the same words, within a day; to an agency only where it may know who reported."""
    operator = Caller(T, "operator", "dpupr")
    cases = [
        ("open", "+62 812-3456-7770", "0812 3456 7770", 1, HOLE, (True, True)),
        ("open", "+62 812-3456-7771", "0812 3456 7771", 25, HOLE, (False, False)),
        ("open", "+62 812-3456-7772", "0812 3456 7772", 1, SAME_HOLE, (False, False)),
        ("open", "+62 812-3456-7773", "0812 3456 8888", 1, HOLE, (False, False)),
        ("anonymous", "+62 812-3456-7774", "0812 3456 7774", 1, HOLE, (True, False)),
    ]
    for privacy, first, second, hours, message, expected in cases:
        office.later(days=40)  # what came before is another matter by now
        one = _file(office, HOLE, reporter={"name": "Siti", "phone": first}, privacy=privacy)
        office.later(hours=hours)
        other = _file(office, message, reporter={"name": "Siti", "phone": second}, privacy=privacy)
        for receipt in (one, other):
            office.act(receipt, "coordinator", "dispose", agency="dpupr")
        told = [_asked(office, other, caller)["alike"] for caller in (DESK, operator)]

        assert [[one.ticket]] * 2 == [[each["ticket"] for each in found] for found in told]
        assert expected == tuple(found[0]["sent_twice"] for found in told), second


def test_who_hides_number_and_name_may_have_sent_it_twice_too(office: Office) -> None:
    """By Telegram neither is known, and the same person is the same all the same."""
    siti, budi = (f"telegram/aduan_bot/{UUID(int=number)}/{number}" for number in (987, 988))
    one, other, third = (_file(office, HOLE, reporter={"contacts": [each]}) for each in (siti, siti, budi))
    told = {each["ticket"]: each["sent_twice"] for each in _asked(office, other)["alike"]}
    assert {one.ticket: True, third.ticket: False} == told


def test_an_erased_reporter_leaves_nothing(office: Office) -> None:
    """No hash of their words, no bucket, no place among the suggestions of others."""
    _taught(office, rounds=1)
    one, gone, merged = _file(office, HOLE), _file(office, SAME_HOLE), _file(office, HOLE + " Tolong.")
    office.act(gone, "coordinator", "dispose", agency="dpupr")
    office.act(merged, "coordinator", "merge", into=str(one.id), reason="sama")
    assert [gone.ticket] == _alike(office, one)
    assert [gone.id, merged.id, gone.id, merged.id] == [
        each for table in TABLES for each in _of(office, table, gone, merged)
    ]
    for receipt in (gone, merged):
        erase(office.runtime, administrator("root"), T, receipt.ticket, "asked", CAUSE)

    assert [] == _alike(office, one)
    assert [] == [each for table in TABLES for each in _of(office, table, gone, merged)]
    assert [] == _asked(office, gone)["alike"]


def test_the_tables_hold_nothing_that_was_written(office: Office) -> None:
    """Neither words nor names nor numbers stand in them, in any column."""
    one = _file(office, HOLE, reporter={"name": "Siti Rahayu", "phone": "081234567777", "address": "RT 02"})
    office.act(one, "coordinator", "dispose", agency="dpupr")
    _asked(office, one)
    cells = [cell for rows in _kept(office) for row in rows for cell in row]
    kept = str([bytes(cell) if isinstance(cell, memoryview) else cell for cell in cells]).casefold()

    assert all(_kept(office)[:2])
    assert not [word for word in ("hanum", "lubang", "jalan", "siti", "rahayu", "0812") if word in kept]


def test_made_anew_the_tables_are_the_same(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """They follow from the log alone, in whatever batches it was read, with what came back and what was merged; what
    there was before is taken away by parts, however much it is.
    """
    monkeypatch.setattr(keyed_index, "_EMPTIED", 2)
    _taught(office)
    back, one, other = _file(office, TOPICS["dpupr"]), _file(office, HOLE), _file(office, SAME_HOLE)
    _asked(office, one)
    office.act(back, "coordinator", "dispose", agency="dishub")
    office.act(back, "operator", "return", reason="bukan kami")
    _asked(office, one)
    office.act(back, "coordinator", "dispose", agency="dpupr")
    office.act(other, "coordinator", "merge", into=str(one.id), reason="sama")
    _asked(office, one)
    before = _kept(office)
    office.rows("UPDATE reporting.likeness_position SET key_id = ''")
    INDEX.catch_up(office.runtime)

    assert before == _kept(office)
    assert all(before)


def test_where_such_complaints_went_is_suggested_with_how_often_that_was_right(office: Office) -> None:
    """The office of such words first; each suggestion was judged before its answer was learnt; nothing is done."""
    _taught(office)
    asked = _file(office, "Atap kelas sekolah bocor, guru mengeluh", location={})
    found = _asked(office, asked)
    told = recap(office.runtime, DESK, T, "2026-10")["suggestions"]

    assert ("disdikbud", "past") == (found["agencies"][0]["id"], found["agencies"][0]["by"])
    assert office.runtime.tenants.get(T).agency_name("disdikbud") == found["agencies"][0]["name"]
    assert {"judged": 6, "first": 6, "among": 6} == told["agency"] == found["hits"]["agency"]
    assert "check" == office.load(asked.id).step


def test_a_wrong_disposition_is_not_learnt(office: Office) -> None:
    """What an agency sent back teaches nothing, and what was right in the end counts as the answer."""
    _taught(office)
    for _ in range(2):
        wrong = _file(office, TOPICS["dpupr"], location={})
        office.act(wrong, "coordinator", "dispose", agency="dishub")
        office.act(wrong, "operator", "return", reason="bukan kami")
    _asked(office, wrong)
    while_away = recap(office.runtime, DESK, T, "2026-10")["suggestions"]["agency"]
    office.act(wrong, "coordinator", "dispose", agency="dpupr")
    _asked(office, wrong)

    assert {"judged": 6, "first": 6, "among": 6} == while_away
    assert {"judged": 7, "first": 7, "among": 7} == recap(office.runtime, DESK, T, "2026-10")["suggestions"]["agency"]


def test_categories_are_learnt_from_people(office: Office) -> None:
    """From what reporters and officers said, never from what the system guessed; of a government's list."""
    tenant = office.runtime.tenants.get(T)
    roads, schools, *_ = sorted(set(tenant.entries.categories.values()))
    for number in range(18):
        for category, words in ((roads, TOPICS["dpupr"]), (schools, TOPICS["disdikbud"])):
            receipt = _file(office, f"{words} {number}", location={}, category=category if number % 2 else None)
            if number % 2 == 0:
                office.act(receipt, "coordinator", "classify", category=category)
            office.act(receipt, "coordinator", "dispose", agency="dpupr")
    found = _asked(office, _file(office, "Aspal jalan berlubang", location={}))

    assert {"id": roads, "by": "past"} == found["categories"][0]
    assert found["hits"]["category"]["first"] == found["hits"]["category"]["judged"] == 6


def test_words_of_the_list_speak_first(office: Office) -> None:
    """Where a government's list knows a word, its category and the agency that handles it are suggested for it."""
    receipt = _file(office, "Lampu penerangan jalan umum padam, mohon diperbaiki", "cirebon", location={})
    sop = office.runtime.tenants.get("cirebon").sop
    desk = next(each.id for each in sop.actors if each.scope == "tenant" and each.id != SYSTEM)
    found = _asked(office, receipt, Caller("cirebon", desk), "cirebon")

    assert "words" == found["categories"][0]["by"]
    assert "category" == found["agencies"][0]["by"]


def test_the_recap_tells_how_many_merges_would_have_been_suggested(office: Office) -> None:
    """Two merged of which one looks alike; a merge that was taken back does not count."""
    one, other, unlike, back = (_file(office, text) for text in (HOLE, SAME_HOLE, "KTP saya hilang", HOLE + " Tolong."))
    for each in (other, unlike, back):
        office.act(each, "coordinator", "merge", into=str(one.id), reason="sama")
    office.act(back, "coordinator", "reinstate", reason="lain")
    _asked(office, one)

    assert {"count": 2, "suggested": 1} == recap(office.runtime, DESK, T, "2026-10")["suggestions"]["merges"]
