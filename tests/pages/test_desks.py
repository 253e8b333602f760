"""The officers' pages: entering, the inbox, the dossier and its actions."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.journey.installation import Api, officer
from tests.pages.desks import PASSWORD, PICTURE, Desks, filled, form_of
from tests.pages.screen import DESK, Screen
from tests.pages.visitor import Visitor

Visitors = Callable[..., Visitor]

TENANTS = ["bantul", "cilacap", "cirebon", "majalengka", "trenggalek"]
WHO = {"name": "Siti Rahayu", "address": "RT 02/RW 01 Hanum", "identity": "3301012345678901"}


def _filed(api: Api, tenant: str = "cilacap", **complaint: Any) -> dict[str, Any]:
    given = {"message": "Jalan utama desa berlubang cukup dalam", "title": "Jalan rusak", "reporter": WHO}
    return api.file(tenant, **{**given, **complaint})


@pytest.mark.parametrize("tenant", TENANTS)
def test_each_sop_is_walked_by_its_officers_pages(api: Api, desks: Desks, visitor: Visitors, tenant: str) -> None:
    """From the filing page to the answer and its rating: each step by the form that its own actor is offered."""
    somebody = visitor()
    form = somebody.get(f"/{tenant}/adukan")
    names = {each.attributes.get("name") for each in form.elements}
    known = {"title": "Jalan rusak", "reporter__name": WHO["name"], "reporter__address": WHO["address"]}
    given = {name: value for name, value in known.items() if name.replace("__", ".") in names}
    if "reporter.identity" in names:
        given["reporter__identity"] = WHO["identity"]
    if "category" in names:
        given["category"] = form.all("option")[1].attributes["value"]
    receipt = somebody.send(form, "/adukan", message="Jalan utama desa berlubang", tetap="1", **given)
    ticket = receipt.one("p", id="tiket").text
    opened = somebody.send(receipt, "/terima", disimpan="1")
    if "lengkapi" in opened.html or "attachments" in api.ok("GET", f"/sops/{tenant}")["requires"]:
        path = f"/{tenant}/aduan/{ticket}/foto"
        somebody.send(somebody.get(path), "/foto", files={"photos": ("a.jpg", PICTURE, "image/jpeg")})
    dossier = api.ok("GET", f"/{tenant}/dossiers/{ticket}", {**officer("*", "admin"), "admin": True})["id"]

    done = desks.walk(tenant, dossier)
    api.rest()
    page = somebody.get(f"/{tenant}/aduan/{ticket}")
    rated = somebody.send(page, "/tanggapi", selesai="ya", score="5")

    assert {"answer", "approve"} & set(done)
    assert page.heading.startswith("Sudah dijawab")
    assert "Lubang sudah ditutup." in page.text
    assert "Sudah kami terima." in rated.text


@pytest.mark.browser
def test_a_coordinator_disposes_at_a_desk_and_an_operator_finds_it(screen: Screen, api: Api, desks: Desks) -> None:
    """Log in, the inbox by keys, the dossier, its form; then the office's own inbox, by a telephone."""
    receipt = _filed(api, message="Tiang listrik miring di depan pasar", title="Tiang miring")
    screen.width(DESK)
    screen.open(f"/cilacap/berkas/{receipt['ticket']}")
    screen.write("#username", desks.account("cilacap", "coordinator"))
    screen.write("#password", PASSWORD)
    screen.leave_by("main form button")
    assert f"/cilacap/berkas/{receipt['ticket']}" == screen.path
    assert "Siti Rahayu" in screen.text

    screen.click(".tasks details summary")
    screen.choose(".tasks details[open] select[name=agency]", "Dinas Perhubungan")
    screen.leave_by(".tasks details[open] button")
    assert f"{receipt['ticket']}: sudah." in screen.find("[role=status]").text

    screen.leave_by(".nav form button")
    screen.width(360)
    screen.open("/cilacap/meja")
    screen.write("#username", desks.account("cilacap", "operator", "dishub"))
    screen.write("#password", PASSWORD)
    screen.leave_by("main form button")
    assert "Kotak masuk Dinas Perhubungan" == screen.find("h1").text
    row = screen.find(f"#tugas a[href$='{receipt['ticket']}']")
    assert "Tiang miring" == row.text
    assert 360 >= screen.run("return document.documentElement.scrollWidth")


def test_nobody_enters_without_an_account(api: Api, desks: Desks, visitor: Visitors) -> None:
    """Every page for officers leads to the log-in; wrong name and wrong password read alike."""
    receipt = _filed(api)
    stranger = visitor()
    asked = [stranger.get(f"/cilacap/{path}").heading for path in ("meja", f"berkas/{receipt['ticket']}", "semua")]
    known = desks.account("cilacap", "coordinator")
    tried = [
        stranger.send(stranger.get("/cilacap/masuk"), "/masuk", username=name, password="salah sekali")
        for name in (known, "tidak.ada")
    ]

    assert ["Masuk petugas"] * 3 == asked
    assert [401, 401] == [each.status for each in tried]
    assert tried[0].text == tried[1].text.replace("tidak.ada", known)


