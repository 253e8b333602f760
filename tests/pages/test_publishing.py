"""Publishing by two officers' pages, and what everybody then finds."""

from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import uuid4
from xml.etree.ElementTree import Element, fromstring

import pytest

from tests.journey.installation import Api, officer
from tests.pages.desks import PASSWORD, Desks
from tests.pages.visitor import Page, Visitor

Visitors = Callable[..., Visitor]

NAME = "Ngatiyem Prawirotaruno"
MESSAGE = "Bau busuk dari selokan belakang rumah saya"
ANSWER = "Ibu Ngatiyem, selokan sudah kami keruk"
NOTE = "Catatan antarmeja yang tetap di dalam"
_ATOM = "{http://www.w3.org/2005/Atom}"
SUMMARY = "Selokan warga berbau; sudah dikeruk."


@pytest.fixture(scope="module")
def ticket(api: Api) -> str:
    """An answered complaint."""
    return _answered(api)


def _answered(api: Api) -> str:
    receipt = api.file(
        "cilacap",
        message=MESSAGE,
        reporter={"name": NAME, "address": "Gang Buntu 9"},
        location={"kecamatan": "Kroya", "desa": "Kroya"},
    )
    desk = officer("cilacap", "coordinator")
    assert api.act(desk, receipt["id"], "transfer", to="BBPJN", reason="Kewenangan balai").ok
    assert api.act(desk, receipt["id"], "answer", text=ANSWER).ok
    api.rest()
    return str(receipt["ticket"])


def test_two_officers_publish_and_everybody_reads(api: Api, desks: Desks, visitor: Visitors, ticket: str) -> None:
    """Written, looked at, published by another account; the public page shows the very piece that was previewed."""
    writer = desks.enter("cilacap", "coordinator")
    path = f"/cilacap/terbitkan/{ticket}"
    listed = _page_with(writer, ticket)
    form = writer.get(path)
    begun = form.form("/putusan").values["summary"]
    looked = writer.send(form, "/putusan", summary=SUMMARY, deed="preview")
    early = visitor().get(f"/cilacap/umum/{ticket}")
    wrong = writer.send(form, "/putusan", summary=f"{SUMMARY} {NAME}", deed="write_summary")
    written = writer.send(form, "/putusan", summary=SUMMARY, public_answer="Aman\uffff.", deed="write_summary")
    token = written.form("/keluar").values["tanda"]
    own = writer.post(f"{path}/putusan", {"tanda": token, "deed": "publish_summary", "summary_version": "1"})
    second = _second(api, desks)
    looking = second.get(path)
    values = {**looking.form("/putusan").values, "deed": "publish_summary"}
    done = second.post(f"{path}/putusan", values)
    public = visitor().get(f"/cilacap/umum/{ticket}")
    found = visitor("en").get("/cilacap/umum", params={"kecamatan": "Kroya"})
    feed = fromstring(visitor().get("/cilacap/umum/umpan.atom", params={"kecamatan": "Kroya"}).html)  # noqa: S314 - our own feed
    narrowed = [
        visitor().get("/cilacap/umum", params={"kecamatan": "Kroya", "keadaan": each})
        for each in ("answered", "closed")
    ]
    elsewhere = fromstring(visitor().get("/cilacap/umum/umpan.atom", params={"kecamatan": "Adipala"}).html)  # noqa: S314

    assert ticket in listed.text
    assert "Kroya, Kroya" in begun
    assert MESSAGE not in begun
    assert SUMMARY in looked.one("article").text
    assert (404, 422, 409) == (early.status, wrong.status, own.status)
    assert "orang lain" in looking.text or "Terbitkan ringkasan ini" in looking.text
    assert "Sudah terbit di halaman umum." in done.text
    assert " ".join(looking.one("article").text.split()) == " ".join(public.one("article").text.split())
    assert SUMMARY in found.text
    assert [True, False] == [SUMMARY in page.text for page in narrowed]
    assert "Tidak ada yang cocok dengan: Kroya, ditutup." in narrowed[1].text
    assert f"/cilacap/umum/{ticket}" == urlsplit(_link(feed)).path
    assert (SUMMARY, True) == (feed.findtext(f"{_ATOM}entry/{_ATOM}title"), "Aman." in _content(feed))
    assert MESSAGE not in _content(feed)
    assert [] == elsewhere.findall(f"{_ATOM}entry")


