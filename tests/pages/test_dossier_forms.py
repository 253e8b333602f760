"""What a dossier's page lets its reader do: codes, leave, files, beginnings of answers, suggestions."""

import re
from datetime import datetime

import pytest
from flask import Flask

from cli.doors import ask
from cli.installation import running
from portal.pages.officer.paper import rows_of
from shared.domain.all_tenants import Tenants
from shared.domain.complaint.schema import load_submission
from shared.platform.settings import PROJECT
from tests.fixtures.waiting import patience
from tests.journey.installation import Api, officer
from tests.pages.desks import PICTURE, WHO, Desks, filed, form_of
from tests.pages.visitor import Visitor


def test_a_new_code_is_shown_once(api: Api, desks: Desks) -> None:
    """The coordinator reads it out; the address and the next look at the page do not hold it."""
    receipt = filed(api)
    somebody = desks.enter("cilacap", "coordinator")
    page = somebody.get(f"/cilacap/berkas/{receipt['ticket']}")
    form = form_of(page, "renew_code")
    given = somebody.post(form.action, {**form.values, "via": "telephone"})
    code = given.one("p", class_="code").text.strip()
    again = somebody.get(f"/cilacap/berkas/{receipt['ticket']}")

    assert api.call("GET", f"/cilacap/complaints/{receipt['ticket']}", params={"code": code}).ok
    assert code not in given.address
    assert code not in again.html


def test_who_writes_a_reason_that_the_reporter_reads_is_told_so(api: Api, desks: Desks) -> None:
    """Before it is sent, and in the history; the reporter finds it on their page as in their letter."""
    receipt = api.file("majalengka", message="Jalan berlubang", reporter=WHO)
    api.rest()
    somebody = desks.enter("majalengka", "coordinator")
    page = somebody.get(f"/majalengka/berkas/{receipt['ticket']}")
    form = form_of(page, "return")
    somebody.post(form.action, {**form.values, "reason": "Jalan nasional"})
    after = somebody.get(f"/majalengka/berkas/{receipt['ticket']}")
    reporter = Visitor(api.address)
    code = {"ticket": receipt["ticket"], "code": receipt["tracking_code"]}
    read = reporter.send(reporter.get("/majalengka/lacak"), "/lacak", **code)

    assert "Pelapor akan melihat: alasan ini." in page.text
    assert "Jalan nasional" in [each.text.strip() for each in after.all("p", class_="text said")]
    assert "karena: Jalan nasional" in read.text


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("supplement", ["Pelapor akan melihat: tulisan ini, sebagai keterangan mereka sendiri."]),
        ("merge", ["Pelapor tidak melihat tulisan ini."]),
        ("renew_code", []),
    ],
)
def test_each_form_says_what_the_reporter_reads_of_what_is_written_on_it(
    api: Api, desks: Desks, action: str, said: list[str]
) -> None:
    """What is recorded as the reporter's words stands on their page; where nothing is written, nothing is said."""
    page = desks.enter("cilacap", "coordinator").get(f"/cilacap/berkas/{filed(api)['ticket']}")
    form = page.html.partition(f'name="action" value="{action}"')[2].partition("</form>")[0]

    assert said == re.findall("Pelapor (?:akan|tidak) melihat[^<]*", form)
    assert form


def test_leave_is_asked_and_granted_by_the_pages(api: Api, desks: Desks) -> None:
    """The desk asks for a pause, the coordinator finds the task and grants it; the clock stands still."""
    receipt = filed(api)
    assert api.act(officer("cilacap", "coordinator"), receipt["id"], "dispose", agency="dpupr").ok
    path = f"/cilacap/berkas/{receipt['ticket']}"
    day = api.ok("GET", "/clock")["now"][:8] + "28"
    agency = desks.enter("cilacap", "operator", "dpupr")
    page = agency.get(path)
    form = form_of(page, "ask_leave")
    values = {"kind": "pause", "why": "goods", "until": day, "reason": "Aspal belum datang"}
    asked = agency.post(form.action, {**form.values, **values})
    desk = desks.enter("cilacap", "coordinator")
    granting = form_of(desk.get(path), "grant_leave")
    granted = desk.post(granting.action, granting.values)

    assert [200, 200] == [asked.status, granted.status], granted.text
    assert "Waktunya berhenti" in agency.get(path).text


