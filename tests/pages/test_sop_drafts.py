"""A new version of a procedure from the browser: checked and compared, approved by another, for what is filed then."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import psycopg2
import pytest

from cli.doctoring.edited import edited_lines
from cli.doctoring.line import OK
from cli.installation import running
from shared.application.procedure_drafts import approve, approved_text_in, draft, draft_of, highest
from shared.base.errors import Conflict
from shared.wording.catalogue import catalogue
from tests.cli.command import aduan_here
from tests.fixtures.waiting import eventually
from tests.journey.installation import Api, officer, up
from tests.pages.desks import Desks, form_of
from tests.pages.procedures import new_version
from tests.pages.visitor import Page, Visitor

TENANT: Final = "bantul"
PATH: Final = f"/{TENANT}/kelola/prosedur"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """``aduan up`` in two processes, on the machine's clock."""
    data: Path = tmp_path_factory.mktemp("procedures") / "data"
    with up(data, "--processes", "2") as found:
        yield found


@pytest.fixture(scope="module")
def staff(house: Api) -> Desks:
    """Its officers."""
    return Desks(house)


@pytest.fixture
def chief(staff: Desks) -> Visitor:
    """Who sends."""
    return staff.administrator(TENANT)


@pytest.fixture
def second(staff: Desks) -> Visitor:
    """Who approves."""
    return staff.administrator(TENANT, "pengelola")


def _sent(chief: Visitor, text: str | bytes | None, tenant: str = TENANT, why: str = "Tenggat dikukuhkan") -> Page:
    path = f"/{tenant}/kelola/prosedur/usulan/baru"
    files = {"sop": ("sop.yaml", text, "text/yaml")} if text is not None else None
    return chief.send(chief.get(path), "/usulan/baru", files=files, why=why)


def _number(page: Page) -> str:
    return page.address.partition("?")[0].rpartition("/")[2]


def _decided(who: Visitor, sent: Page, deed: str = "setujui", tenant: str = TENANT) -> Page:
    number = _number(sent)
    return who.send(
        who.get(f"/{tenant}/kelola/prosedur/usulan/{number}"), f"/{number}", deed=deed, why="Sudah diperiksa"
    )


def _post(who: Visitor, sent: Page, tenant: str = TENANT, **values: str) -> Page:
    """What no button of the page offers."""
    path = f"/{tenant}/kelola/prosedur/usulan/{_number(sent)}"
    hidden = who.get(path).form(f"/{_number(sent)}").values
    return who.post(path, {**hidden, "deed": "setujui", "why": "Ya", **values})


def _filed(house: Api, tenant: str = TENANT) -> dict[str, Any]:
    receipt = house.file(tenant, message="Jalan berlubang di pasar", reporter={"name": "Siti", "address": "Hanum"})
    return house.dossier(tenant, receipt["id"])


def _closing_by_word() -> str:
    """A new version in which the reporter's word closes what was answered."""
    rating = "      - {name: rate, event: Rated, to: same, needs: [score], optional: [comment]}\n"
    return new_version(TENANT).replace(rating, f"{rating}      - {{name: close, event: Closed, to: end}}\n", 1)


@pytest.fixture(scope="module")
def story(house: Api, staff: Desks) -> SimpleNamespace:
    """What happened when one was sent by one administrator and approved by another."""
    chief, second = staff.administrator(TENANT), staff.administrator(TENANT, "pengelola")
    first = _filed(house)
    former = eventually(lambda: _moved(house, first), within=60, what="a complaint of the former version")
    sent = _sent(chief, _closing_by_word())
    before = _filed(house)
    own = _post(chief, sent)
    approved = _decided(second, sent)
    later = eventually(lambda: _of_version(house, 3), within=60, what="a complaint of the new version")
    moved = eventually(lambda: _moved(house, later), within=60, what="the system's step in the other process")
    page = chief.get(PATH)
    kept = chief.get(f"{PATH}/usulan/{_number(sent)}/sop.yaml")
    again = _post_twice(second, sent)
    who = officer(TENANT, former["actor"], former["agency"])
    acted = house.act(who, former["id"], "forward", note="Mohon dicek")
    return SimpleNamespace(**locals())


