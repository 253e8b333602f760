"""Who opened personal data, as the pages and the API tell it."""

from collections.abc import Callable

from tests.fixtures.waiting import patience
from tests.journey.installation import ADMIN, Api
from tests.pages.desks import PICTURE, Desks
from tests.pages.visitor import Visitor


def test_an_opened_dossier_is_told_to_the_administrator_and_counted_for_the_reporter(
    api: Api, desks: Desks, visitor: Callable[..., Visitor]
) -> None:
    """Page and API alike: account, role and reason here, role and number there; a register counts as well."""
    receipt = api.file("cilacap", message="Jalan gelap", reporter={"name": "Siti Rahayu", "address": "RT 1"})
    ticket = receipt["ticket"]
    desk, chief, reporter = desks.enter("cilacap", "coordinator"), desks.administrator("cilacap"), visitor()
    desk.get(f"/cilacap/berkas/{ticket}?alasan=question")
    desk.get("/cilacap/buku/2026-10.csv")
    found = chief.send(chief.get("/cilacap/kelola/pembacaan"), "/kelola/pembacaan", ticket=ticket)
    unknown = chief.send(found, "/kelola/pembacaan", ticket="CLP-2026-999999")
    reporter.send(reporter.get("/cilacap/lacak"), "/lacak", ticket=ticket, code=receipt["tracking_code"])
    counted = reporter.get(f"/cilacap/aduan/{ticket}/dibaca")
    told = api.ok("GET", f"/cilacap/complaints/{ticket}/readers", params={"code": receipt["tracking_code"]})

    assert "uji.coordinator" in found.text
    assert "berkas, dengan data pelapor" in found.text
    assert "menjawab pertanyaan pelapor" in found.text
    assert "buku register" in found.text
    assert 404 == unknown.status
    assert f"Isi aduan ini dibuka {told['times']} kali" in counted.text
    assert 2 <= told["times"] == told["named"]
    assert "uji." not in counted.html
    assert 404 == api.call("GET", f"/cilacap/complaints/{ticket}/readers", params={"code": "x"}).status_code


def test_an_administrator_says_for_what_before_anything_is_read(api: Api, desks: Desks) -> None:
    """A dossier, its print, its files, several at once, and what is to be published: asked first, recorded then."""
    receipt = api.file("cilacap", message="Jalan gelap di Kroya", reporter={"name": "Siti Rahayu", "address": "RT 1"})
    ticket = receipt["ticket"]
    chief = desks.administrator("cilacap")
    paths = [f"/cilacap/berkas/{ticket}{rest}" for rest in ("", "/cetak", "/cetak.pdf", "/lampiran/x", "?alasan=iseng")]
    asked = [chief.get(path) for path in (*paths, f"/cilacap/terbitkan/{ticket}")]
    token = asked[0].form("/keluar").values["tanda"]
    several = chief.post("/cilacap/meja/massal", {"tanda": token, "deed": "print", "pilih": ticket})
    category = chief.post("/cilacap/meja/massal", {"tanda": token, "deed": "category", "pilih": ticket})
    before = chief.send(chief.get("/cilacap/kelola/pembacaan"), "/kelola/pembacaan", ticket=ticket)
    opened = chief.get(f"/cilacap/berkas/{ticket}?alasan=inspection")
    link = next(each.attributes["href"] for each in opened.all("a") if "/cetak" in each.attributes["href"])
    printed = chief.get(link)
    together = chief.send(several, "/massal", alasan="inspection")
    after = chief.send(chief.get("/cilacap/kelola/pembacaan"), "/kelola/pembacaan", ticket=ticket)

    assert {"Untuk apa berkas ini dibuka?"} == {page.heading for page in (*asked, several, category)}
    assert not [page for page in (*asked, several, category) if "Jalan gelap" in page.html or "Siti" in page.html]
    assert "uji.admin" not in before.one("main").text
    assert [True] * 3 == ["Jalan gelap di Kroya" in page.text for page in (opened, printed, together)]
    assert "uji.admin" in after.one("main").text
    assert "pemeriksaan" in after.text


