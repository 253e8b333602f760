"""Each government's procedure clicked through in a real browser: its reporter at a telephone, its officers at desks."""

from pathlib import Path
from typing import Any, Final

import pytest

from shared.domain.documents.forms import KINDS
from tests.journey.installation import Api, officer
from tests.pages.desks import MOST_STEPS, PICTURE, WHO, Desks, rank
from tests.pages.screen import DESK, PHONE, Screen

_ANSWER: Final = "Lubang sudah ditutup."
_WRITTEN: Final = {
    "#message": "Jalan utama desa berlubang",
    "#title": "Jalan rusak",
    "#reporter-name": WHO["name"],
    "#reporter-address": WHO["address"],
    "#reporter-identity": WHO["identity"],
}
_FORMS: Final = """
return [...document.querySelectorAll("form[action$='/tindakan']")].filter((form) => form.elements.number)
  .map((form) => [form.elements.action.value, form.elements.number.value]);
"""
_OPENED: Final = """
const box = document.querySelector(arguments[0]).closest("details");
if (!box.open) box.querySelector("summary").click();
"""
_NEEDED: Final = """
return [...document.querySelectorAll(arguments[0] + " .field")].filter((one) => !one.querySelector("label .quiet"))
  .map((one) => one.querySelector("select, textarea, input")).filter((one) => !one.value)
  .map((one) => [one.id, one.tagName]);
"""
_CHOSEN: Final = """
const box = document.getElementById(arguments[0]);
box.value = arguments[1] || [...box.options].find((each) => each.value).value;
box.dispatchEvent(new Event("change", { bubbles: true }));
"""


@pytest.mark.browser
@pytest.mark.chaos
@pytest.mark.parametrize("tenant", ["bantul", "cilacap", "cirebon", "majalengka", "trenggalek"])
def test_each_sop_is_clicked_through(screen: Screen, api: Api, desks: Desks, tmp_path: Path, tenant: str) -> None:
    """Filed, followed and rated on 360 pixels, brought on by whoever has it: no page goes sideways, none fails."""
    picture = tmp_path / "bukti.jpg"
    picture.write_bytes(PICTURE)
    ticket, code = _filed(screen, tenant, str(picture), api.ok("GET", f"/sops/{tenant}")["requires"])
    dossier = api.ok("GET", f"/{tenant}/dossiers/{ticket}", {**officer("*", "admin"), "admin": True})["id"]
    done = _brought_on(screen, api, desks, tenant, dossier, str(picture))

    screen.begin(api.address)
    screen.open(f"/{tenant}/lacak/{ticket}#{code.replace('-', '')}")
    screen.leave_by("main form button")
    heading, answer = screen.find("h1").text, screen.text
    screen.click("label[for=selesai-ya]")
    screen.click("label[for=score-5]")
    screen.leave_by("form[data-draft=tanggapi] .button")

    assert {"answer", "approve"} & set(done)
    assert heading.startswith("Sudah dijawab")
    assert _ANSWER in answer
    assert "Penilaian Anda sudah kami catat." in screen.text
    assert PHONE >= screen.run("return document.documentElement.scrollWidth")


def _filed(screen: Screen, tenant: str, picture: str, requires: list[str]) -> tuple[str, str]:
    screen.open(f"/{tenant}/adukan")
    for selector, text in _WRITTEN.items():
        if screen.all(selector):
            screen.write(selector, text)
    if screen.all("#category"):
        screen.run(_CHOSEN, "category", "")
    if "attachments" in requires:
        screen.find("#photos").send_keys(picture)
        screen.find("#photos-pilihan li")
    screen.leave_by("#aduan button[type=submit]")
    if screen.all("button[name=tetap]"):
        screen.leave_by("button[name=tetap]")
    ticket, code = screen.find("#tiket").text, screen.find("#kode").text
    assert PHONE >= screen.run("return document.documentElement.scrollWidth")
    return ticket, code


def _brought_on(screen: Screen, api: Api, desks: Desks, tenant: str, dossier: str, picture: str) -> list[str]:
    """Every step by the form of whoever has the dossier, until it is answered."""
    done: list[str] = []
    for _ in range(MOST_STEPS):
        api.rest()
        seen = api.dossier(tenant, dossier)
        if seen["status"] != "in_progress" or seen["step"] is None:
            return done
        screen.become(desks.holder(tenant, seen))
        screen.width(DESK)
        screen.open(f"/{tenant}/berkas/{seen['ticket']}")
        _add_files(screen, seen, picture)
        action, number = min(screen.run(_FORMS), key=lambda each: rank(each[0]))
        form = f"form[action$='/tindakan']:has(input[name=number][value='{number}'])"
        screen.run(_OPENED, form)
        for ident, tag in screen.run(_NEEDED, form):
            if tag == "SELECT":
                screen.run(_CHOSEN, ident, "")
            else:
                screen.write(f"#{ident}", _ANSWER)
        screen.leave_by(f"{form} > button.button")
        assert [] == [each.text for each in screen.all(".summary, .banner.bad")], action
        done.append(action)
    raise AssertionError(f"{tenant} comes to no end: {done}")


def _add_files(screen: Screen, seen: dict[str, Any], picture: str) -> None:
    """What must lie in the dossier before a step can be done: made, or chosen."""
    for kind in {kind for allowed in seen["allowed"] for kind in allowed.get("needs_files", ())}:
        field = "document" if kind in KINDS else "kind"
        screen.run(_OPENED, f"#{field}")
        screen.run(_CHOSEN, field, kind)
        if field == "kind":
            screen.find("#file").send_keys(picture)
        screen.leave_by(f"form:has(#{field}) button.button")
