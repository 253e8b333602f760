"""Nothing that an officer typed is lost or done twice: by a fault, a colleague, an ended visit, a double tap."""

from typing import Final

import pytest

from tests.fixtures.waiting import eventually
from tests.journey.installation import Api, officer
from tests.pages.desks import PASSWORD, PICTURE, Desks, filed, filled, form_of
from tests.pages.screen import Screen
from tests.pages.visitor import Page, Visitor


def test_what_is_missing_from_a_form_is_said_beside_the_field(api: Api, desks: Desks) -> None:
    """The same form again, open, with what was typed and the sentence that names the remedy."""
    receipt = filed(api)
    assert api.act(officer("cilacap", "coordinator"), receipt["id"], "dispose", agency="dpupr").ok
    somebody = desks.enter("cilacap", "operator", "dpupr")
    page = somebody.get(f"/cilacap/berkas/{receipt['ticket']}")
    form = form_of(page, "return")
    again = somebody.post(form.action, {**form.values, "reason": ""})

    assert 422 == again.status
    assert again.all("a", href=f"#d{form.values['number']}-reason")
    assert "true" == again.one("textarea", id=f"d{form.values['number']}-reason").attributes["aria-invalid"]


def test_two_officers_at_once_lose_no_text(api: Api, desks: Desks) -> None:
    """Who comes second is told, and finds what they wrote."""
    receipt = filed(api)
    assert api.act(officer("cilacap", "coordinator"), receipt["id"], "dispose", agency="dpupr").ok
    somebody = desks.enter("cilacap", "operator", "dpupr")
    page = somebody.get(f"/cilacap/berkas/{receipt['ticket']}")
    assert api.act(officer("cilacap", "operator", "dpupr"), receipt["id"], "forward").ok
    form = form_of(page, "return")
    late = somebody.post(form.action, {**form.values, "reason": "Ini jalan provinsi, bukan jalan kami"})

    assert 409 == late.status
    assert "Berkas ini sudah berubah" in late.text
    assert "Ini jalan provinsi, bukan jalan kami" in _to_be_copied(late)


def test_what_was_chosen_is_told_by_its_name_where_its_list_is_gone(api: Api, desks: Desks) -> None:
    """Of two who dispose at once the second finds the office that they meant, and not how programs call it."""
    receipt = filed(api)
    somebody = desks.enter("cilacap", "coordinator")
    form = form_of(somebody.get(f"/cilacap/berkas/{receipt['ticket']}"), "dispose")
    assert api.act(officer("cilacap", "coordinator"), receipt["id"], "dispose", agency="dinkes").ok
    late = somebody.post(form.action, {**form.values, "agency": "dpupr", "note": "Tolong dicek lapangan"})
    kept = _to_be_copied(late)

    assert 409 == late.status
    assert "Dinas Pekerjaan Umum dan Penataan Ruang" in kept
    assert "Tolong dicek lapangan" in kept
    assert "dpupr" not in kept


def test_a_text_sent_after_the_visit_ended_comes_back_after_logging_in(api: Api, desks: Desks) -> None:
    """It is sealed into the log-in page, shown in its form again, and never sent by itself."""
    receipt = filed(api)
    somebody = desks.enter("cilacap", "coordinator")
    page = somebody.get(f"/cilacap/berkas/{receipt['ticket']}")
    form = form_of(page, "return")
    somebody.session.cookies.clear()
    asked = somebody.post(form.action, {**form.values, "reason": "Alamatnya belum lengkap"})
    name = desks.account("cilacap", "coordinator")
    entered = somebody.send(asked, "/masuk", username=name, password=PASSWORD)
    resumed = somebody.send(entered, "/lanjut")

    assert (401, True) == (asked.status, "Sesi Anda berakhir" in asked.text)
    assert "Alamatnya" not in asked.html
    assert "Alamatnya belum lengkap" in [each.text.strip() for each in resumed.all("textarea")]
    assert "Belum terkirim. Periksa lalu kirim." in resumed.text
    assert "in_progress" == api.dossier("cilacap", receipt["id"])["status"]


def test_a_file_sent_after_the_visit_ended_is_asked_for_again(api: Api, desks: Desks) -> None:
    """It is not kept, and that is said before and after logging in; what it is, and what was written for a document,
    is in its form.
    """
    receipt = filed(api)
    somebody = desks.enter("cilacap", "coordinator")
    name = desks.account("cilacap", "coordinator")
    page = somebody.get(f"/cilacap/berkas/{receipt['ticket']}")
    sending, making = (form for form in page.forms if form.action.endswith("/lampiran"))
    somebody.session.cookies.clear()
    asked = somebody.post(
        sending.action, {**sending.values, "kind": "document"}, files={"file": ("jalan.jpg", PICTURE, "image/jpeg")}
    )
    resumed = somebody.send(somebody.send(asked, "/masuk", username=name, password=PASSWORD), "/lanjut")
    somebody.session.cookies.clear()
    late = somebody.post(making.action, {**making.values, "document": "nota_dinas", "note": "Mohon dicek ke lapangan"})
    again = somebody.send(somebody.send(late, "/masuk", username=name, password=PASSWORD), "/lanjut")

    assert ["Pilih berkasnya lagi" in each.text for each in (asked, resumed, late, again)] == [True, True, False, False]
    assert [] == [each for each in resumed.all("textarea") if "readonly" in each.attributes]
    assert "document" == resumed.form("/lampiran").values["kind"]
    assert "Mohon dicek ke lapangan" == again.one("textarea", id="document-note").text.strip()
    assert "Mohon dicek ke lapangan" != again.form("/catatan").values.get("note", "")


