"""The pages that people look at, as whole HTML documents: how soon several readers at once have them, and how heavy."""

import gzip
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import requests
from requests.cookies import RequestsCookieJar

from benchmarks.costs import Meter
from benchmarks.installation import Started
from benchmarks.pages import TENANT, Looked
from shared.application.identity.membership import caller_for
from shared.application.identity.users import Users
from shared.application.runtime import Runtime

READERS: Final = 8

_NAME: Final = "ukur.koordinator"
_TOKEN: Final = re.compile(r'name="tanda" value="([^"]+)"')
_OPENING: Final = 1
"""Requests of each reader for a page that are not timed: they open the connection."""
_WARNED: Final = 60
"""Seconds until an answer is waited for no longer."""


@dataclass(frozen=True)
class Browsed:
    """A page for a browser.

    :param most: kB compressed that it may weigh, its style and scripts apart.
    :param who: ``desk``, ``reporter`` or ``anybody``.
    """

    name: str
    path: str
    who: str
    most: int


def open_desk(runtime: Runtime) -> str:
    """An account for the government's coordinator; its password."""
    password = runtime.randomness.bytes(12).hex()
    who = caller_for(runtime.tenants, TENANT, "coordinator", None, _NAME)
    Users(runtime.database, runtime.randomness).add(who, password)
    return password


def browse(started: Started, seen: Looked, password: str, times: int) -> dict[str, dict[str, Any]]:
    """Milliseconds of each page, asked by all readers at once, its weight, and the processor time that one takes.

    :param times: how often each page is asked for, by all readers together.
    :returns: of each page ``milliseconds``, ``bytes``, how many there may be at ``most``, and ``processor``: the
        milliseconds of a processor that the whole installation spent on one, its database included.
    :raises AssertionError: if one does not answer with itself.
    """
    address = started.address
    jars = {"anybody": RequestsCookieJar(), "desk": _logged_in(address, password), "reporter": _opened(address, seen)}
    found = {}
    meter = Meter(lambda: [("all", started.pid)])
    with ThreadPoolExecutor(READERS) as readers:
        for page in browsed(seen):
            each = max(1, times // READERS)
            meter.reset()
            asked = [readers.submit(_asked, address, page, jars[page.who], each) for _ in range(READERS)]
            answers = [one.result() for one in asked]
            used = 1000 * meter.used()["all"] / (READERS * (each + _OPENING))
            took = [milliseconds for one, _ in answers for milliseconds in one]
            weight = max(weight for _, weight in answers)
            found[page.name] = {"milliseconds": took, "bytes": weight, "most": page.most, "processor": used}
    return found


def browsed(seen: Looked) -> tuple[Browsed, ...]:
    """Every page that reads tables which grow with the complaints, see ``tests/benchmarks/test_browsed.py``."""
    home = f"/{TENANT}"
    return (
        Browsed("inbox", f"{home}/meja", "desk", 20),
        Browsed("inbox, every desk", f"{home}/meja?meja=semua", "desk", 20),
        Browsed("inbox, narrowed", f"{home}/meja?meja=semua&kanal=web&kanal=sms&keadaan=late", "desk", 20),
        Browsed("board", f"{home}/papan", "desk", 20),
        Browsed("board, late", f"{home}/papan/terlambat", "desk", 20),
        Browsed("board, due soon", f"{home}/papan/segera", "desk", 20),
        Browsed("board, waiting for reporters", f"{home}/papan/menunggu-pelapor", "desk", 20),
        Browsed("board, sent back", f"{home}/papan/dikembalikan", "desk", 20),
        Browsed("board, to and fro", f"{home}/papan/memantul", "desk", 20),
        Browsed("board, twins", f"{home}/papan/kembar", "desk", 20),
        Browsed("dossier", f"{home}/berkas/{seen.ticket}", "desk", 20),
        Browsed("dossier, to print", f"{home}/berkas/{seen.ticket}/cetak", "desk", 20),
        Browsed("news of an inbox", f"{home}/kabar/meja", "desk", 20),
        Browsed("all complaints", f"{home}/semua", "desk", 20),
        Browsed("to publish", f"{home}/terbitkan", "desk", 20),
        Browsed("registering", f"{home}/daftarkan", "desk", 20),
        Browsed("recap of a month", f"{home}/rekap/{seen.full}", "desk", 20),
        Browsed("recap of a year", f"{home}/rekap/{seen.full[:4]}", "desk", 20),
        Browsed("tracking", f"{home}/aduan/{seen.ticket}", "reporter", 12),
        Browsed("news of a complaint", f"{home}/aduan/{seen.ticket}/kabar", "reporter", 12),
        Browsed("who read it", f"{home}/aduan/{seen.ticket}/dibaca", "reporter", 12),
        Browsed("a government's first page", f"{home}/", "anybody", 15),
        Browsed("the month, for everybody", f"{home}/kinerja/{seen.full}", "anybody", 15),
        Browsed("the year, for everybody", f"{home}/kinerja/{seen.full[:4]}", "anybody", 15),
        Browsed("published complaints", f"{home}/umum", "anybody", 15),
        Browsed("open data", f"{home}/data/", "anybody", 15),
        Browsed("filing form", f"{home}/adukan", "anybody", 15),
    )


def _asked(address: str, page: Browsed, jar: RequestsCookieJar, times: int) -> tuple[list[float], int]:
    took, weight = [], 0
    with _session(jar) as session:
        for number in range(_OPENING + times):
            began = time.perf_counter()
            answer = session.get(address + page.path, timeout=_WARNED, allow_redirects=False)
            if answer.status_code != 200:
                raise AssertionError(f"{page.name}: {answer.status_code} {answer.headers.get('Location')}")
            weight = len(gzip.compress(answer.content))
            if number >= _OPENING:
                took.append(1000 * (time.perf_counter() - began))
    return took, weight


def _session(jar: RequestsCookieJar) -> requests.Session:
    """A browser with these cookies, which on its own machine it also sends without TLS."""
    session = requests.Session()
    session.trust_env = False
    session.headers.update({"Accept": "text/html", "Cookie": "; ".join(f"{each.name}={each.value}" for each in jar)})
    return session


def _logged_in(address: str, password: str) -> RequestsCookieJar:
    return _sent(address, f"/{TENANT}/masuk", {"username": _NAME, "password": password})


def _opened(address: str, seen: Looked) -> RequestsCookieJar:
    return _sent(address, f"/{TENANT}/lacak", {"ticket": seen.ticket, "code": seen.code or ""})


def _sent(address: str, path: str, values: dict[str, str]) -> RequestsCookieJar:
    """The cookies of a browser in which a form was sent."""
    with requests.Session() as session:
        session.trust_env = False
        form = session.get(address + path, headers={"Accept": "text/html"}, timeout=_WARNED)
        [token, *_] = _TOKEN.findall(form.text)
        held = {"Cookie": "; ".join(f"{each.name}={each.value}" for each in form.cookies)}
        body = {"tanda": token, **values}
        answer = session.post(address + path, body, headers=held, timeout=_WARNED, allow_redirects=False)
        if answer.status_code != 303:
            raise AssertionError(f"{path}: {answer.status_code}")
        jar: RequestsCookieJar = answer.cookies
        return jar
