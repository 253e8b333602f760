"""Filing by the page, with scripts and without."""

import io
import re
from collections.abc import Callable
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pikepdf
import pytest

from cli.installation import running
from portal import tries
from shared.application.citizens.contact import CitizensContact
from shared.application.citizens.hashing import of_contact
from shared.application.identity.attempts import Attempts
from shared.base.clock import SystemClock
from tests.files.making import view
from tests.fixtures.waiting import eventually, patience
from tests.journey.installation import Api
from tests.pages.desks import PICTURE, Desks
from tests.pages.screen import DESK, Screen
from tests.pages.visitor import Page, Visitor

FORM = "/cilacap/adukan"
TEXT = "Jalan utama Desa Hanum berlubang cukup dalam sejak dua minggu lalu."
WHO = {"reporter__name": "Siti Rahayu", "reporter__address": "RT 02/RW 01 Hanum"}

Visitors = Callable[..., Visitor]


def _file(somebody: Visitor, **values: str) -> Page:
    return somebody.send(somebody.get(FORM), "/adukan", **{"message": TEXT, **WHO, **values})


@pytest.mark.browser
def test_a_citizen_files_on_a_telephone_and_follows_the_complaint(screen: Screen, api: Api) -> None:
    """From the first page to the complaint's own, by thumb: an error, what is incomplete, the receipt, the way."""
    screen.open("/cilacap/")
    screen.leave_by("a[href$='/adukan']")
    screen.leave_by("#aduan button[type=submit]")
    assert "Tulis apa yang terjadi" in screen.find(".summary").text
    assert screen.run("return document.activeElement.classList.contains('summary')")

    screen.write("#message", TEXT)
    screen.choose("#location-kecamatan", "Dayeuhluhur")
    narrowed = [each.get_attribute("label") for each in screen.all("#location-desa optgroup")]
    screen.choose("#location-desa", "Hanum")
    screen.leave_by("#aduan button[type=submit]")
    assert ["Dayeuhluhur"] == narrowed
    assert "Belum lengkap: nama, alamat." in screen.text

    screen.write("#reporter-name", "Siti Rahayu")
    screen.write("#reporter-address", "RT 02/RW 01")
    screen.leave_by("#aduan button[type=submit]")
    ticket, code = screen.find("#tiket").text, screen.find("#kode").text
    assert "/cilacap/terima" == screen.path
    seen = api.ok("GET", f"/cilacap/complaints/{ticket}", params={"code": code})
    assert {"kecamatan": "Dayeuhluhur", "desa": "Hanum"} == seen["complaint"]["location"]

    screen.leave_by("main form button")
    assert "Simpan dulu kodenya" in screen.text
    screen.click("label[for=disimpan]")
    screen.leave_by("main form button")
    assert f"/cilacap/aduan/{ticket}" == screen.path
    assert "Sedang diperiksa meja pengaduan Kabupaten Cilacap" == screen.find("h1").text
    assert code not in screen.driver.page_source


@pytest.mark.browser
def test_filing_works_at_a_desk_without_scripts(screen: Screen) -> None:
    """Every field, a village of the long list among them, and the code that is typed anew."""
    screen.width(DESK)
    screen.scripts(on=False)
    screen.open(FORM)
    screen.write("#message", TEXT)
    screen.find("#location-desa optgroup[label=Dayeuhluhur] option[value$='|Hanum']").click()
    screen.write("#reporter-name", "Siti")
    screen.write("#reporter-address", "Hanum")
    screen.leave_by("#aduan button[type=submit]")
    ticket, code = screen.find("#tiket").text, screen.find("#kode").text

    screen.open(f"/cilacap/lacak/{ticket}")
    screen.write("#code", code.lower())
    screen.leave_by("main form button")

    assert f"/cilacap/aduan/{ticket}" == screen.path
    assert "Hanum, Dayeuhluhur" in screen.text


