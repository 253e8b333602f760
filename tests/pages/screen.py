"""Chromium, driven as a person drives it. Nothing is downloaded: browser and driver are the machine's own."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any, Final

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

from tests.fixtures.waiting import patience
from tests.pages.visitor import Visitor

PHONE: Final = 360
DESK: Final = 1366

_SECONDS: Final = 20
_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
_FLAGS: Final = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--lang=id",
)
_AXE: Final = """
const done = arguments[arguments.length - 1];
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]})
  .then((told) => done(told.violations.map((each) => ({id: each.id, nodes: each.nodes.map((node) => node.html)}))));
"""
_EXPECTED: Final = "Failed to load resource: the server responded with a status of 4"
"""What Chromium notes of a form that came back with errors."""

_FEATURES: Final = ("forced-colors", "prefers-reduced-motion")
_WHOLE: Final = "return document.readyState === 'complete'"
_STOPS: Final = (
    "return document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]').length"
)
_FOCUS: Final = """
const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height, 40) / 2);
const clear = at === document.body || [style.outlineStyle, style.boxShadow].some((each) => each !== "none")
  && box.bottom > 0 && box.top < innerHeight && top && (at.contains(top) || top.contains(at) || top.control === at);
return [at.outerHTML.slice(0, 120), at.matches(arguments[0]), Boolean(clear)];
"""
"""Where the focus is, whether it is where it was to go, and whether it is seen: marked, and with nothing over it."""

_OF_ANOTHER_PAGE: Final = "does not belong to the document"


@dataclass
class Screen:
    """A browser's window.

    :param driver: Selenium's.
    :param address: of the installation that is visited.
    """

    driver: webdriver.Chrome
    address: str = ""

    def begin(self, address: str) -> None:
        """Somebody new sits down: no cookies, no drafts, a telephone's width, scripts on."""
        self.address = address
        self.driver.set_script_timeout(patience(_SECONDS))
        self._command("Network.clearBrowserCookies")
        self._command("Storage.clearDataForOrigin", origin=address, storageTypes="all")
        self.scripts(on=True)
        self.offline(yes=False)
        self.width(PHONE)
        self.prefers()
        self.without()
        self.language("id")
        self.driver.get_log("browser")

    def become(self, somebody: Visitor) -> None:
        """Sit down in somebody's place: with their cookies, and no others."""
        self._command("Network.clearBrowserCookies")
        for each in somebody.session.cookies:
            given = {"name": each.name, "value": each.value, "path": "/", "url": self.address}
            self._command("Network.setCookie", **given, secure=each.name.startswith("__"))

    def axe(self) -> list[str]:
        """What axe-core finds at fault in the page as it is: the rule, and where."""
        if not self.run("return typeof window.axe === 'object'"):
            self.run(_axe())
        found = self.driver.execute_async_script(_AXE)
        return [f"{each['id']} {each['nodes']}" for each in found]

    def width(self, pixels: int, height: int = 800) -> None:
        """How wide the window is, in CSS pixels."""
        size = {"width": pixels, "height": height, "deviceScaleFactor": 1, "mobile": pixels < DESK // 2}
        self._command("Emulation.setDeviceMetricsOverride", **size)

    def prefers(self, **wanted: str) -> None:
        """How the browser is set, by a feature's name in style, e.g. ``forced-colors``; as ever if nothing is named."""
        features = [{"name": name, "value": wanted.get(name, "")} for name in _FEATURES]
        self._command("Emulation.setEmulatedMedia", features=features)

    def paper(self, *, on: bool) -> None:
        """Whether the page is laid out as it would be printed; on a screen again for who begins."""
        self._command("Emulation.setEmulatedMedia", media="print" if on else "")

    def offline(self, *, yes: bool) -> None:
        """Whether this window is cut off; workers of its pages are not, as when the network is back for them."""
        self._command("Network.enable")
        rest = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self._command("Network.emulateNetworkConditions", offline=yes, **rest)

    def slow(self, bytes_a_second: int) -> None:
        """How fast this window may send; fast again for who begins."""
        self._command("Network.enable")
        rest = {"offline": False, "latency": 0, "downloadThroughput": -1}
        self._command("Network.emulateNetworkConditions", uploadThroughput=bytes_a_second, **rest)

    def without(self, *addresses: str) -> None:
        """Which files do not come, e.g. ``*.js``; all come again if none is named, and for who begins."""
        self._command("Network.enable")
        self._command("Network.setBlockedURLs", urls=list(addresses))

    def scripts(self, *, on: bool) -> None:
        """Whether pages may run scripts."""
        self._command("Emulation.setScriptExecutionDisabled", value=not on)

    def language(self, name: str) -> None:
        """Which language the browser asks for."""
        self._command("Network.enable")
        self._command("Network.setExtraHTTPHeaders", headers={"Accept-Language": name})

    def open(self, path: str) -> None:
        """Go to an address."""
        self.driver.get(path if path.startswith("http") else self.address + path)

    def find(self, selector: str) -> WebElement:
        """The first element that fits, as soon as it is there."""
        wait = WebDriverWait(self.driver, patience(_SECONDS), 0.05)
        return wait.until(lambda driver: driver.find_element(By.CSS_SELECTOR, selector))

    def all(self, selector: str) -> list[WebElement]:
        """All that fit."""
        return list(self.driver.find_elements(By.CSS_SELECTOR, selector))

    def click(self, selector: str) -> None:
        """Click, and be where it leads: the page of before is gone then, if it leads anywhere."""
        self.find(selector).click()

    def leave_by(self, selector: str) -> None:
        """Click what leads to another page, and wait for that."""
        self.leave(self.find(selector).click)

    def leave(self, how: Callable[[], object]) -> None:
        """Do what leads to another page, and wait until that is there and its scripts have begun to listen."""
        before = self.find("html")
        how()
        self.wait(lambda: _gone(before))
        self.find("main")
        self.wait(lambda: self.run(_WHOLE))

    def wait(self, until: Callable[[], bool]) -> None:
        """Wait until something is so."""
        WebDriverWait(self.driver, patience(_SECONDS), 0.05).until(lambda _driver: until())

    def write(self, selector: str, text: str) -> None:
        """Type into a field."""
        field = self.find(selector)
        field.clear()
        field.send_keys(text)

    def press(self, *keys: str) -> None:
        """Strike keys one after another, wherever the focus is."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def walk_to(self, selector: str) -> None:
        """Go on with Tab until the focus is there.

        :raises AssertionError: if it cannot be reached so, or the focus cannot be seen somewhere on the way.
        """
        stops: list[str] = []
        for _ in range(self.run(_STOPS) + 1):
            self.press(Keys.TAB)
            here, there, seen = self.run(_FOCUS, selector)
            assert seen, f"the focus cannot be seen at {here}"
            if there:
                return
            stops.append(here)
        raise AssertionError(f"Tab does not come to {selector}: {stops}")

    def choose(self, selector: str, shown: str) -> None:
        """Choose from a list."""
        Select(self.find(selector)).select_by_visible_text(shown)

    def choose_office(self, selector: str, office: str) -> None:
        """Choose an office by its id: behind its name may stand how much lies there just now."""
        Select(self.find(selector)).select_by_value(office)

    def run(self, script: str, *arguments: Any) -> Any:
        """What a script answers, whether pages may run any or not."""
        return self.driver.execute_script(script, *arguments)

    @property
    def text(self) -> str:
        """What can be read in the main part."""
        return str(self.find("main").text)

    @property
    def path(self) -> str:
        """The address without the installation's own."""
        return self.driver.current_url.removeprefix(self.address)

    def check_console(self) -> None:
        """Nothing went wrong that only developers are told.

        :raises AssertionError: quoting what did.
        """
        told = [entry["message"] for entry in self.driver.get_log("browser") if _EXPECTED not in entry["message"]]
        assert [] == told

    def _command(self, command: str, /, **values: Any) -> None:
        self.driver.execute_cdp_cmd(command, values)


@contextmanager
def opened(profile: Path) -> Iterator[Screen]:
    """A browser with a profile of its own, closed afterwards. Without one on this machine the test is left out."""
    browser = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    driver = shutil.which("chromedriver")
    if browser is None or driver is None:
        pytest.skip("needs Chromium and its driver: on Debian, apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for flag in (*_FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    running = webdriver.Chrome(options=options, service=Service(driver))
    try:
        yield Screen(running)
    finally:
        running.quit()


@cache
def _axe() -> str:
    """axe-core as its package ships it; the package itself drives another browser and is not imported."""
    return Path(str(distribution("axe-playwright-python").locate_file("axe_playwright_python/axe.min.js"))).read_text()


def _gone(element: WebElement) -> bool:
    from selenium.common.exceptions import StaleElementReferenceException, WebDriverException

    try:
        element.is_enabled()
    except StaleElementReferenceException:
        return True
    except WebDriverException as error:
        # The driver says so of an element whose page is just being left.
        if _OF_ANOTHER_PAGE not in str(error):
            raise
        return True
    return False
