"""A reporter's page about their own data, and the desk that answers: by forms alone, without a script."""

from collections.abc import Callable

from tests.journey.installation import Api
from tests.pages.desks import Desks, form_of
from tests.pages.visitor import Visitor


def test_a_copy_is_asked_for_granted_and_downloaded(api: Api, desks: Desks, visitor: Callable[..., Visitor]) -> None:
    """What is wrong is said in the form; the desk sees what it grants; then the file is there, and only then."""
    receipt = api.file("cilacap", message="Parit mampet", reporter={"name": "Rukmini", "address": "RT 3"})
    ticket = receipt["ticket"]
    citizen = visitor("en")
    asking = citizen.get("/cilacap/lacak")
    opened = citizen.send(asking, "/lacak", ticket=ticket, code=receipt["tracking_code"])
    form = citizen.get(f"/cilacap/aduan/{ticket}/data")
    unsaid = citizen.send(form, "/data", text="")
    wordless = citizen.send(form, "/data", kind="correction", text=" ")
    early = citizen.get(f"/cilacap/aduan/{ticket}/data-saya.json")
    asked = citizen.send(form, "/data", kind="access", text="")
    changed = citizen.send(form, "/data", kind="correction", text="Nama saya Rukmini")
    desk = desks.enter("cilacap", "coordinator")
    dossier = desk.get(f"/cilacap/berkas/{ticket}")
    blank = desk.post(f"/cilacap/berkas/{ticket}/tindakan", {**form_of(dossier, "answer_about_data").values})
    unlike = {"outcome": "entah", "text": "Silakan diunduh dulu"}
    odd = desk.post(f"/cilacap/berkas/{ticket}/tindakan", {**form_of(dossier, "answer_about_data").values, **unlike})
    values = {**form_of(dossier, "answer_about_data").values, "outcome": "done", "text": "Silakan diunduh"}
    answered = desk.post(f"/cilacap/berkas/{ticket}/tindakan", values)
    after = citizen.get(f"/cilacap/aduan/{ticket}")
    copy = citizen.session.get(f"{api.address}/cilacap/aduan/{ticket}/data-saya.json", timeout=60)

    assert "Your personal data" in opened.text
    assert [422, 422, 404] == [unsaid.status, wordless.status, early.status]
    assert "to be answered by" in asked.text
    assert (422, "Nama saya Rukmini") == (changed.status, changed.form("/data").values["text"])
    assert "This form was sent before" in changed.text
    assert form.form("/data").values["kiriman"] != changed.form("/data").values["kiriman"]
    assert "Permintaan tentang data pribadi" in dossier.text
    assert [422, 422, 200] == [blank.status, odd.status, answered.status]
    assert "Silakan diunduh dulu" == form_of(odd, "answer_about_data").values["text"]
    outcome = odd.one("select", name="outcome").attributes["id"]
    assert odd.all("a", href=f"#{outcome}")
    assert "Silakan diunduh" in after.text
    assert "Rukmini" == copy.json()["complaint"]["reporter"]["name"]
    assert "attachment" in copy.headers["Content-Disposition"]