def test_for_what_a_file_is_fetched_is_recorded(api: Api, desks: Desks) -> None:
    """What an administrator says on the page, or by the API, stands there; nobody is asked about what is not there."""
    receipt = api.file("cilacap", message="Jalan gelap", reporter={"name": "Siti Rahayu", "address": "RT 1"})
    path = f"/cilacap/berkas/{receipt['ticket']}"
    desk, chief = desks.enter("cilacap", "coordinator"), desks.administrator("cilacap")
    desk.send(desk.get(path), "/lampiran", files={"file": ("jalan.jpg", PICTURE)}, document=None, kind="photo")
    [file] = api.dossier("cilacap", receipt["id"])["files"]
    fetched = chief.session.get(f"{api.address}{path}/lampiran/{file['id']}?alasan=objection", timeout=patience(30))
    told = chief.send(chief.get("/cilacap/kelola/pembacaan"), "/kelola/pembacaan", ticket=receipt["ticket"])
    by_program = f"/cilacap/dossiers/{receipt['id']}/files/{file['id']}"
    refused = api.call("GET", by_program, ADMIN, params={"why": "iseng"})
    given = api.call("GET", by_program, ADMIN, params={"why": "correction"})
    after = chief.send(chief.get("/cilacap/kelola/pembacaan"), "/kelola/pembacaan", ticket=receipt["ticket"])
    nowhere = [
        chief.get(f"/cilacap/{part}").status
        for unknown in ("CLP-2026-999999", "7d444840-9dc0-41d1-b245-5ffdce74fad2", "x")
        for part in (
            *(f"berkas/{unknown}{rest}" for rest in ("", "/cetak", "/cetak.pdf", "/lampiran/x")),
            f"terbitkan/{unknown}",
        )
    ]

    assert (200, "image/jpeg") == (fetched.status_code, fetched.headers["Content-Type"])
    assert "keberatan" in told.text
    assert "membetulkan" not in told.text
    assert (422, ["why"]) == (refused.status_code, list(refused.json()["errors"]))
    assert 200 == given.status_code
    assert "membetulkan" in after.text
    assert {404} == set(nowhere)


def test_what_an_administrator_sent_in_vain_is_not_answered_as_done(api: Api, desks: Desks) -> None:
    """What is refused keeps its status and its reason, and still nothing is read before it is said for what."""
    receipt = api.file("cilacap", message="Jalan gelap", reporter={"name": "Siti Rahayu", "address": "RT 1"})
    path = f"/cilacap/berkas/{receipt['ticket']}"
    chief = desks.administrator("cilacap")
    token = chief.get(path).form("/keluar").values["tanda"]
    sent = [
        chief.post(f"{path}{rest}", {"tanda": token, **fields})
        for rest, fields in (
            ("/tindakan", {"action": "dispose", "agency": "dpupr"}),
            ("/tindakan", {"action": "", "note": "x" * 20000}),
            ("/catatan", {"note": ""}),
            ("/lampiran", {"kind": "photo"}),
        )
    ]

    said = chief.post(f"{path}/tindakan", {"tanda": token, "action": "", "note": "x" * 20000, "alasan": "inspection"})
    told = chief.send(chief.get("/cilacap/kelola/pembacaan"), "/kelola/pembacaan", ticket=receipt["ticket"])

    assert (422, True) == (said.status, "Jalan gelap" in said.html)
    assert [True, False] == [words in told.one("main").text for words in ("pemeriksaan", "mengelola sistem")]
    assert not [page.status for page in sent if page.status not in (403, 409, 422)]
    assert not [page for page in sent if "Jalan gelap" in page.html or "Siti" in page.html]
    assert not [page for page in sent if page.status == 422 and not page.all("p", role="alert")]


def test_a_program_of_an_administrators_says_it_too(api: Api, desks: Desks) -> None:
    """By the API's ``why``; one that is not known is refused by name."""
    receipt = api.file("cilacap", message="Jalan gelap", reporter={"name": "Siti Rahayu", "address": "RT 1"})
    path = f"/cilacap/dossiers/{receipt['id']}"
    wrong = api.call("GET", path, ADMIN, params={"why": "iseng"})
    api.ok("GET", path, ADMIN, params={"why": "objection"})
    chief = desks.administrator("cilacap")
    found = chief.send(chief.get("/cilacap/kelola/pembacaan"), "/kelola/pembacaan", ticket=receipt["ticket"])

    assert (422, ["why"]) == (wrong.status_code, list(wrong.json()["errors"]))
    assert "keberatan" in found.text