def test_of_two_who_write_at_once_the_second_reads_the_firsts_text_and_loses_none(api: Api, desks: Desks) -> None:
    """Theirs stays in its box, beside what stands by now; sent once more, it takes that one's place knowingly.

    A refused try and a look at it show no other's text, so that what follows them is told likewise.
    """
    ticket = _answered(api)
    somebody = desks.enter("cilacap", "coordinator")
    path = f"/cilacap/terbitkan/{ticket}"
    both = [somebody.get(path), somebody.get(path)]
    refused = somebody.send(both[1], "/putusan", summary="", deed="write_summary")
    first = somebody.send(both[0], "/putusan", summary=SUMMARY, deed="write_summary")
    looked = somebody.send(refused, "/putusan", summary="Selokan dikeruk warga.", deed="preview")
    second = somebody.send(looked, "/putusan", deed="write_summary")
    stood = second.one("article").text
    again = somebody.send(second, "/putusan", deed="write_summary")

    assert [422, 200, 200, 409, 200] == [page.status for page in (refused, first, looked, second, again)]
    assert SUMMARY in stood
    assert "Selokan dikeruk warga." == second.form("/putusan").values["summary"]
    assert "Selokan dikeruk warga." in again.one("article").text


def test_the_button_to_publish_stands_below_the_text_that_it_publishes(api: Api, desks: Desks) -> None:
    """Not below what its reader has just written and looks at; also where no reason was given for giving it back."""
    ticket = _answered(api)
    path, writer, second = f"/cilacap/terbitkan/{ticket}", desks.enter("cilacap", "coordinator"), _second(api, desks)
    writer.send(writer.get(path), "/putusan", summary=SUMMARY, deed="write_summary")
    waiting = second.get(path)
    looked = second.send(waiting, "/putusan", summary="Selokan dikeruk warga.", deed="preview")
    refused = second.send(looked, "/putusan", summary="", deed="write_summary")
    back = second.get(looked.one("a", href=path).attributes["href"])
    silent = second.send(back, "/putusan", deed="give_back_summary", reason="")

    assert [True, False, False, True, True] == [
        any(("deed", "publish_summary") in form.buttons for form in page.forms)
        for page in (waiting, looked, refused, back, silent)
    ]
    assert "Selokan dikeruk warga." in looked.one("article").text
    assert "Ditulis oleh" not in looked.text
    assert (422, 422) == (refused.status, silent.status)
    assert all(SUMMARY in page.one("article").text for page in (waiting, back, silent))


def test_a_page_of_several_counts_nothing(api: Api, desks: Desks) -> None:
    """What stands on it is not all that waits, and would be read as that."""
    for _ in range(2):
        _answered(api)
    further = api.ok("GET", "/cilacap/publishing", officer("cilacap", "coordinator"), params={"limit": 1})["next"]
    page = desks.enter("cilacap", "coordinator").get("/cilacap/terbitkan", params={"sesudah": further})

    assert "(" not in "".join(each.text for each in page.all("h2"))
    assert page.all("h2")


def _page_with(somebody: Visitor, ticket: str) -> Page:
    """The page of what waits to be published on which a complaint stands; the last if it is on none."""
    page = somebody.get("/cilacap/terbitkan")
    while ticket not in page.text:
        onward = [each for each in page.all("a", class_="button plain small") if "Berikutnya" in each.text]
        if not onward:
            return page
        page = somebody.get(onward[0].attributes["href"])
    return page


def _link(feed: Element) -> str:
    return str(feed.findall(f"{_ATOM}entry/{_ATOM}link")[0].attrib["href"])


def _content(feed: Element) -> str:
    return str(feed.findtext(f"{_ATOM}entry/{_ATOM}content"))


