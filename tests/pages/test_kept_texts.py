"""Nothing that an officer typed is lost or done twice: by a fault, a colleague, an ended visit, a double tap."""

from tests.journey.installation import Api, officer
from tests.pages.desks import PASSWORD, Desks, filed, filled, form_of


def test_what_is_missing_from_a_form_is_said_beside_the_field(api: Api, desks: Desks) -> None:
    """The same form again, open, with what was typed and the sentence that names the remedy."""
    receipt = filed(api)
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
    receipt = filed(api)
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
    receipt = filed(api)
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
    receipt = filed(api)
    somebody = desks.enter("cilacap", "coordinator")
    page = somebody.get(f"/cilacap/berkas/{receipt['ticket']}")
    data = filled(page, form_of(page, "dispose"), agency="dpupr")
    both = [somebody.post(form_of(page, "dispose").action, data) for _ in range(2)]
    events = [each["event"] for each in api.dossier("cilacap", receipt["id"])["timeline"]]

    assert [200, 200] == [each.status for each in both]
    assert 1 == events.count("Dispositioned")
