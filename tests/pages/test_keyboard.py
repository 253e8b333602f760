"""Officers without a mouse: every key of the desks, and that they can be switched off."""

from typing import Final

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.journey.installation import Api, officer
from tests.pages.desks import Desks, filed
from tests.pages.screen import DESK, Screen

AGENCY: Final = "bakesbangpol"
"""At which nothing else lies."""
_MOST_TABS: Final = 10
_AT: Final = "return document.activeElement.textContent.trim()"
_WRITING: Final = "return document.activeElement.tagName === 'TEXTAREA'"
_OPEN: Final = "return document.activeElement.parentElement.open"


@pytest.mark.browser
def test_a_dossier_is_found_noted_and_passed_on_by_keys_alone(screen: Screen, api: Api, desks: Desks) -> None:
    """J to the row, Enter into it, N and A to their forms, Ctrl and Enter to send, G and M back to the inbox."""
    receipts = [filed(api, title=f"Lewat papan ketik {number}") for number in range(2)]
    for each in receipts:
        assert api.act(officer("cilacap", "coordinator"), each["id"], "dispose", agency=AGENCY).ok
    api.rest()
    screen.become(desks.enter("cilacap", "operator", AGENCY))
    screen.width(DESK)
    screen.open("/cilacap/meja")
    rows = [row.text for row in screen.all("#tugas a[data-row]")]
    walked = []
    for key in ("j", "j", "k"):
        screen.press(key)
        walked.append(screen.run(_AT))
    screen.press("x")
    picked = len(screen.all("[name=pilih]:checked"))
    screen.press("/")
    searching = screen.run("return document.activeElement.id")
    screen.press(Keys.ESCAPE, Keys.TAB)
    screen.press("j", "k", Keys.ENTER)
    screen.find("#catatan")
    first = screen.path
    _write(screen, "n", "Sudah saya telepon")
    noted = screen.find(".history").text
    screen.press("]")
    screen.find("#catatan")
    second = screen.path
    _write(screen, "a", "Benar dinas kami")
    screen.press("g", "p")
    screen.wait(lambda: screen.path == "/cilacap/papan")
    screen.press("g", "m")
    screen.wait(lambda: screen.path == "/cilacap/meja")
    left = [row.text for row in screen.all("#tugas a[data-row]")]
    api.rest()
    steps = {api.dossier("cilacap", each["id"])["step"] for each in receipts}

    assert [rows[0], rows[1], rows[0]] == walked
    assert (1, "q") == (picked, searching)
    assert first != second
    assert "Sudah saya telepon" in noted
    assert {"receive", "coordinate"} == steps
    assert [rows[0]] == left


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


def _write(screen: Screen, key: str, text: str) -> None:
    """Open the form of a key, write into the first long field of it, and send it."""
    before = screen.find("html").id
    screen.press(key)
    if not screen.run(_OPEN):
        screen.press(Keys.ENTER)
    for _ in range(_MOST_TABS):
        screen.press(Keys.TAB)
        if screen.run(_WRITING):
            break
    screen.press(text)
    ActionChains(screen.driver).key_down(Keys.CONTROL).send_keys(Keys.ENTER).key_up(Keys.CONTROL).perform()
    screen.wait(lambda: screen.find("html").id != before)
