"""Citizens' own accounts by their pages and by the API, from the code to the erasure."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from tests.journey.installation import Api, officer
from tests.pages.accounts import code_for, enter
from tests.pages.desks import PASSWORD, Desks
from tests.pages.visitor import Visitor

Visitors = Callable[..., Visitor]

WHO = {"name": "Siti Rahayu", "address": "RT 02 Hanum", "identity": "3301012345678901"}


def _address() -> str:
    return f"siti.{uuid4().hex[:8]}@warga.example"


def test_an_account_from_its_code_to_its_erasure(api: Api, desks: Desks, visitor: Visitors) -> None:
    """Identity given once and compared at a desk; what is filed, and what was filed before, in one list."""
    before = api.file("cilacap", message="Lampu padam", title="Lampu padam di pasar")
    assert api.act(officer("cilacap", "coordinator"), before["id"], "transfer", to="PLN", reason="Milik PLN").ok
    assert api.act(officer("cilacap", "coordinator"), before["id"], "answer", text="Sudah diteruskan.").ok
    somebody, address = visitor(), _address()
    account = enter(api, somebody, address)
    assert "Aduan saya" == account.heading
    saved = somebody.send(somebody.get("/cilacap/saya/identitas"), "/identitas", **WHO)
    assert "Data diri sudah disimpan." in saved.text
    number = somebody.send(saved, "/nomor-meja").one("p", class_="code").text

    desk = desks.enter("cilacap", "coordinator")
    seen = desk.send(desk.get("/cilacap/warga"), "/warga", number=number)
    assert WHO["identity"] in seen.text
    form = next(each for each in seen.forms if each.values.get("sesuai"))
    assert "sudah dicatat cocok" in desk.post(form.action, form.values).text
    assert "akun warga" in desks.administrator("cilacap").get("/cilacap/kelola/pembacaan").text

    filing = somebody.get("/cilacap/adukan")
    values = filing.form("/adukan").values
    assert (WHO["name"], address, "1") == (values["reporter.name"], values["reporter.email"], values["akun"])
    receipt = somebody.send(filing, "/adukan", message="Jalan berlubang di depan pasar", location__desa="", tetap="1")
    ticket = receipt.one("p", id="tiket").text
    compared = desk.get(f"/cilacap/berkas/{ticket}")
    assert "Identitas sudah dicocokkan meja" in compared.text
    assert "Identitas sudah dicocokkan meja" not in desk.get(f"/cilacap/berkas/{before['ticket']}").text

    wrong = somebody.send(somebody.get("/cilacap/saya"), "/tautkan", ticket=before["ticket"], code="SALAH23456")
    assert (404, True) == (wrong.status, "tidak cocok" in wrong.text)
    both = somebody.send(wrong, "/tautkan", ticket=before["ticket"], code=before["tracking_code"])
    assert ["Lampu padam di pasar", "Jalan berlubang di depan pasar"] == [
        each.text for each in both.all("h2") if "id" not in each.attributes
    ]
    assert "AnswerDelivered" not in [each["event"] for each in api.dossier("cilacap", before["id"])["timeline"]]
    opened = somebody.send(both, "/buka")
    assert before["ticket"] in opened.address
    fewer = somebody.send(both, "/lepas")
    assert before["ticket"] not in fewer.html

    unsure = somebody.send(somebody.get("/cilacap/saya/hapus"), "/hapus")
    assert 422 == unsure.status
    gone = somebody.send(unsure, "/hapus", setuju="1")
    assert "Layanan aduan Kabupaten Cilacap" == gone.heading
    assert "Masuk atau buat akun" == somebody.get("/cilacap/saya").heading


def test_a_renewed_code_takes_the_complaint_from_who_had_linked_it(api: Api, visitor: Visitors) -> None:
    """Its number is left in their list, with what to do; nothing else, also by the API."""
    somebody, address = visitor(), _address()
    enter(api, somebody, address)
    filed = api.file("cilacap", message="Lampu padam", title="Lampu padam di rumah Siti")
    word = {"ticket": filed["ticket"], "code": filed["tracking_code"]}
    linked = somebody.send(somebody.get("/cilacap/saya"), "/tautkan", **word)
    assert "Lampu padam di rumah Siti" in linked.text
    assert api.act(officer("cilacap", "coordinator"), filed["id"], "renew_code", via="counter").ok

    listed = somebody.get("/cilacap/saya")

    assert "kode lacaknya sudah diganti; tautkan lagi dengan kode yang baru" in listed.text
    assert filed["ticket"] in listed.text
    assert "Lampu padam di rumah Siti" not in listed.text
    assert "masih berjalan" not in listed.text
    assert not [form for form in listed.forms if form.action.endswith("/saya/buka")]


@pytest.mark.parametrize(
    ("path", "ending", "written"),
    [
        ("/cilacap/saya/identitas", "/identitas", WHO),
        ("/cilacap/saya", "/tautkan", {"ticket": "CLP-2026-000001", "code": "ABCDE23456"}),
    ],
)
def test_what_was_written_after_the_visit_had_ended_is_there_again_once_somebody_has_entered(
    api: Api, visitor: Visitors, path: str, ending: str, written: dict[str, str]
) -> None:
    """Through both pages of entering, also where a code was wrong or another is wanted; nothing is sent by itself."""
    somebody = visitor()
    enter(api, somebody, _address())
    page = somebody.get(path)
    somebody.session.cookies.pop("__Host-warga")
    asked = somebody.send(page, ending, **written)
    again = somebody.send(asked, "/saya/masuk", email="bukan surel")
    address = _address()
    coded = somebody.send(again, "/saya/masuk", email=address)
    another = somebody.post("/cilacap/saya/masuk", next(each.values for each in coded.forms if "lagi" in each.values))
    wrong = somebody.send(coded, "/saya/kode", code="000000x")
    back = somebody.send(wrong, "/saya/kode", code=code_for(api, address))

    assert (401, True) == (asked.status, "tulisan Anda belum terkirim dan masih ada" in asked.text)
    assert another.form("/saya/masuk").values["titipan"] == asked.form("/saya/masuk").values["titipan"]
    assert "Belum terkirim. Periksa lalu kirim." in back.text
    assert written.items() <= back.form(ending).values.items()
    assert "(belum diisi)" in somebody.get("/cilacap/saya").text
    assert 200 == somebody.get("/cilacap/saya/identitas").status


def test_a_form_that_waits_for_an_account_is_nothing_at_another_door(api: Api, desks: Desks, visitor: Visitors) -> None:
    """Brought by hand to where a complaint is opened, or officers enter, it is passed over."""
    somebody, receipt = visitor(), api.file("cilacap", message="Lampu padam", title="Lampu padam di pasar")
    enter(api, somebody, _address())
    page = somebody.get("/cilacap/saya/identitas")
    somebody.session.cookies.pop("__Host-warga")
    waits = somebody.send(page, "/identitas", **WHO).form("/saya/masuk").values["titipan"]
    found = {"ticket": receipt["ticket"], "code": receipt["tracking_code"], "titipan": waits}
    who = {"username": desks.account("cilacap", "coordinator"), "password": PASSWORD, "titipan": waits}

    opened = somebody.send(somebody.get("/cilacap/lacak"), "/lacak", **found)
    desk = visitor()
    entered = desk.send(desk.get("/cilacap/masuk"), "/masuk", **who)

    assert (200, True) == (opened.status, receipt["ticket"] in opened.text)
    assert (200, "/cilacap/meja") == (entered.status, urlsplit(entered.address).path)


def test_no_answer_tells_whether_there_is_an_account(api: Api, visitor: Visitors) -> None:
    """Who has one and who has none is asked the same and told the same; a wrong code says no more."""
    known, unknown = _address(), _address()
    enter(api, visitor(), known)
    pages = []
    for address in (known, unknown):
        somebody = visitor()
        asked = somebody.send(somebody.get("/cilacap/saya/masuk"), "/saya/masuk", email=address)
        wrong = somebody.send(asked, "/saya/kode", code="abc")
        tanda = re.compile(r'name="tanda" value="[^"]*"')
        pages.append((asked.status, tanda.sub("", asked.html), wrong.status, tanda.sub("", wrong.html)))

    assert pages[0] == pages[1]
    assert 401 == pages[0][2]


def test_the_same_by_the_api(api: Api) -> None:
    """Code, token, identity, desk, list, a second way, erasure; a telephone only where a channel brings codes to it."""

    def call(method: str, path: str, word: str | None = None, **json: Any) -> Any:
        headers = {"Authorization": f"Bearer {word}"} if word else {}
        return api.call(method, f"/cilacap/{path}", headers=headers, json=json or None)

    address = _address()
    refused = call("POST", "citizens/codes", phone="0812 3456 7890")
    asked = call("POST", "citizens/codes", email=address)
    given = {"challenge": asked.json()["challenge"], "code": code_for(api, address)}
    word = call("POST", "citizens/sessions", **given).json()["token"]
    again = call("POST", "citizens/sessions", **given)
    assert [422, 202, 401] == [each.status_code for each in (refused, asked, again)]

    assert WHO == call("PUT", "citizens/me/identity", word, **WHO).json()["identity"]
    receipt = api.file("cilacap", message="Selokan mampet", title="Selokan mampet")
    listed = call(
        "POST", "citizens/me/complaints", word, ticket=receipt["ticket"], code=receipt["tracking_code"]
    ).json()
    assert [("Selokan mampet", "in_progress", receipt["tracking_code"])] == [
        (each["title"], each["status"], each["tracking_code"]) for each in listed["items"]
    ]
    number = call("POST", "citizens/me/desk-number", word).json()["number"]
    for who, status in (({"actor": "operator", "agency": "dpupr"}, 403), ({"actor": "coordinator"}, 200)):
        token = {"tenant": "cilacap", **who}
        assert status == api.call("GET", f"/cilacap/identities/{number}", token).status_code
    verified = api.call("POST", f"/cilacap/identities/{number}", {"tenant": "cilacap", "actor": "coordinator"})
    assert verified.json()["verified_at"]
    assert 401 == api.call("GET", "/bantul/citizens/me", headers={"Authorization": f"Bearer {word}"}).status_code
    assert 401 == call("GET", "citizens/me").status_code
    assert 200 == call("DELETE", "citizens/me", word).status_code
    assert 401 == call("GET", "citizens/me", word).status_code