def test_a_text_that_no_form_takes_any_more_comes_back_to_be_copied(api: Api, desks: Desks) -> None:
    """A colleague passed the dossier on before its writer had logged in again."""
    receipt = filed(api)
    somebody = desks.enter("cilacap", "coordinator")
    form = form_of(somebody.get(f"/cilacap/berkas/{receipt['ticket']}"), "return")
    somebody.session.cookies.clear()
    asked = somebody.post(form.action, {**form.values, "reason": "Alamatnya belum lengkap"})
    assert api.act(officer("cilacap", "coordinator"), receipt["id"], "dispose", agency="dpupr").ok
    api.rest()
    name = desks.account("cilacap", "coordinator")
    resumed = somebody.send(somebody.send(asked, "/masuk", username=name, password=PASSWORD), "/lanjut")

    assert "Alamatnya belum lengkap" in _to_be_copied(resumed)


def test_a_form_sent_twice_is_done_once(api: Api, desks: Desks) -> None:
    """A double tap: one event, and no error."""
    receipt = filed(api)
    somebody = desks.enter("cilacap", "coordinator")
    page = somebody.get(f"/cilacap/berkas/{receipt['ticket']}")
    data = filled(page, form_of(page, "dispose"), agency="dpupr")
    both = [somebody.post(form_of(page, "dispose").action, data) for _ in range(2)]
    events = [each["event"] for each in api.dossier("cilacap", receipt["id"])["timeline"]]

    assert [200, 200] == [each.status for each in both]
    assert 1 == events.count("Dispositioned")


_FORM: Final = "form[data-draft^='return-']"
_OPEN: Final = f"document.querySelector(\"{_FORM}\").closest('details').open = true"


@pytest.mark.browser
def test_what_is_written_in_one_place_outlives_a_sending_in_another(screen: Screen, api: Api, desks: Desks) -> None:
    """Of two dossiers in one tab, and of a reporter who reads once more before sending; what was sent is forgotten."""
    one, two = filed(api), filed(api)
    screen.become(desks.enter("cilacap", "coordinator"))
    for receipt in (one, two):
        screen.open(f"/cilacap/berkas/{receipt['ticket']}")
        screen.run(_OPEN)
        screen.write(f"{_FORM} textarea", f"Di mana tempatnya, {receipt['ticket']}?")
    screen.leave_by(f"{_FORM} button")
    eventually(lambda: "terkirim" not in screen.run("return Object.keys(sessionStorage)"))
    kept = screen.run("return Object.keys(sessionStorage)")
    screen.open(f"/cilacap/berkas/{one['ticket']}")
    screen.run(_OPEN)
    again = screen.find(f"{_FORM} textarea").get_attribute("value")

    somebody = Visitor(api.address)
    somebody.send(somebody.get("/cilacap/lacak"), "/lacak", ticket=one["ticket"], code=one["tracking_code"])
    screen.become(somebody)
    screen.open(f"/cilacap/aduan/{one['ticket']}/tarik")
    screen.write("#reason", "Sudah dibetulkan tetangga")
    screen.open(f"/cilacap/aduan/{one['ticket']}")
    screen.open(f"/cilacap/aduan/{one['ticket']}/tarik")

    assert [True] == [one["ticket"] in key for key in kept]
    assert f"Di mana tempatnya, {one['ticket']}?" == again
    assert "Sudah dibetulkan tetangga" == screen.find("#reason").get_attribute("value")


_HASTE: Final = """
const real = window.setTimeout;
window.setTimeout = (deed, wait) => real(deed, wait / 50);
addEventListener("submit", (event) => event.preventDefault());
"""


@pytest.mark.browser
def test_a_sending_that_takes_long_says_so_and_can_be_given_up(screen: Screen, api: Api) -> None:
    """Nothing goes out here, so no answer comes: it is still trying, until told to stop; the text stays, to be sent."""
    del api
    made = screen.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": _HASTE})
    screen.open("/cilacap/adukan")
    screen.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", made)
    screen.write("#message", "Jalan berlubang")
    words = screen.find("#aduan .button").text
    screen.click("#aduan .button")
    stop = screen.find("#aduan p[role=status] button")
    trying, busy = screen.find("#aduan p[role=status]").text, screen.find("#aduan .button").is_enabled()
    found = screen.axe()
    stop.click()
    told = screen.find("#aduan p[role=status]").text

    assert ("Masih mencoba … Batal", False, []) == (trying, busy, found)
    assert "Tulisan Anda masih ada" in told
    assert (words, True) == (screen.find("#aduan .button").text, screen.find("#aduan .button").is_enabled())
    assert "Jalan berlubang" == screen.find("#message").get_attribute("value")


def _to_be_copied(page: Page) -> list[str]:
    """The texts that a page repeats beside no form; its script has the words of the button that copies them."""
    assert "Salin" == page.one("template", id="lama").attributes["data-copy"]
    return [each.text.strip() for each in page.all("textarea") if "readonly" in each.attributes]