def test_what_another_approves_is_for_what_is_filed_then(house: Api, story: SimpleNamespace) -> None:
    """Seen first, then approved by another; what runs stays on its version, in both processes and after a restart."""
    sent, own, approved, again, page = story.sent, story.own, story.approved, story.again, story.page
    former, before, later, moved = story.former, story.before, story.later, story.moved

    assert "Usulan tersimpan" in sent.text
    assert re.search(r"[1-9]\d* berkas berjalan tetap di versi 2", sent.text)
    assert re.search(r"within\s*10 min\s*11 min", sent.text)
    assert (409, True) == (own.status, "Pengelola lain yang menyetujuinya" in own.text)
    assert "Disetujui. Aduan baru masuk di bawah versi baru" in approved.text
    assert (409, True) == (again.status, "sudah diputuskan" in again.text)
    assert [2, 2, 3] == [each["sop_version"] for each in (former, before, later)]
    assert 2 == house.dossier(TENANT, former["id"])["sop_version"]
    assert story.acted.ok, story.acted.text
    assert moved["step"] == former["step"]
    assert "Disetujui di sini; berlaku sejak" in page.text
    assert _closing_by_word() == story.kept.html
    assert 3 == house.ok("GET", f"/sops/{TENANT}")["version"]
    assert house.data is not None
    listed = aduan_here("sop", "list", "--data", str(house.data))
    checked = aduan_here("sop", "check", TENANT, "--least", "error", "--data", str(house.data))
    shown = aduan_here("sop", "show", TENANT, "--version", "3", "--data", str(house.data))
    with running(house.data) as runtime:
        [line] = [each for each in edited_lines(runtime) if each.check == f"tenants.{TENANT}.procedure"]

    assert f"{TENANT}\tversion 3" in listed.out
    assert (0, f"{TENANT}: 0 error") == (checked.status, checked.line(f"{TENANT}: ")[: len(f"{TENANT}: 0 error")])
    assert f"{TENANT} · version 3" in shown.out
    assert (OK, True) == (line.state, "version 3 is in force" in line.said)


@pytest.mark.usefixtures("story")
def test_a_government_may_let_the_reporters_word_close(house: Api) -> None:
    """Asked whether it is solved, their "yes" ends it at once, also tapped twice, and the page says by whose word;
    nothing that they wrote is lost by it.
    """
    found = _answered(house)
    somebody = Visitor(house.address)
    opening = partial(somebody.send, ticket=found["ticket"], code=found["tracking_code"])
    asked = eventually(
        lambda: _with_form(opening(somebody.get(f"/{TENANT}/lacak"), "/lacak")), within=60, what="the question"
    )
    refused = somebody.send(asked, "/tanggapi", selesai="tutup", text="Terima kasih.")
    given = {"selesai": "tutup", "text": "Terima kasih.", "score": "5"}
    closed, again = (somebody.send(refused, "/tanggapi", **given) for _ in range(2))

    assert "Dengan ini aduan ditutup." in asked.text
    assert (422, 200) == (refused.status, again.status)
    assert "Tulisan hanya tercatat bersama nilai" in refused.text
    assert "Aduan sudah ditutup" == closed.heading
    assert "Menurut Anda, masalahnya sudah selesai." in closed.text
    assert "closed" == house.dossier(TENANT, found["id"])["status"]


@pytest.mark.usefixtures("story")
def test_what_a_reporter_said_of_it_at_the_counter_is_recorded_at_the_desk(house: Api, staff: Desks) -> None:
    """How they rate it, and that it is solved: each with how it was told, which they themselves read, too."""
    found = _answered(house)
    path = f"/{TENANT}/berkas/{found['ticket']}"
    desk = staff.enter(TENANT, "coordinator")
    told = _offering(desk, path, "deliver")
    desk.post(f"{path}/tindakan", {**form_of(told, "deliver").values, "way": "counter"})
    page = _offering(desk, path, "close")
    untold = desk.post(f"{path}/tindakan", {**form_of(page, "rate").values, "score": "4"})
    rated = desk.post(f"{path}/tindakan", {**form_of(page, "rate").values, "score": "4", "via": "counter"})
    page = _offering(desk, path, "close")
    closed = desk.post(f"{path}/tindakan", {**form_of(page, "close").values, "via": "telephone"})
    seen = house.dossier(TENANT, found["id"])
    said = [(each["event"], each["via"]) for each in seen["timeline"] if each.get("via")]
    tracked = house.track(TENANT, found)

    assert "Tutup: selesai menurut pelapor" in page.text
    assert 422 == untold.status
    assert (200, 200) == (rated.status, closed.status)
    assert ("closed", [("Rated", "counter"), ("Closed", "telephone")]) == (seen["status"], said)
    assert said == [(each["event"], each["via"]) for each in tracked["timeline"] if each.get("via")]
    assert "atas kata pelapor lewat telepon" in desk.get(path).text


