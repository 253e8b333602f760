"""Following a complaint by the page, and what its reporter may do there."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from shared.domain.all_tenants import Tenants
from shared.domain.calendar.duration import Duration
from shared.platform.settings import PROJECT
from tests.files.making import voice
from tests.fixtures.waiting import patience
from tests.journey.installation import Api, officer
from tests.pages.desks import PICTURE, Desks
from tests.pages.visitor import Page, Visitor

Visitors = Callable[..., Visitor]


def _filed(api: Api, tenant: str = "cilacap", **complaint: Any) -> dict[str, Any]:
    given = {"message": "Lampu jalan padam", "reporter": {"name": "Siti Rahayu", "address": "RT 1 Hanum"}}
    return api.file(tenant, **{**given, **complaint})


def _open(somebody: Visitor, receipt: dict[str, Any], tenant: str = "cilacap") -> Page:
    form = somebody.get(f"/{tenant}/lacak")
    return somebody.send(form, "/lacak", ticket=receipt["ticket"], code=receipt["tracking_code"])


def _answered(api: Api, **complaint: Any) -> dict[str, Any]:
    receipt = _filed(api, **complaint)
    done = [
        api.act(officer("cilacap", "coordinator"), receipt["id"], "dispose", agency="dpupr", note="Mohon segera"),
        api.act(officer("cilacap", "operator", "dpupr"), receipt["id"], "forward", note="Rahasia dapur"),
        api.act(officer("cilacap", "liaison", "dpupr"), receipt["id"], "forward"),
        api.act(officer("cilacap", "head", "dpupr"), receipt["id"], "forward", response="Tim turun besok"),
        api.act(officer("cilacap", "liaison", "dpupr"), receipt["id"], "forward", response="Tim turun besok"),
        api.act(officer("cilacap", "operator", "dpupr"), receipt["id"], "answer", text="Lampu sudah diganti."),
    ]
    assert [True] * 6 == [each.ok for each in done]
    return receipt


def test_a_wrong_code_and_an_unknown_ticket_read_alike(api: Api, visitor: Visitors) -> None:
    """Nobody learns here which tickets there are."""
    receipt = _filed(api)
    somebody = visitor()
    pages = []
    for ticket in (receipt["ticket"], "CLP-2026-999999"):
        page = somebody.send(somebody.get(f"/cilacap/lacak/{ticket}"), "/lacak", code="SALAH23456")
        pages.append((page.status, page.html.replace(ticket, "T")))

    assert 404 == pages[0][0]
    assert pages[0] == pages[1]


def test_guessing_a_code_is_stopped(api: Api, visitor: Visitors) -> None:
    """After five wrong codes for one ticket even the right one waits, and how long is said; the API counts with it."""
    receipt = _filed(api)
    somebody = visitor()
    for _ in range(5):
        somebody.send(somebody.get("/cilacap/lacak"), "/lacak", ticket=receipt["ticket"], code="SALAH23456")
    page = _open(somebody, receipt)

    assert 429 == page.status
    assert int(page.headers["Retry-After"]) > 0
    path, stranger = f"/cilacap/complaints/{receipt['ticket']}", {"X-Forwarded-For": "192.0.2.1"}
    refused = api.call("GET", path, params={"code": receipt["tracking_code"]}, headers=stranger)
    assert (429, "too_many_attempts") == (refused.status_code, refused.json()["code"])


def test_the_page_shows_what_was_written_as_text_and_never_who_wrote_it(api: Api, visitor: Visitors) -> None:
    """The holder of a code need not be the reporter; and what was typed is no markup."""
    receipt = _filed(api, message="Lampu <script>alert(1)</script> padam")
    page = _open(visitor(), receipt)

    assert "Lampu <script>alert(1)</script> padam" in page.text
    assert "&lt;script&gt;" in page.html
    assert "Siti" not in page.html
    assert "RT 1" not in page.html
    assert receipt["tracking_code"] not in page.html


def test_the_way_shows_each_step_with_its_promise_and_wrong_turns(api: Api, visitor: Visitors) -> None:
    """What is done with its time, where it is, what comes; a return between desks without its reason.

    What was taken back and sent to the same office once more was not at a wrong one.
    """
    receipt = _filed(api)
    desk, agency = officer("cilacap", "coordinator"), officer("cilacap", "operator", "dishub")
    assert api.act(desk, receipt["id"], "dispose", agency="dishub").ok
    assert api.act(agency, receipt["id"], "return", reason="Bukan jalan kami, alasan rahasia").ok
    assert api.act(desk, receipt["id"], "dispose", agency="dpupr").ok
    assert api.act(desk, receipt["id"], "recall", reason="Kurang satu kata").ok
    assert api.act(desk, receipt["id"], "dispose", agency="dpupr").ok
    page = _open(visitor(), receipt)

    states = [each.attributes.get("class") for each in page.all("li") if each.attributes.get("class") in _STATES]
    assert "Sedang ditindaklanjuti Dinas Pekerjaan Umum dan Penataan Ruang" == page.heading
    assert ["done", "done", "now", "later", "later", "later", "later", "later"] == states
    assert re.search(r"Sempat salah alamat: dikirim ke Dinas Perhubungan [\w ]*\d\d\.\d\d, dikembalikan ", page.text)
    assert (1, 1) == tuple(page.text.count(each) for each in ("Sempat salah alamat", "Pengirimannya ditarik kembali"))
    assert "alasan rahasia" not in page.html
    assert "15 menit kerja" in page.text


_STATES = ("done", "now", "later")


def test_a_due_time_is_explained_to_both_sides_by_the_same_lines(api: Api, desks: Desks, visitor: Visitors) -> None:
    """From when, how much on which day, and why it is the time that it is."""
    receipt = _filed(api)
    coordinator = officer("cilacap", "coordinator")
    clocks = api.ok("GET", f"/cilacap/dossiers/{receipt['ticket']}", coordinator)["clocks"]
    case = next(each for each in clocks if each["target"] == "case")
    home, start = Tenants(PROJECT / "tenants").get("cilacap"), datetime.fromisoformat(case["started_at"])
    told = home.calendar.as_known(start).explain(start, Duration.parse(case["within"]), language="id")
    lines = [" ".join(each.text.split()) for each in told.lines]
    page = _open(visitor(), receipt)
    dossier = desks.enter("cilacap", "coordinator").get(f"/cilacap/berkas/{receipt['ticket']}")

    assert lines
    assert told.due_at is not None
    due = told.due_at.astimezone(home.zone)
    assert f"Mengapa pukul {due:%H.%M}?" in [each.text for each in page.all("summary")]
    assert lines == [line for line in lines if line in page.text]
    assert lines == [line for line in lines if line in dossier.text]


def test_a_due_time_is_explained_also_after_it_stood_still(api: Api, desks: Desks, visitor: Visitors) -> None:
    """While the reporter is asked to complete, and afterwards: by the time that did not count, on both sides."""
    receipt = api.file("cilacap", message="Saluran tersumbat", reporter={"name": "Siti Rahayu"})
    coordinator = officer("cilacap", "coordinator")
    assert api.act(coordinator, receipt["id"], "return", reason="Alamat belum ada").ok
    api.advance("PT1M")
    standing = _open(visitor(), receipt).text
    asked = desks.enter("cilacap", "coordinator").get(f"/cilacap/berkas/{receipt['ticket']}").text
    assert api.reporter("cilacap", receipt, "supplement", reporter={"address": "RT 02 Hanum"}).ok
    api.rest()
    page = _open(visitor(), receipt)
    dossier = desks.enter("cilacap", "coordinator").get(f"/cilacap/berkas/{receipt['ticket']}")
    [told] = [each.text for each in page.all("li") if each.text.strip().startswith("Ditangguhkan")]

    assert "Ditangguhkan sejak" in standing
    assert "Waktunya berhenti menunggu pelapor" in asked
    assert "tidak dihitung" in told
    assert told in [each.text for each in dossier.all("li")]


def test_a_page_looked_at_again_learns_whether_anything_has_happened(api: Api, visitor: Visitors) -> None:
    """A mark that says nothing: another after a step, the same after a colleague's note, none without the code."""
    receipt = _filed(api)
    somebody = visitor()
    page = _open(somebody, receipt)
    [place] = [each.attributes for each in page.elements if "data-news" in each.attributes]

    def mark() -> str:
        return str(somebody.session.get(somebody.address + place["data-news"], timeout=60).json()["mark"])

    assert place["data-mark"] == mark()
    assert api.act(officer("cilacap", "coordinator"), receipt["id"], "leave_note", note="Rahasia dapur").ok
    assert place["data-mark"] == mark()
    assert api.act(officer("cilacap", "coordinator"), receipt["id"], "dispose", agency="dpupr").ok
    assert place["data-mark"] != mark()
    assert "Lacak aduan" == visitor().get(place["data-news"]).heading


