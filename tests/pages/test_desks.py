"""The officers' pages as a way through the work: the inbox, one dossier after another, and all complaints."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.domain.tenants import load_tenant
from shared.platform.settings import PROJECT
from shared.wording.days import month_names
from tests.journey.installation import Api, officer
from tests.pages.desks import PASSWORD, PICTURE, WHO, Desks, filed, filled, form_of
from tests.pages.screen import DESK, Screen
from tests.pages.visitor import Page, Visitor

Visitors = Callable[..., Visitor]

_TICKET = re.compile(r"CLP-\d{4}-\d+")

TENANTS = ["bantul", "cilacap", "cirebon", "majalengka", "trenggalek"]


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
    assert "Penilaian Anda sudah kami catat." in rated.text


@pytest.mark.browser
def test_a_coordinator_disposes_at_a_desk_and_an_operator_finds_it(screen: Screen, api: Api, desks: Desks) -> None:
    """Log in, the inbox by keys, the dossier, its form; then the office's own inbox, by a telephone."""
    receipt = filed(api, message="Tiang listrik miring di depan pasar", title="Tiang miring")
    screen.width(DESK)
    screen.open(f"/cilacap/berkas/{receipt['ticket']}")
    screen.write("#username", desks.account("cilacap", "coordinator"))
    screen.write("#password", PASSWORD)
    screen.leave_by("main form button")
    assert f"/cilacap/berkas/{receipt['ticket']}" == screen.path
    assert "Siti Rahayu" in screen.text

    screen.click(".tasks details summary")
    screen.choose_office(".tasks details[open] select[name=agency]", "dishub")
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


def test_complaints_are_found_and_names_stand_in_no_address(api: Api, desks: Desks) -> None:
    """By the reporter's whole name, posted; by a ticket from the inbox's search; by a place or an office."""
    receipt = filed(api, reporter={**WHO, "name": "Zubaidah Kartika"}, location={"kecamatan": "Kroya", "desa": "Kroya"})
    handed = filed(api)
    assert api.act(officer("cilacap", "coordinator"), handed["id"], "dispose", agency="diskan").ok
    api.rest()
    somebody = desks.enter("cilacap", "coordinator")
    named = somebody.send(somebody.get("/cilacap/semua"), "/semua", name="Zubaidah Kartika")
    inbox = somebody.get("/cilacap/meja")
    ticket = somebody.send(inbox, "/semua", q=receipt["ticket"].lower().replace("-", " "))
    there = somebody.send(inbox, "/semua", q="kroya")
    office, other = (somebody.send(inbox, "/semua", q=each) for each in ("dinas perikanan", "Dinas Kesehatan"))
    nobody = somebody.send(inbox, "/semua", q="Zubaidah")
    filed_at = datetime.fromisoformat(api.dossier("cilacap", receipt["id"])["filed_at"]).astimezone(
        ZoneInfo("Asia/Jakarta")
    )
    before = filed_at.replace(day=1) - timedelta(days=1)
    spoken = [f"{month_names(language)[filed_at.month - 1]} {filed_at.year}" for language in ("id", "en")]
    asked = [*spoken, f"{before.month}/{before.year}"]
    months = [somebody.send(inbox, "/semua", q=each, desa="Kroya") for each in asked]  # others filed then, elsewhere

    assert receipt["ticket"] in named.text
    assert ["Zubaidah" in page.address for page in (named, nobody)] == [False, False]
    assert ticket.address.endswith(f"/berkas/{receipt['ticket']}")
    assert receipt["ticket"] in there.text
    assert [True, True, False] == [receipt["ticket"] in page.text for page in months]
    assert f"Dicari: {asked[2]}" in months[2].text
    assert (True, False) == (handed["ticket"] in office.text, handed["ticket"] in other.text)


def test_an_inbox_is_narrowed_by_several_words_at_once(api: Api, desks: Desks) -> None:
    """Of one kind any, of all kinds each; by what the complaint is known as now; an address says all of it."""
    known = {
        "Kroya": "PERTANIAN DAN PETERNAKAN",
        "Adipala": "ENERGI DAN SUMBER DAYA ALAM",
        "Sampang": "PERTANIAN DAN PETERNAKAN",
    }
    filed_in = {
        place: filed(api, location={"kecamatan": place}, category=category)["ticket"]
        for place, category in known.items()
    }
    api.rest()
    somebody = desks.enter("cilacap", "coordinator")

    def there(query: str) -> list[str]:
        page = somebody.get(f"/cilacap/meja?{query}")
        return [place for place, ticket in filed_in.items() if ticket in page.text]

    assert ["Kroya", "Adipala"] == there("kecamatan=Kroya&kecamatan=Adipala")
    assert ["Kroya"] == there(
        "kecamatan=Kroya&kecamatan=Adipala&kategori=PERTANIAN+DAN+PETERNAKAN&kanal=web&kanal=whatsapp"
    )
    kept = somebody.get("/cilacap/meja?kecamatan=Kroya&keadaan=late&keadaan=still")
    chosen = [each.attributes["value"] for each in kept.all("input", type="checkbox") if "checked" in each.attributes]
    assert "Tidak ada yang cocok dengan: Terlambat, Waktunya berhenti, Kroya." in kept.text
    assert ["late", "still", "Kroya"] == chosen
    whole = somebody.get("/cilacap/meja?meja=semua&kecamatan=Kroya").text
    assert f"{filed_in['Kroya']}, situs, Kroya" in whole
    assert "dari Pemohon" in whole

    chosen_rows = somebody.post("/cilacap/akun", {**somebody.get("/cilacap/akun").form("/akun").values, "baris": "25"})
    assert "Banyaknya baris sudah diganti." in chosen_rows.text
    assert "25" == next(each for each in chosen_rows.all("option", value="25") if "selected" in each.attributes).text


