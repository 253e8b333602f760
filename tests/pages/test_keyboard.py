"""Without a mouse: an officer's day and a citizen's complaint by keys alone, with the focus seen wherever it is."""

from typing import Final

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.journey.installation import Api, officer
from tests.pages.desks import PASSWORD, Desks, filed
from tests.pages.screen import DESK, Screen

AGENCY: Final = "disporapar"
"""At which nothing else lies: what stands before and after in its inbox is known."""
_AT: Final = "return document.activeElement.textContent.trim()"
_OPEN: Final = "return document.activeElement.parentElement.open"


@pytest.mark.browser
def test_a_dossier_is_found_noted_and_passed_on_by_keys_alone(screen: Screen, api: Api, desks: Desks) -> None:
    """From the log-in on: J to the row, Enter into it, N and A to their forms, Ctrl and Enter to send, G and M back."""
    receipts = {(receipt := filed(api, title=f"Lewat papan ketik {number}"))["ticket"]: receipt for number in range(2)}
    for each in receipts.values():
        assert api.act(officer("cilacap", "coordinator"), each["id"], "dispose", agency=AGENCY).ok
    api.rest()
    screen.width(DESK)
    screen.open("/cilacap/masuk")
    screen.walk_to("#username")
    screen.press(desks.account("cilacap", "operator", AGENCY), Keys.TAB, PASSWORD)
    screen.leave(lambda: screen.press(Keys.ENTER))
    assert "/cilacap/meja" == screen.path
    rows = [row.text for row in screen.all("#tugas a[data-row]")]
    walked = []
    for key in ("j", "j", "k"):
        screen.press(key)
        walked.append(screen.run(_AT))
    screen.press("x")
    picked = len(screen.all("[name=pilih]:checked"))
    screen.press("/")
    searching = screen.run("return document.activeElement.id")
    screen.press(Keys.TAB, "j", "k")
    screen.leave(lambda: screen.press(Keys.ENTER))
    first = screen.path
    _write(screen, "n", "Sudah saya telepon")
    noted = screen.find(".history").text
    screen.leave(lambda: screen.press("]"))
    second = screen.path
    _write(screen, "a", "Benar dinas kami")
    for letter, place in (("p", "papan"), ("m", "meja"), ("r", "rekap"), ("m", "meja")):
        screen.leave(lambda letter=letter: screen.press("g", letter))  # type: ignore[misc]
        assert screen.path.startswith(f"/cilacap/{place}")
    left = [row.text for row in screen.all("#tugas a[data-row]")]
    api.rest()
    steps = [api.dossier("cilacap", receipts[path.rpartition("/")[2]]["id"])["step"] for path in (first, second)]

    assert [rows[0], rows[1], rows[0]] == walked
    assert (1, "q") == (picked, searching)
    assert "Sudah saya telepon" in noted
    assert ["receive", "coordinate"] == steps
    assert [rows[0]] == left


@pytest.mark.browser
def test_a_citizen_files_and_follows_by_keys_alone(screen: Screen, api: Api) -> None:
    """From the first page to the complaint's own, and back to it by ticket and code: nothing is reached by hand."""
    screen.open("/cilacap/")
    _follow(screen, "main a[href$='/adukan']")
    screen.walk_to("#message")
    screen.press("Lampu jalan padam di tikungan")
    screen.walk_to("#location-kecamatan")
    screen.press("Dayeuhluhur")
    screen.walk_to("#location-desa")
    screen.press("Hanum")
    screen.walk_to("[name=privacy]")
    screen.press(Keys.ARROW_DOWN)
    screen.walk_to("#reporter-name")
    screen.press("Siti Rahayu")
    screen.walk_to("#reporter-address")
    screen.press("RT 02/RW 01")
    _follow(screen, "#aduan button[type=submit]")
    ticket, code = screen.find("#tiket").text, screen.find("#kode").text
    screen.walk_to("#disimpan")
    screen.press(Keys.SPACE)
    _follow(screen, "main form button")
    filed_at = screen.path
    _follow(screen, ".nav button")
    _follow(screen, ".nav a[href$='/lacak']")
    screen.walk_to("#ticket")
    screen.press(ticket)
    screen.walk_to("#code")
    screen.press(code)
    screen.leave(lambda: screen.press(Keys.ENTER))
    seen = api.ok("GET", f"/cilacap/complaints/{ticket}", params={"code": code})["complaint"]

    assert [f"/cilacap/aduan/{ticket}"] * 2 == [filed_at, screen.path]
    assert {"kecamatan": "Dayeuhluhur", "desa": "Hanum"} == seen["location"]
    assert "anonymous" == seen["privacy"]


@pytest.mark.browser
def test_single_keys_are_switched_off_on_the_account_page(screen: Screen, desks: Desks) -> None:
    """2.1.4: they disturb whoever speaks to their computer."""
    screen.become(desks.enter("cilacap", "operator", AGENCY))
    screen.width(DESK)
    screen.open("/cilacap/akun")
    screen.click("label[for=keys]")
    screen.press(Keys.TAB, "?")
    silent = len(screen.all("dialog#tombol[open]"))
    screen.click("label[for=keys]")
    screen.press(Keys.TAB, "?")

    assert (0, 1) == (silent, len(screen.all("dialog#tombol[open]")))


def _follow(screen: Screen, selector: str) -> None:
    """Go to a link or a button with Tab, and strike it."""
    screen.walk_to(selector)
    screen.leave(lambda: screen.press(Keys.ENTER))


def _write(screen: Screen, key: str, text: str) -> None:
    """Open the form of a key, write into the first long field of it, and send it."""
    screen.press(key)
    if not screen.run(_OPEN):
        screen.press(Keys.ENTER)
    screen.walk_to("textarea")
    screen.press(text)
    sending = ActionChains(screen.driver).key_down(Keys.CONTROL).send_keys(Keys.ENTER).key_up(Keys.CONTROL)
    screen.leave(sending.perform)
