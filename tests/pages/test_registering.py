"""What came by letter or over the counter, registered by an officer."""

from typing import Any

from tests.journey.installation import Api
from tests.pages.desks import Desks


def test_an_officer_registers_what_came_by_letter(api: Api, desks: Desks) -> None:
    """With its channel and the day it came; ticket and code are handed over once."""
    somebody = desks.enter("cilacap", "coordinator")
    form = somebody.get("/cilacap/daftarkan")
    given: dict[str, Any] = {"message": "Surat tentang jembatan", "channel": "letter", "reporter__name": "Pak Darmo"}
    asked = somebody.send(form, "/daftarkan", **given)
    done = somebody.send(asked, "/daftarkan", tetap="1")
    ticket = done.one("p", class_="ticket").text
    code = done.one("p", class_="code").text
    seen = api.ok("GET", f"/cilacap/complaints/{ticket}", params={"code": code})

    assert (422, True) == (asked.status, "Belum lengkap: alamat." in asked.text)
    assert "Surat tentang jembatan" == seen["complaint"]["message"]
    assert "letter" == seen["complaint"]["channel"]


def test_a_number_of_the_agenda_is_filed_once(desks: Desks) -> None:
    """Entered again, in whatever letters, what it became is shown, without its code; no second is filed."""
    somebody = desks.enter("cilacap", "coordinator")
    form = somebody.get("/cilacap/daftarkan")
    given: dict[str, Any] = {"message": "Surat tentang jembatan gantung", "channel": "letter", "tetap": "1"}
    first = somebody.send(form, "/daftarkan", agenda="045/B-17", **given)
    again = somebody.send(somebody.get("/cilacap/daftarkan"), "/daftarkan", agenda=" 045/b-17", **given)
    other = somebody.send(somebody.get("/cilacap/daftarkan"), "/daftarkan", agenda="046", **given)
    ticket = first.one("p", class_="ticket").text

    assert "tanda terima ini" in first.text
    assert "qr" == first.one("svg", class_="qr").attributes["class"]
    assert (True, False) == (ticket in again.text, "Kode lacak" in again.text)
    assert ticket != other.one("p", class_="ticket").text


def test_another_complaint_in_a_form_that_was_sent_is_registered_when_it_is_sent_once_more(desks: Desks) -> None:
    """Going back and writing the next one: it is said that the form was sent, and nothing typed is lost."""
    somebody = desks.enter("cilacap", "coordinator")
    form = somebody.get("/cilacap/daftarkan")
    given: dict[str, Any] = {"channel": "counter", "tetap": "1"}
    first = somebody.send(form, "/daftarkan", message="Jembatan retak", **given)
    other = somebody.send(form, "/daftarkan", message="Selokan tersumbat", **given)
    sent = somebody.send(other, "/daftarkan", **given)
    tickets = {each.one("p", class_="ticket").text for each in (first, sent)}

    assert (422, "Selokan tersumbat") == (other.status, other.form("/daftarkan").values["message"])
    assert "sudah terkirim dengan isi lain" in other.text
    assert 2 == len(tickets)