def test_a_page_that_asks_by_itself_has_told_nobody_of_the_answer(api: Api, visitor: Visitors) -> None:
    """An answer is delivered when its page is shown, not when a page in the background learns that there is one."""
    receipt = _filed(api)
    somebody = visitor()
    page = _open(somebody, receipt)
    desk = officer("cilacap", "coordinator")
    assert api.act(desk, receipt["id"], "transfer", to="BBPJN", reason="Kewenangan balai").ok
    assert api.act(desk, receipt["id"], "answer", text="Sudah diteruskan.").ok
    [place] = [each.attributes for each in page.elements if "data-news" in each.attributes]

    def told() -> list[str]:
        timeline = api.dossier("cilacap", receipt["id"])["timeline"]
        return [each["event"] for each in timeline if each["event"] in ("AnswerDelivered", "NoticeDelivered")]

    news = somebody.session.get(somebody.address + place["data-news"], timeout=60).json()["mark"]
    before = told()
    somebody.get(f"/cilacap/aduan/{receipt['ticket']}")

    assert place["data-mark"] != news
    assert [] == before
    assert [] != told()


def test_a_returned_complaint_is_completed_by_its_page(api: Api, visitor: Visitors) -> None:
    """The heading says what is missing, the desk's reason stands below, the form asks for that first."""
    receipt = _filed(api, reporter={"name": "Siti"})
    assert api.act(officer("cilacap", "coordinator"), receipt["id"], "return", reason="Mohon isi alamat Anda").ok
    somebody = visitor()
    page = _open(somebody, receipt)
    form = somebody.get(f"/cilacap/aduan/{receipt['ticket']}/lengkapi")
    done = somebody.send(form, "/lengkapi", reporter__address="RT 1 Hanum")

    assert "Anda perlu melengkapi: alamat" == page.heading
    assert "Mohon isi alamat Anda" in page.text
    assert "Waktunya berhenti" in page.text
    assert "Kelengkapan Anda sudah kami terima." in done.text
    assert [] == api.dossier("cilacap", receipt["id"])["missing"]


