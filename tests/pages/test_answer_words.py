"""Beginnings of answers edited in the browser: seen by officers at once, with every version kept."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg2
import pytest

from cli.installation import running
from shared.application.answer_words import save, versions
from shared.base.errors import Conflict
from shared.domain.answer_templates import AnswerTemplate
from tests.journey.installation import Api, officer
from tests.pages.desks import Desks
from tests.pages.visitor import Page, Visitor

PATH = "/majalengka/kelola/kata"
TITLE = "Sudah diperiksa di lapangan"


@pytest.fixture
def chief(desks: Desks) -> Visitor:
    """An administrator."""
    return desks.administrator("majalengka")


def _titles(page: Page) -> list[str]:
    return [each.text for each in page.all("a", lang="id")]


@pytest.fixture
def title(chief: Visitor) -> Iterator[str]:
    """A beginning of an answer that was added, and is taken out again."""
    form = chief.get(f"{PATH}/baru")
    text = "Aduan {ticket} sudah {office} periksa pada [hari pemeriksaan]."
    saved = chief.send(form, "/baru", title=TITLE, text=text, why="Sering dipakai", deed="simpan")
    assert "Tersimpan" in saved.text
    yield TITLE
    one = chief.get(f"{PATH}/sudah_diperiksa_di_lapangan")
    if 200 == one.status:
        chief.send(one, "/sudah_diperiksa_di_lapangan", why="Selesai", deed="hapus")


def test_what_was_added_is_offered_and_has_to_be_completed(api: Api, desks: Desks, title: str) -> None:
    """On the very next dossier, with what the page knows filled in; its brackets are refused in an answer."""
    receipt = api.file("majalengka", message="Lampu padam", reporter={"name": "S", "address": "R"})
    api.rest()
    seen = api.dossier("majalengka", receipt["id"])
    who = officer("majalengka", seen["actor"], seen["agency"])
    assert api.act(who, receipt["id"], "dispose", agency="dinsos").ok
    api.rest()
    seen = api.dossier("majalengka", receipt["id"])
    desk = desks.enter("majalengka", seen["actor"], seen["agency"])
    page = desk.get(f"/majalengka/berkas/{receipt['ticket']}")
    offered = [each.attributes["data-text"] for each in page.all("a") if title == each.text]
    action = next(each["action"] for each in seen["allowed"] if "text" in str(each) or "response" in str(each))
    field = "text" if action in ("answer", "interim") else "response"
    who = officer("majalengka", seen["actor"], seen["agency"])
    left = api.act(who, receipt["id"], action, **{field: "Sudah dinas periksa pada [hari pemeriksaan]."})

    assert offered
    assert {f"Aduan {receipt['ticket']} sudah Dinas Sosial periksa pada [hari pemeriksaan]."} == set(offered)
    assert (422, True) == (left.status_code, "[hari pemeriksaan]" in left.text)


def test_a_look_saves_nothing_and_a_fault_loses_nothing(chief: Visitor) -> None:
    """The made-up complaint shows what the page fills in; what is not known, open or empty is told at its field."""
    form = chief.get(f"{PATH}/baru")
    looked = chief.send(form, "/baru", title="Contoh", text="Nomor {ticket} di {office}.", why="", deed="lihat")
    wrong = {
        text: chief.send(form, "/baru", title="Contoh", text=text, why="Coba", deed="simpan")
        for text in ("Halo {nama}", "Halo [", "Halo []", "", "x" * 5001)
    }
    unsaid = chief.send(form, "/baru", title="Contoh", text="Halo", why=" ", deed="simpan")

    assert "-000123 di" in looked.one("section", aria_labelledby="contoh").text
    assert "Contoh" not in _titles(chief.get(PATH))
    assert {422} == {page.status for page in (*wrong.values(), unsaid)}
    assert "{nama}" in wrong["Halo {nama}"].form("/baru").values["text"]
    assert "Mengapa diubah?" in unsaid.one("div", class_="summary").text


def test_every_version_stays_and_can_count_again(chief: Visitor, title: str) -> None:
    """With who and why; two who edit the same version do not overwrite each other."""
    one = chief.get(f"{PATH}/sudah_diperiksa_di_lapangan")
    first = chief.send(one, "/sudah_diperiksa_di_lapangan", title="Judul pertama", why="Perbaikan", deed="simpan")
    late = chief.send(one, "/sudah_diperiksa_di_lapangan", title="Judul kedua", why="Perbaikan lain", deed="simpan")
    page = chief.get(PATH)
    older = next(form for form in page.forms if form.values.get("of") == "0")
    without = [chief.post(PATH, {**older.values, "why": why}).status for why in ("", " ", "\x00", "x" * 201)]
    back = chief.post(PATH, {**older.values, "why": "Salah sunting"})

    assert "Judul pertama" in _titles(first)
    assert (409, "Judul kedua") == (late.status, late.form("/sudah_diperiksa_di_lapangan").values["title"])
    assert [422] * 4 == without
    assert title not in _titles(back)
    assert "Salah sunting" in back.text
    assert "oleh uji.admin" in back.text


def test_a_shared_one_is_changed_for_one_government_only(chief: Visitor, desks: Desks) -> None:
    """The others keep it as it was."""
    one = chief.get(f"{PATH}/dijadwalkan")
    changed = chief.send(one, "/dijadwalkan", title="Masuk jadwal", why="Istilah kami", deed="simpan")
    elsewhere = desks.administrator("bantul").get("/bantul/kelola/kata")
    chief.send(chief.get(f"{PATH}/dijadwalkan"), "/dijadwalkan", why="Kembali", deed="hapus")

    assert "Masuk jadwal" in _titles(changed)
    assert "Dijadwalkan" in _titles(elsewhere)
    assert "Dijadwalkan" in _titles(chief.get(PATH))
    assert 404 == chief.get(f"{PATH}/tidak_ada").status


def test_one_that_is_new_hides_no_shared_one_and_what_is_not_ones_own_is_not_taken_out(chief: Visitor) -> None:
    """Called as a shared one is, it stands beside it; to take out a shared or a new one saves no version."""
    form = chief.get(f"{PATH}/baru")
    why = {"text": "Baik.", "why": "Coba"}
    before = len(chief.get(PATH).all("summary"))
    pages = {name: chief.get(f"{PATH}/{name}") for name in ("baru", "dijadwalkan")}
    vain = [chief.send(page, f"/{name}", deed="hapus", **why) for name, page in pages.items()]
    after = len(chief.get(PATH).all("summary"))
    added = chief.send(form, "/baru", title="dijadwalkan", deed="simpan", **why)
    chief.send(chief.get(f"{PATH}/dijadwalkan_2"), "/dijadwalkan_2", why="Selesai", deed="hapus")

    assert ([409, 409], before) == ([page.status for page in vain], after)
    assert {"dijadwalkan", "Dijadwalkan"} <= set(_titles(added))


def test_one_for_an_office_that_is_no_more_stays_for_nobody_else(api: Api, chief: Visitor) -> None:
    """It is told by its id, and still chosen when something else of it is edited."""
    assert api.data is not None
    with running(api.data) as runtime:
        home, now = runtime.tenants.get("majalengka"), runtime.clock.now()
        latest = versions(runtime.database, home)[0]
        gone = AnswerTemplate("dulu", "Dulu", "Baik.", ("dinas_lama",))
        save(runtime.database, home, latest.version, (*latest.answers, gone), "uji", "coba", now)
        edited = chief.send(chief.get(f"{PATH}/dulu"), "/dulu", title="Dulu sekali", why="Coba", deed="simpan")
        [kept] = [each for each in versions(runtime.database, home)[0].answers if each.id == "dulu"]
    chief.send(chief.get(f"{PATH}/dulu"), "/dulu", why="Selesai", deed="hapus")

    assert "dinas_lama" in edited.text
    assert ("Dulu sekali", ("dinas_lama",)) == (kept.title, kept.agencies)


def test_no_version_is_ever_changed_or_skipped(api: Api) -> None:
    """Not by two at once, not by a version that is made up, and not in the table itself."""
    assert api.data is not None
    with running(api.data) as runtime:
        home, now = runtime.tenants.get("trenggalek"), runtime.clock.now()
        own = versions(runtime.database, home)[0].answers

        def edit(since: int) -> int:
            try:
                return save(runtime.database, home, since, own, "uji", "coba", now)
            except Conflict:
                return 0

        with ThreadPoolExecutor(4) as several:
            made = list(several.map(edit, [0] * 4))
        assert [0, 0, 0, 1] == sorted(made)
        assert [0, 0, 0, 0] == [edit(since) for since in (-2, 0, 5, 2**31 - 1)]
        with pytest.raises(psycopg2.Error, match="never changed"), runtime.database.autocommit() as cursor:
            cursor.execute("UPDATE identity.answer_words SET why = 'x'")
        with pytest.raises(psycopg2.Error, match="never changed"), runtime.database.autocommit() as cursor:
            cursor.execute("TRUNCATE identity.answer_words")