def test_a_dossier_is_one_row_of_a_desk_with_all_that_it_is_there(api: Api, desks: Desks) -> None:
    """To be decided, and its reporter to be called: both are told where it is counted once."""
    receipt = filed(api, location={"kecamatan": "Wanareja"})
    assert api.reporter("cilacap", receipt, "add", text="Mohon ditelepon.", wants="call").ok
    api.rest()
    page = desks.enter("cilacap", "coordinator").get("/cilacap/meja?kecamatan=Wanareja")
    [row] = [row for row in page.all("tr") if receipt["ticket"] in row.text]
    groups = [row.text for row in page.all("tr") if "group" in row.attributes.get("class", "")]
    step = api.dossier("cilacap", receipt["id"])["step"]

    assert next(each["activity"] for each in api.ok("GET", "/sops/cilacap")["steps"] if each["id"] == step) in row.text
    assert "Hubungi pelapor" in row.text
    shown = len(page.all("a", **{"data-row": ""}))
    assert shown == sum(int(group.rpartition("(")[2].strip(") ")) for group in groups) > 0


def test_an_empty_inbox_says_when_the_next_is_due_elsewhere(api: Api, desks: Desks) -> None:
    """With the desk where it lies, of those that the reader may look at; and of other desks, that it is they."""
    receipt = filed(api)
    assert api.act(officer("cilacap", "coordinator"), receipt["id"], "dispose", agency="dkp").ok
    api.rest()
    waiting = desks.enter("cilacap", "liaison", "dkp").get("/cilacap/meja")
    liaison = desks.enter("cilacap", "liaison", "disdukcapil")
    elsewhere, others = (liaison.get(f"/cilacap/meja{asked}") for asked in ("", "?meja=lain"))

    assert "Tidak ada yang menunggu Anda. Yang berikutnya jatuh tempo" in waiting.text
    assert "di meja Admin OPD." in waiting.text
    assert "Yang berikutnya" not in elsewhere.text
    assert "Tidak ada yang menunggu di meja lain dinas ini." in others.text
    assert "Tidak ada yang menunggu Anda" not in others.text


def test_an_inbox_tells_how_much_lies_at_the_other_desks_of_its_office_and_leads_there(api: Api, desks: Desks) -> None:
    """As many as the list behind it has rows; not for a desk of the government itself, whose colleagues are offices."""
    receipt = filed(api)
    assert api.act(officer("cilacap", "coordinator"), receipt["id"], "dispose", agency="dkp").ok
    api.rest()
    liaison = desks.enter("cilacap", "liaison", "dkp")
    link = liaison.get("/cilacap/meja").one("a", href="/cilacap/meja?meja=lain")
    behind = liaison.get(link.attributes["href"])
    own = desks.enter("cilacap", "operator", "dkp").get("/cilacap/meja?meja=lain")
    coordinator = desks.enter("cilacap", "coordinator").get("/cilacap/meja")

    assert f"{len(behind.all('a', **{'data-row': ''}))} di meja lain dinas ini" == link.text
    assert receipt["ticket"] in behind.text
    assert "Admin OPD" in behind.one("table", id="tugas").text
    assert receipt["ticket"] not in own.text
    assert "meja lain" not in coordinator.text


def test_an_inbox_marks_what_was_once_at_a_wrong_office(api: Api, desks: Desks) -> None:
    """At whichever desk it lies then."""
    astray, straight = (filed(api, location={"kecamatan": "Patimuan"}) for _ in range(2))
    assert api.act(officer("cilacap", "coordinator"), astray["id"], "dispose", agency="dpupr").ok
    assert api.act(officer("cilacap", "operator", "dpupr"), astray["id"], "return", reason="Bukan kami").ok
    api.rest()
    coordinator = desks.enter("cilacap", "coordinator")
    page = coordinator.get("/cilacap/meja?kecamatan=Patimuan")
    history = coordinator.get(f"/cilacap/berkas/{astray['ticket']}").one("ol", class_="history").text
    marked = {
        ticket: "pernah salah alamat" in row.text for row in page.all("tr") for ticket in _TICKET.findall(row.text)
    }

    assert (True, False) == (marked[astray["ticket"]], marked[straight["ticket"]])
    assert 2 == len(re.findall(r"menit dari \d+ menit kerja · tepat waktu", history)), (
        "what the desk did, and the office"
    )