@pytest.mark.parametrize("what", ["", "/balas", "/tarik", "/foto", "/data", "/dibaca"])
def test_every_page_of_a_complaint_says_which_one_it_is(api: Api, visitor: Visitors, what: str) -> None:
    """Who has several complaints must see which one they write about: how it begins, its place and its day."""
    receipt = _filed(api, location={"desa": "Hanum", "kecamatan": "Dayeuhluhur"})
    somebody = visitor()
    _open(somebody, receipt)
    page = somebody.get(f"/cilacap/aduan/{receipt['ticket']}{what}")

    assert 200 == page.status
    assert re.search(r"Lampu jalan padam\s*Hanum, Dayeuhluhur\. Dikirim .*, pukul \d\d\.\d\d WIB\.", page.text)


def test_an_answer_is_shown_and_nothing_that_desks_said_to_each_other(api: Api, visitor: Visitors) -> None:
    """The answer's words and its office; no note, no draft, no officer's name."""
    page = _open(visitor(), _answered(api))

    assert "Sudah dijawab Dinas Pekerjaan Umum dan Penataan Ruang" == page.heading
    assert "Lampu sudah diganti." in page.text
    assert "Apakah masalahnya sudah selesai?" in page.text
    for private in ("Mohon segera", "Rahasia dapur", "Tim turun besok", "operator-test", "head-test"):
        assert private not in page.html


@pytest.mark.parametrize(
    ("choice", "given", "event", "status", "told"),
    [
        ("ya", {"score": "5", "text": "Terima kasih"}, "Rated", "answered", "Penilaian Anda sudah kami catat."),
        ("belum", {"text": "Masih padam", "score": "1"}, "Reopened", "in_progress", "Aduan dibuka lagi."),
        ("tanya", {"text": "Kapan yang di ujung?"}, "Replied", "answered", "Pertanyaan Anda sudah kami terima."),
    ],
)
def test_whether_it_is_solved_decides_what_follows(
    api: Api, visitor: Visitors, choice: str, given: dict[str, str], event: str, status: str, told: str
) -> None:
    """A rating, a reopening, or a question: each is its own event, and the page says what was done."""
    receipt = _answered(api)
    somebody = visitor()
    page = somebody.send(_open(somebody, receipt), "/tanggapi", selesai=choice, **given)
    dossier = api.dossier("cilacap", receipt["id"])

    assert told in page.one("p", role="status").text
    assert (event == "Rated") is ("Sudah Anda nilai." in page.text)
    assert (event == "Rated") is ("5 dari 5: Sangat baik" in page.text)
    assert (event == "Rated") is ("Ubah atau tambah tanggapan" in page.text)
    assert "Tanpa tanggapan sampai" not in page.text or event not in ("Rated", "Reopened")
    assert event in [each["event"] for each in dossier["timeline"]]
    assert status == dossier["status"]