@pytest.mark.browser
def test_a_field_that_is_nearly_full_says_what_it_takes_and_a_refused_text_is_copied(screen: Screen) -> None:
    """From nine tenths on, not before; the button stands below what was not taken, and says what became of it."""
    fill = """
    const field = document.querySelector("#message");
    field.value = "x".repeat(Math.floor(field.maxLength * arguments[0]));
    field.dispatchEvent(new Event("input", {bubbles: true}));
    """
    said = "return document.querySelector('#message').parentElement.querySelector('.count')?.textContent ?? ''"
    screen.open(FORM)
    screen.run(fill, 0.5)
    before = screen.run(said)
    screen.run(fill, 0.95)
    screen.wait(lambda: screen.run(said) == "Masih muat 1.000 tanda.")
    screen.run(fill, 1)
    screen.wait(lambda: screen.run(said) == "Masih muat 0 tanda.")
    screen.run(fill, 0.8)
    screen.wait(lambda: screen.run(said) == "")
    screen.write("#message", TEXT)
    screen.run("document.querySelector('#aduan [name=tanda]').remove()")
    screen.leave_by("#aduan button[type=submit]")
    screen.click("textarea[readonly] + button")
    screen.wait(lambda: screen.find("textarea[readonly] + button + p").text != "")

    assert before == ""
    assert TEXT == screen.find("textarea[readonly]").get_attribute("value")
    assert screen.find("textarea[readonly] + button + p").text in (
        "Tersalin.",
        "Tidak dapat menyalin. Tulisannya sudah dipilih: salin sendiri.",
    )


@pytest.mark.browser
def test_a_scanned_code_fills_the_form_and_leaves_the_address(screen: Screen, visitor: Visitors) -> None:
    """What stands behind the # is read by the page's script, and is gone from the address before anything is sent."""
    receipt = _file(visitor())
    ticket, code = receipt.one("p", id="tiket").text, receipt.one("p", id="kode").text

    screen.open(f"/cilacap/lacak/{ticket}#{code.replace('-', '')}")

    assert code.replace("-", "") == screen.find("#code").get_attribute("value")
    assert f"/cilacap/lacak/{ticket}" == screen.path
    screen.leave_by("main form button")
    assert f"/cilacap/aduan/{ticket}" == screen.path


