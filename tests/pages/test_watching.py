"""What a coordinator watches and decides on: suggestions in the inbox, twins side by side, what lies with whom."""

import re
from typing import Any

from tests.files.making import view
from tests.journey.installation import Api, officer
from tests.pages.desks import WHO, Desks, form_of
from tests.pages.faults import faults
from tests.pages.visitor import Form, Page, Visitor

HANUM = {"kecamatan": "Dayeuhluhur", "desa": "Hanum"}
BRIDGE = "Jembatan gantung Cikawung putus tali sebelah kiri, anak sekolah memutar jauh"


def _filed(api: Api, message: str) -> str:
    return str(_receipt(api, message)["ticket"])


def _receipt(api: Api, message: str) -> dict[str, Any]:
    return api.file("cilacap", message=message, title=message[:40], reporter=WHO, location=HANUM)


def _pair(page: Page, newer: str, older: str) -> list[Form]:
    return [form for form in page.forms if (form.values.get("one"), form.values.get("into")) == (newer, older)]


def _page_with(somebody: Visitor, newer: str, older: str) -> Page:
    """The page with a pair; the last if there is none. Others have filed in this same moment, so it may be any."""
    page = somebody.get("/cilacap/papan/kembar")
    while not _pair(page, newer, older):
        onward = [each for each in page.all("a", class_="button plain small") if "Yang lebih lama" in each.text]
        if not onward:
            return page
        page = somebody.get(onward[0].attributes["href"])
    return page


def test_twins_are_merged_or_told_apart_on_their_page(api: Api, desks: Desks) -> None:
    """The inbox marks them; side by side one decision takes them away; an agency's officer is offered none.

    Whoever merges what colleagues have sent on meanwhile reads all of that first.
    """
    first, newer = _filed(api, f"{BRIDGE}."), _receipt(api, f"{BRIDGE} sekali")
    second = str(newer["ticket"])
    api.rest()
    somebody = desks.enter("cilacap", "coordinator")
    marked = somebody.get("/cilacap/meja")
    asked = [each.attributes["data-hint"] for each in marked.elements if "data-hint" in each.attributes]
    address = f"{somebody.address}/cilacap/kabar/saran/{','.join([str(newer['id']), *asked[:10]])}"
    marks = somebody.session.get(address, timeout=60).json().values()
    strange = somebody.session.get(f"{somebody.address}/cilacap/kabar/saran/x", timeout=60)
    seen = _page_with(somebody, second, first)
    [form] = _pair(seen, second, first)
    empty = somebody.post(form.action, {**form.values, "reason": "", "deed": "merge"})
    apart = somebody.post(form.action, {**form.values, "deed": "apart"})
    latest = _receipt(api, f"{BRIDGE} betul")
    third = str(latest["ticket"])
    api.rest()
    [again] = _pair(_page_with(somebody, third, second), third, second)
    assert api.act(officer("cilacap", "coordinator"), latest["id"], "dispose", agency="dpupr").ok
    assert api.act(officer("cilacap", "operator", "dpupr"), latest["id"], "forward").ok
    overtaken = somebody.post(again.action, {**again.values, "deed": "merge", "reason": "Jembatan yang sama"})
    api.rest()
    [again] = _pair(_page_with(somebody, third, second), third, second)
    merged = somebody.post(again.action, {**again.values, "deed": "merge"})
    twice = somebody.post(again.action, {**again.values, "deed": "merge", "kiriman": "lain", "reason": "Sama persis"})

    assert asked
    assert f"Mungkin kembar {first}" in [twin for twin, _suggested in marks]
    assert 404 == strange.status_code
    assert [] == [fault for page in (marked, seen, empty, twice) for fault in faults(page)]
    assert (422, True) == (empty.status, bool(_pair(empty, second, first)))
    assert "Dicatat: bukan kembar." in apart.text
    assert [] == _pair(_page_with(somebody, second, first), second, first)
    assert 409 == overtaken.status
    assert re.search(rf"{third} sudah berubah: Didisposisikan ke .*; Diteruskan \(.*\. Lihat lagi", overtaken.text)
    assert "Jembatan yang sama" in overtaken.text
    assert "Sudah digabungkan." in merged.text
    assert f"/cilacap/berkas/{second}" in [
        each.attributes["href"] for each in somebody.get(f"/cilacap/berkas/{third}").all("a") if each.text == second
    ]
    [behind] = [each for each in somebody.get(f"/cilacap/berkas/{second}").all("a") if each.text == "aduan itu"]
    assert third in [each.text for each in somebody.get(behind.attributes["href"]).all("span", class_="tag")]
    assert "merged" == api.dossier("cilacap", third)["status"]
    assert (409, True) == (twice.status, "Sama persis" in twice.text)
    neighbour = desks.enter("cilacap", "operator", "dishub").get("/cilacap/papan/kembar")
    assert (200, []) == (neighbour.status, [form for form in neighbour.forms if "one" in form.values])