def _answered(house: Api) -> Any:
    """The receipt of a complaint under the new version that its office has answered."""
    found = eventually(lambda: _receipt_of_version(house, 3), within=60, what="a complaint of the new version")
    answer = partial(house.act, officer(TENANT, "operator", "dpupkp"), found["id"], "answer", text="Sudah ditambal.")
    eventually(lambda: answer().ok or None, within=60, what="the office's step")
    return found


def _offering(who: Visitor, path: str, action: str) -> Page:
    """A dossier once it offers an action."""

    def offered() -> Page | None:
        page = who.get(path)
        return page if any(form.values.get("action") == action for form in page.forms) else None

    found = eventually(offered, within=60, what=action)
    assert found is not None
    return found


def _receipt_of_version(house: Api, version: int) -> Any:
    receipt = house.file(TENANT, message="Jalan berlubang di pasar", reporter={"name": "Siti", "address": "Hanum"})
    return receipt if house.dossier(TENANT, receipt["id"])["sop_version"] == version else None


def _with_form(page: Page) -> Any:
    """The page once it asks whether the matter is solved."""
    return page if any(form.action.endswith("/tanggapi") for form in page.forms) else None


def _of_version(house: Api, version: int) -> Any:
    filed = _filed(house)
    return filed if filed["sop_version"] == version else None


def _moved(house: Api, dossier: dict[str, Any]) -> Any:
    """Once the system has done its steps."""
    found = house.dossier(TENANT, dossier["id"])
    return found if found["actor"] not in (None, "system") else None


def _post_twice(who: Visitor, sent: Page) -> Page:
    token = who.get(PATH).form("/keluar").values["tanda"]
    return who.post(f"{PATH}/usulan/{_number(sent)}", {"tanda": token, "deed": "setujui", "why": "Ya"})


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda _text: None, "Pilih berkas sop.yaml"),
        (lambda _text: "steps: [", "sop.yaml:1"),
        (lambda text: text.replace("version: 3", "version: 2", 1), "version: 3"),
        (lambda text: text.replace("version: 3", "version: 999999999999", 1), "version: 3"),
        (lambda text: text.replace("version: 3", "version: tiga", 1), "sop.yaml:"),
        (lambda text: text.replace("../_reference/", "/etc/", 1), "a draft may not refer to"),
        (lambda text: text.replace("../_reference/", "../_reference/../../", 1), "a draft may not refer to"),
        (lambda _text: b"\xff\xfe\x00", "Harus berupa teks"),
        (lambda _text: "a: &a [x]\n" + "b: [" + "*a," * 9 + "]\n", "sop.yaml:"),
        (lambda _text: "[" * 5000, "sop.yaml"),
        (lambda _text: "", "sop.yaml"),
        (lambda text: text.replace("version: 3", "version: " + "9" * 5000, 1), "sop.yaml:"),
        (lambda text: text.replace("../_reference/keywords.yaml", "..", 1), "there is no file"),
    ],
    ids=[
        "none",
        "no yaml",
        "taken",
        "a gap",
        "no number",
        "a file of the machine",
        "around",
        "no text",
        "alias",
        "deep",
        "empty",
        "thousands of digits",
        "a folder",
    ],
)
def test_what_cannot_be_read_is_told_and_not_kept(chief: Visitor, spoil: Callable[[str], Any], told: str) -> None:
    """By its line and with a remedy; no path of the machine is told."""
    page = _sent(chief, spoil(new_version("majalengka")), "majalengka")

    assert 422 == page.status
    assert told in page.text
    assert not re.search(r"/tmp|/tenants/|/home", page.text)
    assert 404 == chief.get("/majalengka/kelola/prosedur/usulan/1").status