@pytest.mark.parametrize(
    ("given", "field"),
    [({}, "selesai"), ({"selesai": "ya"}, "score"), ({"selesai": "belum"}, "text"), ({"selesai": "tanya"}, "text")],
)
def test_a_response_that_lacks_something_says_what(
    api: Api, visitor: Visitors, given: dict[str, str], field: str
) -> None:
    """Nothing is sent, and the summary leads to the field."""
    somebody = visitor()
    page = somebody.send(_open(somebody, _answered(api)), "/tanggapi", **given)

    assert 422 == page.status
    assert page.all("a", href=f"#{field}")


@pytest.mark.parametrize(("then", "marks"), [("2", 1), ("3", 2)], ids=["the same", "another"])
def test_a_mark_before_a_text_that_is_refused_counts_once(api: Api, visitor: Visitors, then: str, marks: int) -> None:
    """The form that comes back is the same one: sent again with another text, its mark is known as recorded.

    Who chooses another one meanwhile is taken at their word.
    """
    receipt, somebody = _answered(api), visitor()
    form = _open(somebody, receipt)
    refused = somebody.send(form, "/tanggapi", selesai="belum", score="2", text="Masih padam. " * 2000)
    again = somebody.send(refused, "/tanggapi", selesai="belum", score=then, text="Masih padam.")
    events = [each["event"] for each in api.dossier("cilacap", receipt["id"])["timeline"]]

    assert (422, 200) == (refused.status, again.status), again.text
    assert (marks, 1) == (events.count("Rated"), events.count("Reopened"))


def test_a_complaint_is_withdrawn_on_a_page_that_asks_first(api: Api, visitor: Visitors, desks: Desks) -> None:
    """Withdrawing cannot be undone: it takes a page of its own, and a reason. Its desk reads how and when it ended."""
    receipt = _filed(api)
    somebody = visitor()
    _open(somebody, receipt)
    asked = somebody.get(f"/cilacap/aduan/{receipt['ticket']}/tarik")
    without = somebody.send(asked, "/tarik", reason="")
    done = somebody.send(asked, "/tarik", reason="Sudah diperbaiki warga")
    desk = desks.enter("cilacap", "coordinator")
    handled = [desk.get(f"/cilacap/berkas/{receipt['ticket']}{view}").text for view in ("", "/cetak")]

    assert "Setelah ditarik tidak dapat dilanjutkan." in asked.text
    assert 422 == without.status
    assert "Aduan sudah Anda tarik" == done.heading
    assert "Aduan sudah ditarik. Tidak ada lagi yang perlu Anda lakukan." in done.text
    assert "Berakhir " in done.text
    assert all(re.search(r"[Dd]itarik pelapor\W+Berakhir .*, pukul \d\d\.\d\d WIB\.", each) for each in handled)


def test_what_is_no_longer_possible_is_said_and_the_text_kept(api: Api, visitor: Visitors) -> None:
    """Somebody did something meanwhile: the page says where the complaint stands now, with the text to copy."""
    receipt = _answered(api)
    somebody = visitor()
    page = _open(somebody, receipt)
    assert api.reporter("cilacap", receipt, "reopen", reason="Masih padam").ok
    late = somebody.send(page, "/tanggapi", selesai="tanya", text="Kapan selesainya?")

    assert 409 == late.status
    assert "Sedang diperiksa meja pengaduan Kabupaten Cilacap" == late.heading
    assert "Kapan selesainya?" == late.one("textarea").text
    again = somebody.get(f"/cilacap/aduan/{receipt['ticket']}/tarik")
    assert api.reporter("cilacap", receipt, "withdraw", reason="Sudah menyala").ok
    ended = somebody.send(again, "/tarik", reason="Sudah menyala lagi")
    assert (409, "Aduan sudah Anda tarik") == (ended.status, ended.heading)
    assert re.search(r"Berakhir .*, pukul \d\d\.\d\d WIB\.", ended.text)