@pytest.mark.browser
def test_photos_are_shrunk_before_they_travel_and_can_be_taken_back(
    screen: Screen, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Two chosen, one removed, the other kept with the complaint, smaller than it was."""
    from PIL import Image

    folder = tmp_path_factory.mktemp("photos")
    for name in ("satu.jpg", "dua.jpg"):
        Image.effect_noise((2400, 1800), 90).convert("RGB").save(folder / name, quality=95)
    screen.open(FORM)
    screen.find("#photos").send_keys(f"{folder / 'satu.jpg'}\n{folder / 'dua.jpg'}")
    screen.find("#photos-pilihan li:nth-child(2) button").click()
    sizes = screen.run("return [...document.getElementById('photos').files].map((file) => file.size)")
    screen.write("#message", TEXT)
    screen.write("#reporter-name", "Siti")
    screen.write("#reporter-address", "Hanum")
    screen.leave_by("#aduan button[type=submit]")
    screen.click("label[for=disimpan]")
    screen.leave_by("main form button")

    assert 1 == len(sizes)
    assert sizes[0] < (folder / "dua.jpg").stat().st_size / 2
    assert 1 == len(screen.all("main a[href*='/berkas/']"))


@pytest.mark.browser
def test_photos_on_their_way_are_told_and_stay_through_an_error(
    screen: Screen, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """How far they are, in words, while they travel; what must be mended first is shown with them still chosen."""
    from PIL import Image

    photo = tmp_path_factory.mktemp("photos") / "lubang.jpg"
    Image.effect_noise((2400, 1800), 90).convert("RGB").save(photo, quality=95)
    screen.open(FORM)
    screen.find("#photos").send_keys(str(photo))
    screen.find("#photos-pilihan li")
    screen.click("#aduan button[type=submit]")
    assert "Tulis apa yang terjadi" in screen.find(".summary").text
    screen.find("#photos-pilihan li")
    assert "Berkas harus dipilih lagi" not in screen.text
    assert screen.run("return document.activeElement.classList.contains('summary')")

    screen.write("#message", TEXT)
    screen.write("#reporter-name", "Siti")
    screen.write("#reporter-address", "Hanum")
    screen.slow(400_000)
    screen.run(_NOTE_HOW_FAR)
    screen.leave_by("#aduan button[type=submit]")
    told = screen.run("return sessionStorage.getItem('maju').split('|')")
    screen.click("label[for=disimpan]")
    screen.leave_by("main form button")

    assert ("Berkas terkirim 0 %", "Berkas terkirim 100 %") == (told[0], told[-1])
    assert len(told) > 2
    assert 1 == len(screen.all("main a[href*='/berkas/']"))


@pytest.mark.browser
def test_photos_that_did_not_arrive_are_still_there(screen: Screen, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The network breaks off on the way: it is said, and sent again by the same button."""
    photo = tmp_path_factory.mktemp("photos") / "lubang.jpg"
    photo.write_bytes(PICTURE)
    screen.open(FORM)
    screen.find("#photos").send_keys(str(photo))
    screen.find("#photos-pilihan li")
    screen.write("#message", TEXT)
    screen.write("#reporter-name", "Siti")
    screen.write("#reporter-address", "Hanum")
    screen.run("Object.defineProperty(navigator, 'onLine', { get: () => true })")
    screen.offline(yes=True)
    screen.click("#aduan button[type=submit]")
    eventually(lambda: "jaringan terputus" in screen.text)
    screen.offline(yes=False)
    screen.leave_by("#aduan button[type=submit]")

    assert "/cilacap/terima" == screen.path
    screen.driver.get_log("browser")  # that it could not be sent is noted there, too


@pytest.mark.browser
def test_what_is_too_large_leaves_the_form_as_it_was(screen: Screen, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A film beyond all that a form may hold: it is said in the form, which still has everything that was typed."""
    large = tmp_path_factory.mktemp("films") / "jalan.mp4"
    with large.open("wb") as file:
        file.truncate(32 * 1024 * 1024)
    screen.open(FORM)
    screen.find("#photos").send_keys(str(large))
    screen.find("#photos-pilihan li")
    screen.write("#message", TEXT)
    screen.click("#aduan button[type=submit]")
    eventually(lambda: "berkasnya terlalu besar" in screen.text)

    assert TEXT == screen.run("return document.getElementById('message').value")
    assert 1 == screen.run("return document.getElementById('photos').files.length")
    screen.driver.get_log("browser")


_NOTE_HOW_FAR = """
new MutationObserver(() => {
  const label = document.querySelector("label[for=maju]");
  const told = (sessionStorage.getItem("maju") || "").split("|").filter(Boolean);
  if (label && label.textContent && told.at(-1) !== label.textContent) told.push(label.textContent);
  sessionStorage.setItem("maju", told.join("|"));
}).observe(document.body, { subtree: true, childList: true, characterData: true });
"""


def test_an_error_names_the_field_and_keeps_what_was_typed(visitor: Visitors) -> None:
    """A summary that leads to the field, the sentence beside it, and everything as it was."""
    page = _file(visitor(), message="  ", reporter__name="Siti <b>Rahayu</b>")

    field = page.one("textarea", id="message")
    assert 422 == page.status
    assert page.one("title").text.startswith("Ada yang perlu diperbaiki:")
    assert "true" == field.attributes["aria-invalid"]
    assert "message-galat" in field.attributes["aria-describedby"]
    assert page.all("a", href="#message")
    assert "Siti <b>Rahayu</b>" == page.form("/adukan").values["reporter.name"]
    assert "<b>Rahayu" not in page.html


def test_what_is_incomplete_is_said_once_and_may_be_sent_all_the_same(visitor: Visitors, api: Api) -> None:
    """The SOP's own list of what is needed; sent as it is, the complaint is filed and lists it as missing."""
    somebody = visitor()
    page = _file(somebody, reporter__name="")
    sent = somebody.send(page, "/adukan", tetap="1")

    ticket, code = sent.one("p", id="tiket").text, sent.one("p", id="kode").text
    assert 422 == page.status
    assert "Belum lengkap: nama." in page.text
    seen = api.ok("GET", f"/cilacap/complaints/{ticket}", params={"code": code})
    assert ["reporter.name"] == seen["missing"]


@pytest.mark.parametrize("number", ["3301012345678901", "0812-3456-7890", "+62 812 3456 7890"])
def test_a_private_number_in_the_text_is_asked_about(visitor: Visitors, api: Api, number: str) -> None:
    """An identity or telephone number is read by every officer: it can be taken out, or left on purpose."""
    somebody = visitor()
    asked = _file(somebody, message=f"{TEXT} Hubungi {number} ya")
    removed = somebody.send(asked, "/adukan", nomor="hapus")

    ticket, code = removed.one("p", id="tiket").text, removed.one("p", id="kode").text
    seen = api.ok("GET", f"/cilacap/complaints/{ticket}", params={"code": code})
    assert 422 == asked.status
    assert "NIK" in asked.text
    assert f"{TEXT} Hubungi [nomor dihapus] ya" == seen["complaint"]["message"]


def test_a_number_of_an_identity_that_cannot_be_right_is_told_and_marked(
    visitor: Visitors, api: Api, desks: Desks
) -> None:
    """Once, and then taken as it was written: the desk sees beside it what is odd; of one that may be right nothing."""
    somebody, marks = visitor(), []
    for number, banner in (("3503013002800002", True), ("3503010101800002", False)):
        form = somebody.get("/trenggalek/adukan")
        asked = somebody.send(form, "/adukan", message=TEXT, reporter__name="Siti", reporter__identity=number)
        assert (422, banner) == (asked.status, "tanggal lahir, dan tanggal itu tidak ada" in asked.text)
        sent = somebody.send(asked, "/adukan", tetap="1")
        ticket = sent.one("p", id="tiket").text
        api.rest()
        desk = desks.enter("trenggalek", "coordinator").get(f"/trenggalek/berkas/{ticket}")
        assert number in desk.text
        marks.append("Periksa NIK:" in desk.text)
    assert [True, False] == marks


def test_a_photo_that_failed_stops_nothing_is_named_and_can_be_sent_again(visitor: Visitors) -> None:
    """The complaint is filed; the receipt names the missing file and, once the code is saved, leads to sending it."""
    somebody = visitor()
    files = [
        ("photos", ("lubang.jpg", PICTURE, "image/jpeg")),
        ("photos", ("rusak.jpg", b"no picture", "image/jpeg")),
    ]
    receipt = somebody.send(somebody.get(FORM), "/adukan", files=files, message=TEXT, **WHO)
    hasty = somebody.send(receipt, "/terima", foto="1")
    again = somebody.send(receipt, "/terima", foto="1", disimpan="1")
    sent = somebody.send(again, "/foto", files={"photos": ("benar.jpg", view("lubang"), "image/jpeg")})
    kept = [each.text for each in sent.all("a") if "/berkas/" in each.attributes["href"]]

    assert "1 berkas belum tersimpan." in receipt.text
    assert "Yang belum: rusak.jpg" in receipt.text
    assert "Kirim foto lagi" in [each.text for each in receipt.all("button")]
    assert 422 == hasty.status
    assert "Tambah foto" == again.heading
    assert ["lubang.jpg", "benar.jpg"] == kept
    assert "Berkas Anda sudah kami terima." in sent.text


def test_a_form_that_is_sent_twice_is_filed_once(visitor: Visitors) -> None:
    """Going back and sending again shows the first receipt, also where a word was changed, and says so."""
    somebody = visitor()
    form = somebody.get(FORM)
    first = somebody.send(form, "/adukan", message=TEXT, **WHO)
    again = somebody.send(form, "/adukan", message=TEXT, **WHO)
    changed = somebody.send(form, "/adukan", message=f"{TEXT} Lagi.", **WHO)

    tickets = {each.one("p", id="tiket").text for each in (first, again, changed)}
    assert 1 == len(tickets)
    assert "sudah kami terima sebelumnya" in changed.text
    assert "Yang Anda ubah sesudah itu tidak ikut tercatat." in changed.text


def test_another_complaint_in_a_form_that_was_sent_is_not_lost(visitor: Visitors) -> None:
    """It is not taken for the one that was sent, nor for a later one: the text is there, to be sent once more."""
    somebody = visitor()
    form = somebody.get(FORM)
    first, later = somebody.send(form, "/adukan", message=TEXT, **WHO), _file(somebody, message="Sampah menumpuk")
    other = somebody.send(form, "/adukan", message="Pohon tumbang di jalan desa", **WHO)
    sent = somebody.send(other, "/adukan")
    tickets = [each.one("p", id="tiket").text for each in (first, later, sent)]

    assert (409, "Pohon tumbang di jalan desa") == (other.status, other.form("/adukan").values["message"])
    assert "sudah terkirim aduan" in other.text
    assert 3 == len(set(tickets))


def test_who_is_named_by_too_many_complaints_waits_and_loses_nothing(api: Api, visitor: Visitors) -> None:
    """From wherever they were filed; for how long is said, and another way, and whoever else files is not held up."""
    assert api.data is not None
    named = CitizensContact("email", "banyak@warga.example")
    with running(api.data) as runtime:
        counted = Attempts(runtime.database, SystemClock(), tries.BY_CONTACT)
        for _ in range(tries.BY_CONTACT.at_one_account):
            counted.count(of_contact(runtime, "cilacap", named).hex(), "kontak/elsewhere")
    held = _file(visitor(), reporter__email="Banyak@warga.example")
    other = _file(visitor(), reporter__email="sedikit@warga.example")

    assert (429, TEXT) == (held.status, held.form("/adukan").values["message"])
    assert re.search(r"Coba lagi dalam 1\d menit, atau sampaikan di meja pengaduan\.", held.text)
    assert int(held.headers["Retry-After"]) <= 15 * 60
    assert other.address.endswith("/terima")


def test_a_form_from_elsewhere_is_refused_and_loses_nothing(visitor: Visitors) -> None:
    """Without the token of our own page, or sent from another site, nothing is filed; the text can be copied."""
    somebody = visitor()
    values = {**somebody.get(FORM).form("/adukan").values, "message": TEXT}
    without = somebody.post(FORM, {**values, "tanda": "x"})
    cross = somebody.post(FORM, values, headers={"Sec-Fetch-Site": "cross-site"})
    stranger = visitor().post(FORM, values)

    assert [403, 403, 403] == [without.status, cross.status, stranger.status]
    assert TEXT in without.one("textarea").text


def test_the_receipt_proves_what_was_recorded(visitor: Visitors, desks: Desks) -> None:
    """By the hash of the very event, as whoever audits the log reads it."""
    receipt = _file(visitor())
    ticket, told = receipt.one("p", id="tiket").text, receipt.one("code", id="sidik").text
    chain = desks.administrator("cilacap").get(f"/cilacap/kelola/audit/{ticket}")

    assert 64 == len(told)
    assert told[:16] in chain.text


def test_the_receipt_is_for_the_browser_that_filed_and_holds_the_code_nowhere_else(visitor: Visitors) -> None:
    """Not in the address, not in a cookie that can be read, not for anybody else; reloading shows it again."""
    somebody = visitor()
    receipt = _file(somebody)
    code = receipt.one("p", id="kode").text.replace("-", "")

    assert receipt.address.endswith("/cilacap/terima")
    assert all(code not in (cookie.value or "") for cookie in somebody.session.cookies)
    assert code[:4] in somebody.get("/cilacap/terima").text
    paper = somebody.session.get(f"{somebody.address}/cilacap/terima/tanda-terima.pdf", timeout=60)
    with pikepdf.open(io.BytesIO(paper.content)) as opened:
        assert (1, "Tanda Terima Aduan") == (len(opened.pages), str(opened.docinfo["/Title"]))
    assert not any(code[:4] in value for value in paper.headers.values())
    assert "no-store" == paper.headers["Cache-Control"]
    tracked = visitor()
    ticket = receipt.one("p", id="tiket").text
    opened_by_code = tracked.send(tracked.get("/cilacap/lacak"), "/lacak", ticket=ticket, code=code)
    assert f"/aduan/{ticket}" in opened_by_code.address
    assert 410 == visitor().get("/cilacap/terima").status
    assert 410 == somebody.get("/bantul/terima").status


@pytest.mark.parametrize("tenant", ["bantul", "cilacap", "cirebon", "majalengka", "trenggalek"])
def test_every_government_asks_what_its_sop_requires(visitor: Visitors, api: Api, tenant: str) -> None:
    """A field for each thing that it requires, none of them marked as optional, and a promise in its own words."""
    page = visitor().get(f"/{tenant}/adukan")
    requires = api.ok("GET", f"/sops/{tenant}")["requires"]

    names = {"attachments": "photos"}
    fields = {each.attributes.get("name") for each in page.elements if each.attributes.get("name")}
    assert {names.get(name, name) for name in requires} <= fields
    for name in requires:
        label = page.one("label", for_=names.get(name, name).replace(".", "-"))
        assert "boleh kosong" not in label.text
    assert "Bila dikirim sekarang" in page.text
    assert "Yang akan terlihat umum setelah diperiksa petugas" in page.text


def test_who_leaves_takes_the_receipt_along(visitor: Visitors) -> None:
    """Whoever takes the telephone next is told no code: neither by the complaint's page nor by the receipt's."""
    somebody = visitor()
    receipt = _file(somebody)
    known = {"ticket": receipt.one("p", id="tiket").text, "code": receipt.one("p", id="kode").text}
    opened = somebody.send(somebody.get("/cilacap/lacak"), "/lacak", **known)
    somebody.send(opened, "/keluar-lacak")

    assert 410 == somebody.get("/cilacap/terima").status


def test_what_is_too_large_is_told_with_the_limit_of_its_page(visitor: Visitors, api: Api) -> None:
    """A page that takes photos takes more than one that takes a code; who sends more is told what to do."""
    token = visitor().get("/cilacap/lacak").form("/lacak").values["tanda"]
    small = visitor("en").post("/cilacap/lacak", {"tanda": token, "code": "x" * 1_100_000})
    host = urlsplit(api.address)
    sending = HTTPConnection(host.hostname or "", host.port, timeout=patience(30))
    sending.putrequest("POST", "/cilacap/adukan")
    for name, value in (("Content-Length", "99999999"), ("Content-Type", "multipart/form-data; boundary=x")):
        sending.putheader(name, value)
    sending.endheaders()
    large = sending.getresponse()

    assert (413, True) == (small.status, "larger than 1 MB" in small.text)
    assert (413, True) == (large.status, "lebih besar dari 30 MB" in large.read().decode())
    sending.close()