def test_files_are_added_made_and_fetched(api: Api, desks: Desks) -> None:
    """A photo that an officer sends, a document that the system makes; both come back as downloads."""
    receipt = filed(api)
    somebody = desks.enter("cilacap", "coordinator")
    path = f"/cilacap/berkas/{receipt['ticket']}"
    files = {"file": ("bukti.jpg", PICTURE, "image/jpeg")}
    without = somebody.send(somebody.get(path), "/lampiran", files={"file": ("", b"")}, kind="document")
    somebody.send(somebody.get(path), "/lampiran", files=files, document=None, kind="photo")
    page = somebody.get(path)
    [link] = [each.attributes["href"] for each in page.all("a") if "/lampiran/" in each.attributes["href"]]
    fetched = somebody.session.get(api.address + link, timeout=patience(30))

    assert (422, "document") == (without.status, without.form("/lampiran").values["kind"])
    assert (200, "image/jpeg") == (fetched.status_code, fetched.headers["Content-Type"])
    assert fetched.headers["Content-Disposition"].startswith("attachment")


def test_a_document_whose_form_is_sent_twice_is_made_once(api: Api, desks: Desks) -> None:
    """Also without a script that stops a second click."""
    receipt = filed(api)
    somebody = desks.enter("cilacap", "coordinator")
    page = somebody.get(f"/cilacap/berkas/{receipt['ticket']}")
    [form] = [each for each in page.forms if "document" in each.values]
    asked = {**form.values, "document": "receipt", "kode_baru": "1"}
    once, twice = (somebody.post(form.action, asked) for _ in range(2))
    links = [each for each in twice.all("a") if "/lampiran/" in each.attributes["href"]]

    assert [200, 200] == [once.status, twice.status], twice.text
    assert 1 == len(links)


def test_a_conversation_by_which_a_reporter_wrote_is_shown_to_nobody(api: Api, desks: Desks) -> None:
    """It is the channels' affair: not in the API, not on the page, its print and its file, not in a register."""
    who = {"name": "Siti Rahayu", "address": "RT 02", "phone": "081234567890", "email": "siti@contoh.id"}
    contacts = ["whatsapp/resmi/0b9e6a52-8f1f-4bb1-9a53-0e1c2d3f4a5b/6281234567890"]
    reporter = {**who, "identity": "3301012345678901", "contacts": contacts}
    complaint = {"message": "Jalan utama desa berlubang", "title": "Jalan rusak", "channel": "whatsapp"}
    given = load_submission({**complaint, "external_id": "resmi:wamid.1", "reporter": reporter})
    with running(api.data) as runtime:
        receipt = ask(runtime, "intake", "file", tenant="cilacap", complaint=given, caller={"user": "whatsapp"})
    desk = desks.enter("cilacap", "coordinator")
    path = f"/cilacap/berkas/{receipt['ticket']}"
    view = api.ok("GET", f"/cilacap/dossiers/{receipt['ticket']}", officer("cilacap", "coordinator"))
    home = Tenants(PROJECT / "tenants").get("cilacap")
    with Flask("test").test_request_context("/?bahasa=id"):
        rows = rows_of(view, home, datetime.fromisoformat(view["filed_at"]))
    paper = [[str(cell) for cell in row[1:]] for row in rows]
    shown = [desk.get(path).html, desk.get(f"{path}/cetak").html, desk.get("/cilacap/buku/2026-10.csv").html]

    assert ["address", "email", "identity", "name", "phone"] == sorted(view["complaint"]["reporter"])
    assert not [each for each in (str(view), str(paper), *shown) if contacts[0] in each or "contacts" in each]
    assert ["NIK", "3301012345678901"] in paper
    assert ["Judul", "Jalan rusak"] in paper