def test_an_officer_stays_within_their_government(api: Api, desks: Desks) -> None:
    """Another government's pages are refused, and say so."""
    del api
    page = desks.enter("cilacap", "coordinator").get("/bantul/meja")

    assert 403 == page.status


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "/bantul/meja", "/cilacap/..\\x"])
def test_logging_in_leads_nowhere_else(desks: Desks, visitor: Visitors, target: str) -> None:
    """Where to go on after logging in is a page of the same government, whatever the address says."""
    somebody = visitor()
    page = somebody.get("/cilacap/masuk", params={"lanjut": target})
    entered = somebody.send(page, "/masuk", username=desks.account("cilacap", "coordinator"), password=PASSWORD)

    assert entered.address.endswith("/cilacap/meja")


def test_leaving_ends_the_visit_in_the_books_too(desks: Desks) -> None:
    """A copy of the cookie is of no use afterwards."""
    somebody = desks.enter("cilacap", "coordinator")
    held = {cookie.name: cookie.value or "" for cookie in somebody.session.cookies}
    somebody.send(somebody.get("/cilacap/meja"), "/keluar")
    copied = Visitor(somebody.address)
    copied.session.cookies.update(held)

    assert "Masuk petugas" == somebody.get("/cilacap/meja").heading
    assert "Masuk petugas" == copied.get("/cilacap/meja").heading


@pytest.mark.parametrize(("privacy", "known"), [("open", True), ("anonymous", False), ("secret", False)])
def test_an_agency_reads_who_complained_only_if_they_said_so(api: Api, desks: Desks, privacy: str, known: bool) -> None:
    """The government's own desk always, the agency by the reporter's choice: on the page and on paper."""
    receipt = _filed(api, privacy=privacy)
    assert api.act(officer("cilacap", "coordinator"), receipt["id"], "dispose", agency="dpupr").ok
    desk = desks.enter("cilacap", "coordinator").get(f"/cilacap/berkas/{receipt['ticket']}")
    agency = desks.enter("cilacap", "operator", "dpupr")
    pages = [agency.get(f"/cilacap/berkas/{receipt['ticket']}{ending}") for ending in ("", "/cetak")]

    assert "Siti Rahayu" in desk.text
    assert [known, known] == ["Siti Rahayu" in page.html for page in pages]
    assert [known, known] == ["3301012345678901" in page.html for page in pages]


def test_what_is_missing_from_a_form_is_said_beside_the_field(api: Api, desks: Desks) -> None:
    """The same form again, open, with what was typed and the sentence that names the remedy."""
    receipt = _filed(api)
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
    receipt = _filed(api)
    assert api.act(officer("cilacap", "coordinator"), receipt["id"], "dispose", agency="dpupr").ok
    somebody = desks.enter("cilacap", "operator", "dpupr")
    page = somebody.get(f"/cilacap/berkas/{receipt['ticket']}")
    assert api.act(officer("cilacap", "operator", "dpupr"), receipt["id"], "forward").ok
    form = form_of(page, "return")
    late = somebody.post(form.action, {**form.values, "reason": "Ini jalan provinsi, bukan jalan kami"})

    assert 409 == late.status
    assert "Berkas ini sudah berubah" in late.text
    assert "Ini jalan provinsi, bukan jalan kami" in [each.text.strip() for each in late.all("textarea")]


def test_a_text_sent_after_the_visit_ended_comes_back_after_logging_in(api: Api, desks: Desks) -> None:
    """It is sealed into the log-in page, shown in its form again, and never sent by itself."""
    receipt = _filed(api)
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


def test_a_form_sent_twice_is_done_once(api: Api, desks: Desks) -> None:
    """A double tap: one event, and no error."""
    receipt = _filed(api)
    somebody = desks.enter("cilacap", "coordinator")
    page = somebody.get(f"/cilacap/berkas/{receipt['ticket']}")
    data = filled(page, form_of(page, "dispose"), agency="dpupr")
    both = [somebody.post(form_of(page, "dispose").action, data) for _ in range(2)]
    events = [each["event"] for each in api.dossier("cilacap", receipt["id"])["timeline"]]

    assert [200, 200] == [each.status for each in both]
    assert 1 == events.count("Dispositioned")


def test_a_new_code_is_shown_once(api: Api, desks: Desks) -> None:
    """The coordinator reads it out; the address and the next look at the page do not hold it."""
    receipt = _filed(api)
    somebody = desks.enter("cilacap", "coordinator")
    page = somebody.get(f"/cilacap/berkas/{receipt['ticket']}")
    form = form_of(page, "renew_code")
    given = somebody.post(form.action, {**form.values, "via": "telephone"})
    code = given.one("p", class_="code").text.strip()
    again = somebody.get(f"/cilacap/berkas/{receipt['ticket']}")

    assert api.call("GET", f"/cilacap/complaints/{receipt['ticket']}", params={"code": code}).ok
    assert code not in given.address
    assert code not in again.html


