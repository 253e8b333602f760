"""A reporter's own words in the fields of names: sealed, unless the government's lists know them."""

from typing import Any

import pytest

from services.intake.erasing import erase
from services.notify.values import values_for_officer
from services.reporting.projection import RecapProjection
from shared.application.dossiers.codec import decode
from shared.base.caller import Caller
from shared.domain.dossier.dossier import fold
from shared.store.projection.runner import apply_batch
from tests.dossier.story import TENANTS, Story
from tests.fixtures.office import CAUSE, Office
from tests.intake.talking import T, filed, filing, seen

_NAME = "Bu Siti Rahayu 081234567890"
_ADMIN = Caller("*", "admin", user="cli", admin=True)
_OPERATOR = Caller(T, "operator", "dpupr", "operator-1")
_FIELDS: dict[str, dict[str, Any]] = {
    "location.kecamatan": {"location": {"kecamatan": _NAME}},
    "location.desa": {"location": {"desa": _NAME}},
    "category": {"category": _NAME},
    "classification": {"classification": _NAME},
    "occurred_at": {"occurred_at": _NAME},
    "reporter.email": {"reporter": {"email": _NAME}},
}


def _in_clear(office: Office) -> str:
    office.seen = 0
    news = office.news()
    apply_batch(office.runtime.database, RecapProjection(), decode, news)
    return str([dict(event.data) for event in news]) + str(office.rows("SELECT * FROM reporting.cases"))


@pytest.mark.parametrize("field", _FIELDS)
@pytest.mark.parametrize("privacy", ["open", "anonymous", "secret"])
def test_words_are_sealed(office: Office, field: str, privacy: str) -> None:
    """Nowhere in clear; the government's desk reads them as they were written; gone after the erasure."""
    receipt = filed(office, privacy=privacy, **_FIELDS[field])
    before = seen(office, receipt)
    clear = _in_clear(office)
    erase(office.runtime, _ADMIN, T, receipt.ticket, "asked", CAUSE)

    assert _NAME not in clear
    assert {field: _NAME} == before["complaint"]["as_written"]
    assert "Rahayu" not in str(seen(office, receipt))


@pytest.mark.parametrize("field", _FIELDS)
@pytest.mark.parametrize(("privacy", "shown"), [("open", True), ("anonymous", False), ("secret", False)])
def test_who_may_read_them(office: Office, field: str, privacy: str, shown: bool) -> None:
    """Words may be a name: an agency reads them only where it may know the reporter."""
    receipt = filed(office, privacy=privacy, **_FIELDS[field])
    office.act(receipt, "coordinator", "dispose", agency="dpupr")

    assert shown is ("Rahayu" in str(seen(office, receipt, _OPERATOR)))


@pytest.mark.parametrize("field", _FIELDS)
def test_words_in_a_supplement_are_sealed_too(office: Office, field: str) -> None:
    """Or refused, where they cannot be used for what the field is for."""
    receipt = filed(office)
    office.act(receipt, "coordinator", "return", reason="Lengkapi")
    if field in ("location.kecamatan", "location.desa", "category"):
        office.say(receipt, "supplement", **_FIELDS[field])
        assert {field: _NAME} == seen(office, receipt)["complaint"]["as_written"]

    assert _NAME not in _in_clear(office)


@pytest.mark.parametrize(
    ("written", "entry"),
    [
        ({"location": {"kecamatan": " dayeuhluhur "}}, {"kecamatan": "Dayeuhluhur"}),
        ({"location": {"kecamatan": "KEC. DAYEUHLUHUR"}}, {"kecamatan": "Dayeuhluhur"}),
        ({"location": {"desa": "Desa  Panulisan\u00a0Barat"}}, {"desa": "Panulisan Barat"}),
        ({"category": "kesehatan"}, {"category": "KESEHATAN"}),
        ({"category": "Pekerjaan  Umum dan Penataan Ruang"}, {"category": "PEKERJAAN UMUM DAN PENATAAN RUANG"}),
        ({"category": "\uff2bESEHATAN"}, {"category": "KESEHATAN"}),
        ({"category": "Topik lainnya"}, {"category": "TOPIK LAINNYA"}),
    ],
)
def test_an_entry_stands_in_the_lists_own_spelling(
    office: Office, written: dict[str, Any], entry: dict[str, str]
) -> None:
    """However it was written: so it is routed by and counted as one."""
    receipt = filed(office, **written)
    event = filing(office, receipt)

    assert entry == {name: getattr(event, name) for name in entry}
    assert "as_written" not in seen(office, receipt)["complaint"]


def test_a_place_of_another_government_is_words(office: Office) -> None:
    """The lists are the government's own."""
    assert "Dayeuhluhur" == filing(office, filed(office, location={"kecamatan": "Dayeuhluhur"})).kecamatan
    assert filing(office, filed(office, tenant="bantul", location={"kecamatan": "Dayeuhluhur"})).kecamatan is None


def test_words_count_as_given(office: Office) -> None:
    """Trenggalek asks for a category, and Kepulauan for a village: in whatever words."""
    category = filed(office, tenant="trenggalek", category=_NAME)
    village = filed(office, tenant="kepulauan", location={"desa": _NAME})

    assert "category" not in filing(office, category).missing
    assert ("reporter.phone",) == filing(office, village).missing


def test_what_cannot_be_used_counts_as_missing(office: Office) -> None:
    """An address that no letter can be sent to is none."""
    receipt = filed(office, tenant="kepulauan", reporter={"phone": "\u200b"}, location={"desa": "Hanum"})

    assert ("reporter.phone",) == filing(office, receipt).missing


def test_letters_tell_no_words_of_earlier_events() -> None:
    """What lies in clear in old events is not sent to anybody."""
    world = Story()
    world.file(category=_NAME, kecamatan=_NAME, desa=_NAME)
    values = values_for_officer(TENANTS.get(T), world.events, world.events[0], "actor:coordinator", "http://x")

    assert _NAME not in str(values)
    folded = fold(world.events)
    assert folded is not None
    assert _NAME == folded.category
