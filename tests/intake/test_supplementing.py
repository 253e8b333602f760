"""A complaint after its supplement is the filing plus what was added."""

from typing import Any

import pytest

from services.intake.receipts import Receipt
from services.reporting.projection import RecapProjection
from services.reporting.titles import titles_of
from shared.application.dossiers.codec import decode
from shared.base.caller import Caller
from shared.base.errors import Invalid
from shared.domain.dossier.events import Supplemented
from shared.store.projection.runner import apply_batch
from tests.fixtures.office import Office
from tests.intake.talking import T, filed, seen

_OPERATOR = Caller(T, "operator", "dpupr", "operator-1")
_PRIVACIES = ("open", "anonymous", "secret")


def _returned(office: Office, **complaint: Any) -> Receipt:
    receipt = filed(office, **complaint)
    office.act(receipt, "coordinator", "return", reason="Lengkapi")
    return receipt


def _supplemented(office: Office, receipt: Receipt, **fields: Any) -> dict[str, Any]:
    office.say(receipt, "supplement", **fields)
    complaint: dict[str, Any] = seen(office, receipt)["complaint"]
    return complaint


@pytest.mark.parametrize("before", _PRIVACIES)
@pytest.mark.parametrize("asked", _PRIVACIES)
def test_privacy_only_rises(office: Office, before: str, asked: str) -> None:
    """More is granted from now on, to every reader; less is refused, naming the field and what may be chosen."""
    receipt = _returned(office, privacy=before, reporter={"name": "Siti Rahayu"})
    if _PRIVACIES.index(asked) < _PRIVACIES.index(before):
        with pytest.raises(Invalid) as caught:
            office.say(receipt, "supplement", privacy=asked, title="Jalan")
        assert ["privacy"] == list(caught.value.fields)
        assert before == seen(office, receipt)["privacy"]
        return
    office.say(receipt, "supplement", privacy=asked, reporter={"address": "Jl. Ahmad Yani 1"})
    office.act(receipt, "coordinator", "dispose", agency="dpupr")
    apply_batch(office.runtime.database, RecapProjection(), decode, office.news())

    assert asked == seen(office, receipt)["privacy"] == seen(office, receipt, _OPERATOR)["privacy"]
    assert [(asked,)] == office.rows("SELECT privacy FROM reporting.cases")
    for word in ("Siti Rahayu", "Ahmad Yani"):
        assert (asked == "open") is (word in str(seen(office, receipt, _OPERATOR)))
        assert word in str(seen(office, receipt))


def test_lists_grow(office: Office) -> None:
    """Photos of the filing and of every supplement are there, in their order."""
    receipt = _returned(office, attachments=["foto-1.jpg"])
    _supplemented(office, receipt, attachments=["foto-2.jpg"])
    office.act(receipt, "coordinator", "return", reason="Masih kurang")

    after = _supplemented(office, receipt, attachments=["foto-1.jpg"], title="Jalan")

    assert ["foto-1.jpg", "foto-2.jpg", "foto-1.jpg"] == after["attachments"]


def test_every_message_stays_readable(office: Office) -> None:
    """The first is the complaint's, later ones are added, each with its time; the timeline tells who gave what when."""
    receipt = _returned(office, message="Jalan rusak", title="Jalan")
    office.later(hours=1)

    after = _supplemented(office, receipt, message="Di depan pasar", title="Jalan pasar")

    assert ("Jalan rusak", "Jalan pasar") == (after["message"], after["title"])
    [addition] = after["additions"]
    assert {"at": "2026-10-05T09:00:00+07:00", "message": "Di depan pasar"} == addition
    given = {entry["event"]: entry.get("given") for entry in seen(office, receipt)["timeline"]}
    assert {"message": "Jalan rusak", "title": "Jalan", "privacy": "open", "channel": "web"} == given["ComplaintFiled"]
    assert {"message": "Di depan pasar", "title": "Jalan pasar"} == given["Supplemented"]
    assert given["Returned"] is None


def test_the_reporter_is_completed_field_by_field(office: Office) -> None:
    """A new address costs nobody their name."""
    receipt = _returned(office, reporter={"name": "Siti", "address": "Jl. A"})

    after = _supplemented(office, receipt, reporter={"address": "Jl. B", "phone": "0812"})

    assert {"name": "Siti", "address": "Jl. B", "phone": "0812"} == after["reporter"]


_A = {"kecamatan": "Dayeuhluhur", "desa": "Hanum"}
_POINT = {"lat": -7.3, "lon": 108.6}