@pytest.mark.parametrize(("privacy", "known"), [("open", True), ("anonymous", False)])
def test_a_dossier_is_kept_as_a_file_by_whoever_may_read_it(api: Api, desks: Desks, privacy: str, known: bool) -> None:
    """What the printed page says, and no more: an office learns from it of no reporter who did not want that."""
    link = "https://foto.example/lubang.jpg"
    place = {"lat": -7.7261, "lon": 109.0094, "text": "Depan pasar"}
    given = [link, "lubang.jpg", "javascript:alert(1)", "https://[lubang", link]
    receipt = filed(api, privacy=privacy, location=place, attachments=given)
    assert api.act(officer("cilacap", "coordinator"), receipt["id"], "dispose", agency="dpupr").ok
    agency = desks.enter("cilacap", "operator", "dpupr")
    page = agency.get(f"/cilacap/berkas/{receipt['ticket']}/cetak")
    links = [each.attributes["href"] for each in page.all("a")]
    paper = next(each for each in links if each.endswith(".pdf"))
    answer = agency.session.get(api.address + paper, timeout=60)
    steps = page.one("ol", class_="strip").text
    view = api.ok("GET", f"/cilacap/dossiers/{receipt['ticket']}", officer("cilacap", "operator", "dpupr"))
    home = Tenants(PROJECT / "tenants").get("cilacap")
    with Flask("test").test_request_context("/?bahasa=id"):
        written = str(rows_of(view, home, datetime.fromisoformat(view["filed_at"])))

    assert (200, b"%PDF") == (answer.status_code, answer.content[:4])
    assert "(Admin OPD, Dinas Pekerjaan Umum dan Penataan Ruang), hari ini" in page.text  # who printed it, and when
    assert home.sop.step("receive").activity in steps
    assert "Jalan utama desa berlubang" in written
    assert "Didisposisikan" in written
    assert "(-7.72610, 109.00940)" in written
    assert (1, 1) == (written.count(link), links.count(link)), "what was given instead of a file"
    assert [] == [each for each in links if "javascript" in each or "[" in each]
    assert "Dinas Pekerjaan Umum dan Penataan Ruang" in written
    assert [known, known] == [each in written for each in (WHO["name"], WHO["identity"])]


def test_an_answer_is_begun_with_a_template_and_refused_until_it_is_complete(api: Api, desks: Desks) -> None:
    """Without a script too: the beginning stands in its field, with ticket and office; brackets do not go out."""
    receipt = filed(api)
    assert api.act(officer("cilacap", "coordinator"), receipt["id"], "transfer", to="BBPJN", reason="Balai").ok
    api.rest()  # what is recorded by itself would come between the page and what it sends
    somebody = desks.enter("cilacap", "coordinator")
    page = somebody.get(f"/cilacap/berkas/{receipt['ticket']}")
    links = [each.attributes["href"] for each in page.all("a") if "templat=selesai" in each.attributes["href"]]
    number = form_of(page, "answer").values["number"]
    begun = somebody.get(next(each for each in links if f"untuk={number}#" in each))
    form = form_of(begun, "answer")
    refused = somebody.post(form.action, form.values)
    whole = form.values["text"].replace("[tanggal]", "5 Oktober").replace("[yang sudah dikerjakan]", "ditambal")
    sent = somebody.post(form.action, {**form.values, "text": whole})

    assert receipt["ticket"] in form.values["text"]
    assert 422 == refused.status
    assert "Masih ada yang harus diisi: [tanggal]" in refused.text
    assert 200 == sent.status
    assert "answered" == api.dossier("cilacap", receipt["id"])["status"]


def test_the_coordinator_is_shown_what_may_be_the_same(api: Api, desks: Desks) -> None:
    """A complaint like it leads to its own page; whoever can do nothing with a suggestion is shown none."""
    place = {"kecamatan": "Dayeuhluhur", "desa": "Datar"}
    first, second = (
        filed(api, message=f"Tembok balai desa Datar retak dan miring {ending}", title="", location=place)
        for ending in ("sejak gempa", "sesudah gempa kemarin")
    )
    desk = desks.enter("cilacap", "coordinator")
    page = desk.get(f"/cilacap/berkas/{second['ticket']}")
    card = page.html.partition('id="saran"')[2].partition("</section>")[0]
    assert api.act(officer("cilacap", "coordinator"), second["id"], "dispose", agency="dpupr").ok
    agency = desks.enter("cilacap", "operator", "dpupr").get(f"/cilacap/berkas/{second['ticket']}")

    assert f"/berkas/{first['ticket']}" in card
    assert "Anda yang memutuskan" in card
    assert f"/berkas/{second['ticket']}" not in card
    assert 'id="saran"' not in agency.html
    assert [first["ticket"]] == [
        each["ticket"]
        for each in api.ok(
            "GET", f"/cilacap/dossiers/{second['ticket']}/suggestions", officer("cilacap", "coordinator")
        )["alike"]
    ]