def test_what_was_found_is_kept_as_a_table(api: Api, desks: Desks) -> None:
    """All of it, not the page's rows alone, without anybody's name, and with no formula in it."""
    receipts = [filed(api, title="=1+1", location={"kecamatan": "Kawunganten"}) for _ in range(2)]
    api.rest()
    coordinator = desks.enter("cilacap", "coordinator")
    found = coordinator.send(coordinator.get("/cilacap/semua"), "/semua", q="Kawunganten")
    form = next(each for each in found.forms if ("berkas", "csv") in each.buttons)
    kept = coordinator.post(form.action, {**form.values, "berkas": "csv"})
    rows = kept.html.splitlines()

    assert {receipt["ticket"] for receipt in receipts} == {row.split(",")[0] for row in rows[1:]}
    assert all(",'=1+1," in row and "Siti" not in row for row in rows[1:])
    assert "attachment" in kept.headers["Content-Disposition"]


def test_from_one_dossier_to_the_next_in_the_inboxs_order(api: Api, desks: Desks) -> None:
    """As the inbox's page lists them, to its end and back; another desk's dossier has no place in it."""
    own = _at(api, "dpkukm")
    somebody = desks.enter("cilacap", "operator", "dpkukm")
    links = [each.attributes["href"] for each in somebody.get("/cilacap/meja").all("a")]
    tickets = list(dict.fromkeys(link.rpartition("/")[2] for link in links if "/berkas/" in link))
    walked, page = [], somebody.get(f"/cilacap/berkas/{tickets[0]}")
    for place in range(1, len(tickets) + 1):
        walked.append(page.address.rpartition("/")[2])
        assert f"{place} dari {len(tickets)}" in page.text
        if place < len(tickets):
            page = somebody.get(page.one("a", rel="next").attributes["href"])
    elsewhere = desks.enter("cilacap", "coordinator").get(f"/cilacap/berkas/{tickets[0]}")

    assert {*own} == {*tickets}
    assert tickets == walked
    assert (walked[-2], []) == (
        page.one("a", rel="prev").attributes["href"].rpartition("/")[2],
        page.all("a", rel="next"),
    )
    assert [] == elsewhere.all("a", rel="next") + elsewhere.all("a", rel="prev")


def test_an_action_leads_to_the_next_task_for_who_wants_that(api: Api, desks: Desks) -> None:
    """Back to the inbox unless it was chosen; then to what stood after it there, with what was done said above."""
    own = _at(api, "disnakerin")
    somebody = desks.enter("cilacap", "operator", "disnakerin")
    gone = own.pop()
    back = _forwarded(somebody, somebody.get(f"/cilacap/berkas/{gone}"))
    token = somebody.get("/cilacap/akun").form("/akun").values["tanda"]
    kept = somebody.post("/cilacap/akun", {"tanda": token, "seterusnya": "berikutnya"})
    page = next(page for each in own if (page := somebody.get(f"/cilacap/berkas/{each}")).all("a", rel="next"))
    ticket, following = page.address.rpartition("/")[2], page.one("a", rel="next").attributes["href"]
    onward = _forwarded(somebody, page)

    office = load_tenant(PROJECT / "tenants" / "cilacap").agency_name("disnakerin")
    liaison = f"Sekarang di Pejabat Penghubung (Sekretaris OPD), {office}."
    assert (True, True) == ("/cilacap/meja" in back.address, f"{gone}: sudah. {liaison} Buka lagi" in back.text)
    assert "Tersimpan." in kept.text
    assert onward.address.endswith(f"{following}?dari={ticket}&kini=liaison&di=disnakerin")
    assert f"{ticket}: sudah. {liaison} Buka lagi · Ini tugas berikutnya." in onward.text


def test_what_was_done_is_told_of_the_officer_whatever_others_do_after_it(api: Api, desks: Desks) -> None:
    """Where the dossier stays theirs they read what they did, also once the reporter has written."""
    receipt = filed(api, message="Lampu jembatan padam")
    somebody = desks.enter("cilacap", "coordinator")
    page = somebody.get(f"/cilacap/berkas/{receipt['ticket']}")
    form = form_of(page, "classify")
    done = somebody.post(form.action, {**form.values, "classification": "suggestion"})
    assert api.reporter("cilacap", receipt, "add", text="Tiangnya juga miring").ok
    later = somebody.get(done.address)

    for each in (done, later):
        assert "Sudah: Jenis dan kategori ditetapkan, " in each.text
        assert "Berkas masih pada Anda." in each.text


def _at(api: Api, agency: str) -> list[str]:
    """The tickets of three complaints at an office that no other test sends any to: its inbox holds these alone."""
    filed_now = [filed(api, message=f"Lampu {number} padam") for number in range(3)]
    for receipt in filed_now:
        assert api.act(officer("cilacap", "coordinator"), receipt["id"], "dispose", agency=agency).ok
    api.rest()
    return [str(receipt["ticket"]) for receipt in filed_now]


def _forwarded(somebody: Visitor, page: Page) -> Page:
    form = form_of(page, "forward")
    return somebody.post(form.action, filled(page, form))