@pytest.mark.parametrize(
    ("before", "more", "after"),
    [
        ({"kecamatan": "Dayeuhluhur"}, {"desa": "Hanum"}, _A),
        (_A, _POINT, {**_A, **_POINT}),
        (_POINT, _A, {**_A, **_POINT}),
        ({**_A, **_POINT}, {"kecamatan": "Kroya"}, {"kecamatan": "Kroya"}),
        ({**_A, **_POINT}, {"lat": -7.4, "lon": 108.7}, {"lat": -7.4, "lon": 108.7}),
        ({**_A, **_POINT}, {"kecamatan": "DAYEUHLUHUR"}, {**_A, **_POINT}),
        ({**_A, **_POINT}, {"kecamatan": "dekat pasar"}, {}),
        ({"kecamatan": "dekat pasar"}, _A, _A),
    ],
)
def test_a_place_is_completed_or_given_anew(
    office: Office, before: dict[str, Any], more: dict[str, Any], after: dict[str, Any]
) -> None:
    """What fits is added; what contradicts replaces the whole: no village of one sub-district in another."""
    receipt = _returned(office, location=before)

    shown = _supplemented(office, receipt, location=more)
    apply_batch(office.runtime.database, RecapProjection(), decode, office.news())
    dossier = office.load(receipt.id)

    clear = (after.get("kecamatan"), after.get("desa"))
    assert after == shown.get("location", {})
    assert clear == (dossier.kecamatan, dossier.desa)
    assert [clear] == office.rows("SELECT kecamatan, desa FROM reporting.cases")
    words = {"location.kecamatan": "dekat pasar"} if more.get("kecamatan") == "dekat pasar" else None
    assert words == shown.get("as_written")


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ({"occurred_at": "2026-10-01T08:00:00+07:00"}, {"reporter": {"address": "Jl. A"}}),
        ({"reporter": {"address": "Jl. A"}}, {"occurred_at": "2026-10-01T08:00:00+07:00"}),
        ({"attachments": ["foto.jpg"]}, {"title": "Jalan"}),
        ({"category": "jalan berlubang"}, {"title": "Jalan"}),
        ({"location": _A}, {"location": {"kecamatan": "Kroya"}}),
    ],
)
def test_what_was_given_once_counts_as_given(
    office: Office, monkeypatch: pytest.MonkeyPatch, first: dict[str, Any], then: dict[str, Any]
) -> None:
    """Whatever the SOP asks for, and in whichever order it is given."""
    sop = office.runtime.tenants.get(T).sop
    asked = (
        "occurred_at", "reporter.address", "attachments", "category", "location.desa", "title", "message", "channel",
        "privacy", "reporter.name",
    )  # fmt: skip
    monkeypatch.setitem(sop.__dict__, "requires", asked)
    receipt = _returned(office, **first)
    office.say(receipt, "supplement", **then)
    given = {"message", "channel", "privacy", *_names(first), *_names(then)}

    assert tuple(name for name in asked if name not in given) == office.load(receipt.id).missing


def test_a_category_of_the_desks_is_not_undone_by_words(office: Office) -> None:
    """What an officer chose holds; what the reporter calls it stands beside it."""
    receipt = _returned(office, category="KESEHATAN")
    office.say(receipt, "supplement", category="puskesmas tutup")

    assert "KESEHATAN" == office.load(receipt.id).category


@pytest.mark.parametrize("name", ["channel", "external_id"])
def test_what_cannot_have_an_effect_is_refused(office: Office, name: str) -> None:
    """By its name, and the dossier stays as it was."""
    receipt = _returned(office)
    with pytest.raises(Invalid) as caught:
        office.say(receipt, "supplement", title="Jalan", **{name: "web"})

    assert [name] == list(caught.value.fields)
    assert not any(isinstance(event, Supplemented) for event in office.history(receipt.id))


def test_a_time_still_to_come_is_refused(office: Office) -> None:
    """Whoever supplements is there to correct it."""
    receipt = _returned(office)
    with pytest.raises(Invalid) as caught:
        office.say(receipt, "supplement", occurred_at="2027-01-01T00:00:00+07:00")

    assert {"occurred_at": ["in_the_future"]} == caught.value.fields


def _names(fields: dict[str, Any]) -> set[str]:
    """The dotted names of what is given."""
    below = {f"{part}.{name}" for part, value in fields.items() if isinstance(value, dict) for name in value}
    return below | {name for name, value in fields.items() if not isinstance(value, dict)}


def test_a_list_calls_a_complaint_as_its_own_page_does(office: Office) -> None:
    """By the latest title, without one by the first message; an addition changes neither."""
    receipt = _returned(office, message="Jalan berlubang di depan sekolah")
    called = [titles_of(office.runtime, [receipt.id])[receipt.id]]
    for fields in (
        {"message": "Sudah lama"},
        {"title": "Jalan Hanum"},
        {"title": "Jalan Hanum rusak", "message": "Ya"},
    ):
        office.say(receipt, "supplement", **fields)
        office.act(receipt, "coordinator", "return", reason="Lengkapi lagi")
        called.append(titles_of(office.runtime, [receipt.id])[receipt.id])
        assert seen(office, receipt)["complaint"]["title"] == called[-1]

    assert ["Jalan berlubang di depan sekolah"] * 2 + ["Jalan Hanum", "Jalan Hanum rusak"] == called
    office.say(receipt, "add", text="Masih rusak")
    assert "Jalan Hanum rusak" == titles_of(office.runtime, [receipt.id])[receipt.id]
    office.runtime.vault.destroy(receipt.id)
    assert {receipt.id: ""} == titles_of(office.runtime, [receipt.id])
