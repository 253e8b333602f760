"""The officers' pages as a way through the work: the inbox, one dossier after another, and all complaints."""

from collections.abc import Callable

import pytest

from tests.journey.installation import Api, officer
from tests.pages.desks import PASSWORD, PICTURE, WHO, Desks, filed
from tests.pages.screen import DESK, Screen
from tests.pages.visitor import Visitor

Visitors = Callable[..., Visitor]

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
    assert "Sudah kami terima." in rated.text


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


def test_complaints_are_found_and_names_stand_in_no_address(api: Api, desks: Desks) -> None:
    """By the reporter's whole name, posted; by a ticket from the inbox's search; by a place."""
    receipt = filed(api, reporter={**WHO, "name": "Zubaidah Kartika"}, location={"kecamatan": "Kroya", "desa": "Kroya"})
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


def test_from_one_dossier_to_the_next_in_the_inboxs_order(api: Api, desks: Desks) -> None:
    """As the inbox's page lists them, to its end and back; another desk's dossier has no place in it."""
    for number in range(3):
        filed(api, message=f"Selokan {number} mampet")
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