def _second(api: Api, desks: Desks) -> Visitor:
    """Another coordinator, with an account of their own."""
    name = f"kedua.{uuid4().hex[:8]}"
    chief = desks.administrator("cilacap")
    page = chief.get("/cilacap/kelola/akun")
    made = chief.send(page, "/kelola/akun", deed="open", username=name, actor="coordinator", agency="")
    somebody = Visitor(api.address)
    entering = somebody.get("/cilacap/masuk")
    somebody.send(entering, "/masuk", username=name, password=made.one("p", class_="code").text)
    return somebody


def test_a_reporter_is_told_what_is_public_of_their_complaint(api: Api, visitor: Visitors) -> None:
    """Their page leads to it, once it is public and not before."""
    receipt = api.file("cilacap", message=MESSAGE, reporter={"name": NAME, "address": "Gang Buntu 9"})
    desk = officer("cilacap", "coordinator")
    assert api.act(desk, receipt["id"], "transfer", to="BBPJN", reason="Kewenangan balai").ok
    assert api.act(desk, receipt["id"], "answer", text=ANSWER).ok
    written = api.act(desk, receipt["id"], "write_summary", summary=SUMMARY)
    address = f"/cilacap/umum/{receipt['ticket']}"
    somebody = visitor()
    code = {"ticket": receipt["ticket"], "code": receipt["tracking_code"]}
    before = somebody.send(somebody.get("/cilacap/lacak"), "/lacak", **code)
    published = {"summary_version": written.json()["version"]}
    assert api.act({**desk, "user": "lain"}, receipt["id"], "publish_summary", **published).ok
    after = somebody.get(before.address)

    assert [False, True] == [bool(page.all("a", href=address)) for page in (before, after)]


def test_what_is_not_public_is_told_from_nothing_by_its_page(api: Api, visitor: Visitors) -> None:
    """A complaint of which no summary is out, a secret one, a number that nobody has: the same 404, to the letter."""
    waiting, secret = (api.file("cilacap", message=MESSAGE, privacy=each)["ticket"] for each in ("open", "secret"))
    api.rest()
    somebody = visitor()
    tickets = (waiting, secret, "CLP-2026-999999")
    pages = [somebody.get(f"/cilacap/umum/{ticket}") for ticket in tickets]
    alike = {page.html.replace(ticket, "") for page, ticket in zip(pages, tickets, strict=True)}

    assert [404, 404, 404] == [page.status for page in pages]
    assert 1 == len(alike)


def test_nothing_private_is_in_any_public_page(api: Api, desks: Desks, visitor: Visitors, ticket: str) -> None:
    """Names, addresses, texts and notes: searched for in every page and every answer that needs no log-in."""
    desk = desks.enter("cilacap", "coordinator")
    page = desk.get(f"/cilacap/berkas/{ticket}")
    noted = desk.send(page, "/catatan", note=NOTE)
    assert NOTE in noted.text
    api.rest()
    somebody = visitor()
    pages = [
        "/",
        "/cilacap/",
        "/cilacap/umum",
        "/cilacap/umum/umpan.atom",
        f"/cilacap/umum/{ticket}",
        "/cilacap/kinerja/2026-10",
        "/cilacap/kinerja",
        "/cilacap/prosedur",
        "/cilacap/lacak",
        f"/cilacap/lacak/{ticket}",
        f"/cilacap/aduan/{ticket}",
    ]
    answers = ["/published", f"/published/{ticket}"]
    seen = {path: somebody.get(path).html for path in pages}
    seen |= {path: api.call("GET", f"/cilacap{path}").text for path in answers}

    for private in (NAME, "Ngatiyem", "Gang Buntu", MESSAGE, ANSWER, NOTE, PASSWORD):
        assert [] == [path for path, html in seen.items() if private in html], private


def test_a_note_without_words_is_not_kept(desks: Desks, ticket: str) -> None:
    """The form stands open again, and says what is missing."""
    desk = desks.enter("cilacap", "coordinator")
    page = desk.send(desk.get(f"/cilacap/berkas/{ticket}"), "/catatan", note="  ")

    assert 422 == page.status
    assert "true" == page.one("textarea", id="note").attributes["aria-invalid"]