def test_what_was_written_before_the_page_closed_comes_back_with_the_code(api: Api, visitor: Visitors) -> None:
    """The half hour is over: the code is asked for, a wrong one loses nothing, and nothing is sent by itself."""
    receipt = _filed(api)
    somebody = visitor()
    _open(somebody, receipt)
    form = somebody.get(f"/cilacap/aduan/{receipt['ticket']}/tarik")
    del somebody.session.cookies["__Host-lacak"]
    asked = somebody.send(form, "/tarik", reason="Sudah diperbaiki warga")
    wrong = somebody.send(asked, "/lacak", code="SALAH23456")
    back = somebody.send(wrong, "/lacak", code=receipt["tracking_code"])
    status = api.dossier("cilacap", receipt["id"])["status"]
    done = somebody.send(back, "/tarik")

    assert [(401, "Lacak aduan"), (404, "Lacak aduan")] == [(each.status, each.heading) for each in (asked, wrong)]
    assert "tulisan Anda belum terkirim dan masih ada" in asked.text
    assert "Sudah diperbaiki" not in asked.html + wrong.html
    assert "Belum terkirim. Periksa lalu kirim." in back.text
    assert "Sudah diperbaiki warga" == back.form("/tarik").values["reason"]
    assert "in_progress" == status
    assert "Aduan sudah Anda tarik" == done.heading


def test_what_waits_for_a_code_is_shown_with_its_own_complaint_only(api: Api, visitor: Visitors) -> None:
    """Whoever then opens another complaint is not led into writing to that one."""
    first, second = _filed(api), _filed(api)
    somebody = visitor()
    _open(somebody, first)
    form = somebody.get(f"/cilacap/aduan/{first['ticket']}/foto")
    del somebody.session.cookies["__Host-lacak"]
    asked = somebody.send(form, "/foto", files={"photos": ("lampu.jpg", PICTURE, "image/jpeg")})
    other = somebody.send(asked, "/lacak", ticket=second["ticket"], code=second["tracking_code"])
    own = somebody.send(asked, "/lacak", code=first["tracking_code"])

    assert "Perjalanan aduan Anda" in other.text
    assert "Tambah foto" == own.heading
    assert "Berkas harus dipilih lagi" in own.text


def test_only_the_browser_with_the_code_opens_the_page(api: Api, visitor: Visitors) -> None:
    """Everybody else is asked for the code, also whoever opened another ticket; leaving forgets it."""
    first, second = _filed(api), _filed(api)
    somebody = visitor()
    page = _open(somebody, first)
    other = somebody.get(f"/cilacap/aduan/{second['ticket']}")
    stranger = visitor().get(f"/cilacap/aduan/{first['ticket']}")
    somebody.send(page, "/keluar-lacak")
    after = somebody.get(f"/cilacap/aduan/{first['ticket']}")

    assert ["Lacak aduan"] * 3 == [each.heading for each in (other, stranger, after)]


def test_photos_are_added_and_fetched_by_the_page(api: Api, visitor: Visitors) -> None:
    """A photo sent later is a file of the complaint; it comes back as a download that runs nothing."""
    receipt = _filed(api)
    somebody = visitor()
    _open(somebody, receipt)
    path = f"/cilacap/aduan/{receipt['ticket']}/foto"
    files = {"photos": ("lampu.jpg", PICTURE, "image/jpeg")}
    broken = somebody.send(somebody.get(path), "/foto", files={"photos": ("x.jpg", b"no picture", "image/jpeg")})
    page = somebody.send(somebody.get(path), "/foto", files=files)
    [link] = [each for each in page.all("a") if "/berkas/" in each.attributes["href"]]
    fetched = somebody.session.get(api.address + link.attributes["href"], timeout=patience(30))

    assert (422, True) == (broken.status, "Jenis berkas ini tidak diterima. Kirim JPEG" in broken.text)
    assert (200, "image/jpeg") == (fetched.status_code, fetched.headers["Content-Type"])
    assert fetched.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in fetched.headers["Content-Security-Policy"]


def test_a_recording_is_offered_and_taken_by_the_page(api: Api, visitor: Visitors) -> None:
    """Sound and film are told with their limits, offered by the browser, and kept as files of the complaint."""
    receipt = _filed(api)
    somebody = visitor()
    _open(somebody, receipt)
    form = somebody.get(f"/cilacap/aduan/{receipt['ticket']}/foto")
    page = somebody.send(form, "/foto", files={"photos": ("suara.ogg", voice(), "audio/ogg")})
    [link] = [each for each in page.all("a") if "/berkas/" in each.attributes["href"]]
    fetched = somebody.session.get(api.address + link.attributes["href"], timeout=patience(30))

    assert "rekaman suara sampai 16 MB, video sampai 20 MB; semuanya bersama-sama sampai 30 MB" in form.text
    [offered] = [each.attributes["accept"].split(",") for each in form.all("input") if "accept" in each.attributes]
    assert {"image/jpeg", "application/pdf", "audio/ogg", ".m4a", "video/mp4"} <= {*offered}
    assert (200, "audio/ogg") == (fetched.status_code, fetched.headers["Content-Type"])