def test_a_draft_with_errors_cannot_be_approved(house: Api, chief: Visitor, second: Visitor) -> None:
    """It is kept and shown, with what is wrong; neither the page nor whoever passes it by lets it count.

    What was found, and how grave it is, is told in the page's language; the check's own words are marked as English.
    """
    text = new_version("cilacap").replace("timezone: Asia/Jakarta", "timezone: Asia/Jayapura", 1)
    sent = _sent(chief, text, "cilacap")
    page = second.get(f"/cilacap/kelola/prosedur/usulan/{_number(sent)}")
    forced = _post(second, sent, "cilacap")
    unknown = [_post(second, sent, "cilacap", deed=deed) for deed in ("", "Setujui", "hapus")]
    let_go = _decided(second, sent, "batal", "cilacap")

    found = next(each.text for each in page.all("span", lang="en") if "this calendar is in Asia/Jakarta" in each.text)
    assert f"Kesalahan: {catalogue().finding('unreadable', 'id')} (calendar.yaml:" in page.text
    assert found
    assert 'value="setujui"' not in page.html
    assert (409, True) == (forced.status, "Pemeriksaan menemukan kesalahan" in forced.text)
    assert [404] * 3 == [each.status for each in unknown]
    assert "Usulan tidak diberlakukan" in let_go.text
    assert 2 == house.ok("GET", "/sops/cilacap")["version"]


def test_a_prefix_of_another_governments_tickets_is_an_error(chief: Visitor) -> None:
    """Nobody could tell whose a ticket is."""
    text = re.sub(r"^ticket_prefix: \w+$", "ticket_prefix: BTL", new_version("cilacap"), count=1, flags=re.MULTILINE)
    sent = _sent(chief, text, "cilacap")

    assert "BTL in bantul" in sent.text


def test_of_two_of_one_number_one_counts(house: Api, chief: Visitor, second: Visitor) -> None:
    """Also of those approved at the same moment; the other is told what to do."""
    assert house.data is not None
    with running(house.data) as runtime:
        at = runtime.clock.now()
        numbers = [
            draft(runtime.database, "trenggalek", 3, new_version("trenggalek", longer=longer), "a", "x", at)
            for longer in (1, 2, 3)
        ]
        seen = highest(runtime.database, "trenggalek")

        def told(number: int) -> str:
            try:
                approve(
                    runtime.database, draft_of(runtime.database, "trenggalek", number), "b", "x", runtime.clock, seen
                )
            except Conflict as error:
                return error.code
            return "counts"

        with ThreadPoolExecutor(3) as several:
            found = sorted(several.map(told, numbers))
        texts = [approved_text_in(runtime.database)("trenggalek", version) for version in (2, 3)]
        left = [each for each in numbers if draft_of(runtime.database, "trenggalek", each).decided_at is None]
    page = eventually(lambda: _late(second, left[0]), within=30, what="the page to know of it")
    another = _sent(chief, new_version("trenggalek"), "trenggalek")
    refused = second.send(page, f"/{left[0]}", deed="batal", why="Nomor terpakai")

    assert ["counts", "procedure_changed", "procedure_changed"] == found
    assert [None, True] == [text and "version: 3" in text for text in texts]
    assert 'value="setujui"' not in page.html
    assert "Usulan tidak diberlakukan" in refused.text
    assert (422, True) == (another.status, "version: 4" in another.text)


def _late(who: Visitor, number: int) -> Any:
    page = who.get(f"/trenggalek/kelola/prosedur/usulan/{number}")
    return page if "sudah terpakai" in page.text else None


def test_a_draft_is_tried_on_what_has_happened_and_drawn(house: Api, chief: Visitor) -> None:
    """Beside the check and the tables that differ; another government's administrator page does not find it."""
    _filed(house, "cirebon")
    sent = _sent(chief, new_version("cirebon"), "cirebon")
    number = _number(sent)
    tried = chief.get(f"/cirebon/kelola/prosedur/usulan/{number}?riwayat=ya")
    drawn = chief.get(f"/cirebon/kelola/prosedur/usulan/{number}/alur.svg")
    odd = [f"/cirebon/kelola/prosedur/{each}" for each in ("usulan/0", "usulan/99999999999999999999", "9/alur.svg")]
    taken_back = _decided(chief, sent, "batal", "cirebon")

    assert "Terlambat menurut meja" in tried.text
    assert drawn.html.startswith("<svg")
    assert {404} == {chief.get(path).status for path in (*odd, f"/bantul/kelola/prosedur/usulan/{int(number) + 50}")}
    assert "Usulan tidak diberlakukan" in taken_back.text


def test_drafts_and_decisions_are_never_changed(house: Api) -> None:
    """Not even by whoever has the database."""
    assert house.data is not None
    with running(house.data) as runtime:
        for table in ("procedure_drafts", "procedure_decisions"):
            for change in (f"UPDATE identity.{table} SET why = 'x'", f"DELETE FROM identity.{table}"):
                with pytest.raises(psycopg2.errors.RaiseException), runtime.database.autocommit() as cursor:
                    cursor.execute(change)