def test_what_offices_sent_back_is_listed_with_its_reason_and_apart_what_goes_to_and_fro(
    api: Api, desks: Desks
) -> None:
    """Once back is sent back, twice is to and fro; an office sees nothing of what another one sent back."""
    receipts = [_receipt(api, f"Gorong-gorong tersumbat {number}") for number in range(2)]
    for receipt, times in zip(receipts, (1, 2), strict=True):
        for agency in ("dpupr", "dispertan")[:times]:
            assert api.act(officer("cilacap", "coordinator"), receipt["id"], "dispose", agency=agency).ok
            back = officer("cilacap", "operator", agency)
            assert api.act(back, receipt["id"], "return", reason="Bukan jalan kami").ok
    api.rest()
    once, twice = (str(receipt["ticket"]) for receipt in receipts)
    somebody = desks.enter("cilacap", "coordinator")
    returned, bounced = (somebody.get(f"/cilacap/papan/{each}").text for each in ("dikembalikan", "memantul"))
    elsewhere = desks.enter("cilacap", "operator", "dishub").get("/cilacap/papan/dikembalikan").text

    assert [True, True] == [ticket in returned for ticket in (once, twice)]
    assert [False, True] == [ticket in bounced for ticket in (once, twice)]
    assert "salah dinas (1\N{MULTIPLICATION SIGN})" in returned
    assert "salah dinas (2\N{MULTIPLICATION SIGN})" in bounced
    assert not [ticket for ticket in (once, twice) if ticket in elsewhere]


def test_what_lies_with_an_office_is_told_where_it_is_chosen(api: Api, desks: Desks) -> None:
    """Beside its name, before another complaint is sent there."""
    sent, waits = _filed(api, "Pagar puskesmas roboh"), _filed(api, "Kursi tunggu puskesmas patah")
    assert api.act(officer("cilacap", "coordinator"), sent, "dispose", agency="dinkes").ok
    api.rest()
    page = desks.enter("cilacap", "coordinator").get(f"/cilacap/berkas/{waits}")

    assert "dispose" == form_of(page, "dispose").values["action"]
    assert "terbuka" in next(each.text for each in page.all("option") if each.attributes["value"] == "dinkes")


def test_a_photo_of_another_complaint_is_told_beside_it(api: Api, desks: Desks) -> None:
    """With the other's ticket, for the coordinator to compare; it says itself that it is no verdict."""
    first, second = _filed(api, "Gorong-gorong ambrol"), _filed(api, "Talut longsor")
    somebody = desks.enter("cilacap", "coordinator")
    for number, ticket in enumerate((first, second)):
        page = somebody.get(f"/cilacap/berkas/{ticket}")
        bukti = {"file": ("bukti.jpg", view("gorong-gorong", quality=90 - 40 * number), "image/jpeg")}
        assert 200 == somebody.send(page, "/lampiran", kind="photo", files=bukti).status
    api.rest()
    seen = somebody.get(f"/cilacap/berkas/{second}")

    assert f"Mirip foto di {first} (Kabupaten Cilacap" in seen.text
    assert "belum tentu foto yang sama" in seen.text
    assert [] == list(faults(seen))