def test_leave_is_asked_and_granted_by_the_pages(api: Api, desks: Desks) -> None:
    """The desk asks for a pause, the coordinator finds the task and grants it; the clock stands still."""
    receipt = _filed(api)
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


def test_an_administrator_reads_and_does_not_act(api: Api, desks: Desks) -> None:
    """The dossier without a form for it, and a request that comes all the same is refused."""
    receipt = _filed(api)
    somebody = desks.administrator("cilacap")
    page = somebody.get(f"/cilacap/berkas/{receipt['ticket']}")
    token = page.form("/keluar").values["tanda"]
    tried = somebody.post(
        f"/cilacap/berkas/{receipt['ticket']}/tindakan", {"tanda": token, "action": "dispose", "agency": "dpupr"}
    )

    assert [] == [each for each in page.forms if each.action.endswith("/tindakan")]
    assert 403 == tried.status


def test_complaints_are_found_and_names_stand_in_no_address(api: Api, desks: Desks) -> None:
    """By the reporter's whole name, posted; by a ticket from the inbox's search; by a place."""
    receipt = _filed(
        api, reporter={**WHO, "name": "Zubaidah Kartika"}, location={"kecamatan": "Kroya", "desa": "Kroya"}
    )
    api.rest()
    somebody = desks.enter("cilacap", "coordinator")
    named = somebody.send(somebody.get("/cilacap/semua"), "/semua", name="Zubaidah Kartika")
    inbox = somebody.get("/cilacap/meja")
    ticket = somebody.send(inbox, "/semua", q=receipt["ticket"].lower().replace("-", " "))
    there = somebody.send(inbox, "/semua", q="kroya")
    nobody = somebody.send(inbox, "/semua", q="Zubaidah")

    assert receipt["ticket"] in named.text
    assert ["Zubaidah" in page.address for page in (named, nobody)] == [False, False]
    assert ticket.address.endswith(f"/berkas/{receipt['ticket']}")
    assert receipt["ticket"] in there.text


def test_files_are_added_made_and_fetched(api: Api, desks: Desks) -> None:
    """A photo that an officer sends, a document that the system makes; both come back as downloads."""
    receipt = _filed(api)
    somebody = desks.enter("cilacap", "coordinator")
    path = f"/cilacap/berkas/{receipt['ticket']}"
    files = {"file": ("bukti.jpg", PICTURE, "image/jpeg")}
    without = somebody.send(somebody.get(path), "/lampiran", files={"file": ("", b"")})
    somebody.send(somebody.get(path), "/lampiran", files=files, document=None, kind="photo")
    page = somebody.get(path)
    [link] = [each.attributes["href"] for each in page.all("a") if "/lampiran/" in each.attributes["href"]]
    fetched = somebody.session.get(api.address + link, timeout=30)

    assert 422 == without.status
    assert (200, "image/jpeg") == (fetched.status_code, fetched.headers["Content-Type"])
    assert fetched.headers["Content-Disposition"].startswith("attachment")


def test_from_one_dossier_to_the_next_in_the_inboxs_order(api: Api, desks: Desks) -> None:
    """As the inbox's page lists them, to its end and back; another desk's dossier has no place in it."""
    for number in range(3):
        _filed(api, message=f"Selokan {number} mampet")
    api.rest()
    somebody = desks.enter("cilacap", "coordinator")
    listed = somebody.get("/cilacap/meja")
    tickets = list(
        dict.fromkeys(
            each.attributes["href"].rpartition("/")[2]
            for each in listed.all("a")
            if "/berkas/" in each.attributes["href"]
        )
    )
    walked, page = [], somebody.get(f"/cilacap/berkas/{tickets[0]}")
    for place in range(len(tickets)):
        walked.append(page.address.rpartition("/")[2])
        assert f"{place + 1} dari {len(tickets)}" in page.text
        following = page.all("a", rel="next")
        if following:
            page = somebody.get(following[0].attributes["href"])

    assert len(tickets) >= 3
    assert tickets == walked
    assert walked[-2] == page.one("a", rel="prev").attributes["href"].rpartition("/")[2]


def test_an_answer_is_begun_with_a_template_and_refused_until_it_is_complete(api: Api, desks: Desks) -> None:
    """Without a script too: the beginning stands in its field, with ticket and office; brackets do not go out."""
    receipt = _filed(api)
    assert api.act(officer("cilacap", "coordinator"), receipt["id"], "transfer", to="BBPJN", reason="Balai").ok
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
        _filed(api, message=f"Tembok balai desa Datar retak dan miring {ending}", title="", location=place)
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
