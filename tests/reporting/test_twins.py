"""Complaints that are likely one matter, two by two: found once each, told apart for good, decided by who may merge."""

import pytest

from services.intake.erasing import erase
from services.intake.receipts import Receipt
from services.reporting.hints import hints
from services.reporting.likeness_index import INDEX
from services.reporting.projection import RecapProjection
from services.reporting.suggestions import suggestions
from services.reporting.twins import tell_apart, twins
from shared.application.dossiers.codec import decode
from shared.application.identity.membership import administrator
from shared.base.caller import Caller
from shared.base.errors import Conflict, Forbidden, Invalid, NotFound
from shared.store.projection.runner import apply_batch
from tests.fixtures.office import CAUSE, Office

T = "cilacap"
DESK = Caller(T, "coordinator", user="coordinator-1")
OPERATOR = Caller(T, "operator", "dpupr", user="operator-1")
HANUM = {"kecamatan": "Dayeuhluhur", "desa": "Hanum"}
HOLE = "Jalan utama desa Hanum berlubang cukup dalam."
SAME_HOLE = "Jalan utama Desa Hanum berlubang dalam, sudah dua motor jatuh"


def _file(office: Office, message: str) -> Receipt:
    office.later(minutes=1)
    return office.file(T, message=message, location=HANUM)


def _pairs(office: Office, caller: Caller = DESK) -> list[tuple[str, str]]:
    """All that are suggested, page by page."""
    apply_batch(office.runtime.database, RecapProjection(), decode, office.news())
    found: list[tuple[str, str]] = []
    after: str | None = None
    while True:
        page = twins(office.runtime, caller, T, after)
        found += [(each["newer"]["ticket"], each["older"]["ticket"]) for each in page["items"]]
        after = page["next"]
        if after is None:
            return found


def _alike(office: Office, receipt: Receipt) -> list[str]:
    return [each["ticket"] for each in suggestions(office.runtime, DESK, T, receipt.id)["alike"]]


def test_each_pair_is_suggested_once_until_it_is_merged_or_told_apart(office: Office) -> None:
    """The newer beside the older; what was told apart is nowhere suggested again, what was merged is one now."""
    first, other = _file(office, HOLE), _file(office, "Pelayanan KTP di kecamatan lambat sekali")
    second, third = _file(office, SAME_HOLE), _file(office, HOLE)
    pairs = {(second.ticket, first.ticket), (third.ticket, first.ticket), (third.ticket, second.ticket)}
    found = _pairs(office)
    tell_apart(office.runtime, DESK, T, [first.id, second.id])
    tell_apart(office.runtime, DESK, T, [second.id, first.id])
    apart = _pairs(office)
    alike = _alike(office, first), _alike(office, second)
    office.act(third, "coordinator", "merge", into=str(first.id), reason="Lubang yang sama")

    assert (3, pairs) == (len(found), set(found))
    assert pairs - {(second.ticket, first.ticket)} == set(apart)
    assert ([third.ticket], [third.ticket]) == alike
    assert [] == _pairs(office)
    assert other.ticket not in {each for pair in found for each in pair}


def test_where_a_search_takes_too_long_the_nearest_are_looked_at(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no time at all the same pairs are found among those that were filed nearest."""
    for what in (HOLE, "Pelayanan KTP di kecamatan lambat sekali", SAME_HOLE, HOLE):
        _file(office, what)
    found = _pairs(office)
    monkeypatch.setattr("services.reporting.meeting.searched_within", lambda *_: False)

    assert (3, set(found)) == (len(found), set(_pairs(office)))


def test_pages_go_on_where_nothing_is_alike(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """However far apart the two were filed in the list, and however many lie between them."""
    monkeypatch.setattr("services.reporting.twins.MOST", 1)
    first = _file(office, HOLE)
    for what in (
        "Pelayanan KTP di kecamatan lambat sekali",
        "Guru olahraga jarang masuk kelas",
        "Air sumur berbau minyak tanah",
        "Harga pupuk bersubsidi melonjak",
        "Anjing liar berkeliaran tiap malam",
        "Izin usaha warung belum terbit",
    ):
        _file(office, what)
    second = _file(office, SAME_HOLE)

    assert [(second.ticket, first.ticket)] == _pairs(office)


def test_only_who_may_merge_tells_apart_and_nobody_sees_what_is_not_theirs(office: Office) -> None:
    """An agency sees its own pairs and decides on none; an administrator reads no title; erasure leaves no trace."""
    first, second = _file(office, HOLE), _file(office, SAME_HOLE)
    seen = twins(office.runtime, OPERATOR, T)
    apply_batch(office.runtime.database, RecapProjection(), decode, office.news())
    marks = [hints(office.runtime, who, T, [second.id]) for who in (DESK, OPERATOR, administrator("a"))]
    assert [] == _pairs(office, OPERATOR)
    for receipt in (first, second):
        office.act(receipt, "coordinator", "dispose", agency="dpupr")
    both = [first.id, second.id]
    for stranger in (OPERATOR, Caller(T, "operator", "dishub"), Caller("bantul", "coordinator"), administrator("a")):
        with pytest.raises(Forbidden):
            tell_apart(office.runtime, stranger, T, both)
    with pytest.raises(Invalid):
        tell_apart(office.runtime, DESK, T, [first.id, first.id])
    with pytest.raises(NotFound):
        tell_apart(office.runtime, DESK, "bantul", both)
    tell_apart(office.runtime, DESK, T, both)
    third = _file(office, HOLE)
    office.act(third, "coordinator", "dispose", agency="dpupr")
    mine = _pairs(office, OPERATOR)
    [chiefs, _] = twins(office.runtime, administrator("a"), T)["items"]
    erase(office.runtime, administrator("root"), T, first.ticket, "asked", CAUSE)
    INDEX.catch_up(office.runtime)
    with pytest.raises(Conflict):
        tell_apart(office.runtime, DESK, T, both)

    assert [first.ticket] == [each["twin"] for each in marks[0].values()]
    assert [{}, {}] == marks[1:], "what the reader may not read or does not decide on is not marked"
    assert (False, {(third.ticket, first.ticket), (third.ticket, second.ticket)}) == (seen["may_decide"], set(mine))
    assert {""} == {chiefs[side]["title"] for side in ("newer", "older")}
    assert [] == office.rows("SELECT * FROM reporting.told_apart")


def test_what_was_hinted_to_one_is_kept_for_nobody_else(office: Office) -> None:
    """Hints are kept for some seconds: a desk's for the desk, an agency's for that agency, whoever asked first."""
    first, second = _file(office, HOLE), _file(office, SAME_HOLE)
    office.act(second, "coordinator", "dispose", agency="dishub")
    apply_batch(office.runtime.database, RecapProjection(), decode, office.news())
    told = [hints(office.runtime, who, T, [second.id]) for who in (OPERATOR, DESK, OPERATOR, DESK)]

    assert [{}, {}] == told[::2]
    assert [first.ticket] * 2 == [each[str(second.id)]["twin"] for each in told[1::2]]


def test_an_agency_hears_of_no_twin_that_lies_elsewhere(office: Office) -> None:
    """Its own complaint has one with another office: neither the pair nor a hint tells of it."""
    first, second = _file(office, HOLE), _file(office, SAME_HOLE)
    for receipt, agency in ((first, "dishub"), (second, "dpupr")):
        office.act(receipt, "coordinator", "dispose", agency=agency)

    assert [(second.ticket, first.ticket)] == _pairs(office)
    assert [] == _pairs(office, OPERATOR)
    assert [None] == [each["twin"] for each in hints(office.runtime, OPERATOR, T, [second.id]).values()]
