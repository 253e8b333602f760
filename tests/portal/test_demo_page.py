"""A demo's first page: time is moved and citizens' telephones are used there, as nowhere else."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from portal.app import create_app
from portal.telephones import Said, Telephone
from shared.application.identity.shown_doors import DemoAccount
from shared.application.runtime import Runtime
from tests.pages.faults import faults
from tests.pages.screen import DESK, PHONE, opened
from tests.pages.visitor import Page, Visitor
from tests.portal.conftest import StillSimulation
from tests.portal.memory_gateway import AT, MemoryGateway

_START = datetime.fromisoformat(AT)
_NEW = Telephone("cilacap", "whatsapp", "6281210000001")
_USED = Telephone("majalengka", "sms", "628121234567")
_DOOR = DemoAccount("cilacap", "coordinator", "Admin Utama", "Cilacap")

Serve = Callable[..., str]


@dataclass
class Telephones:
    """Two of them; whatever is written is answered at once.

    :param written: what was, with its instant.
    :param unreported: answers of which nobody has told yet that they arrived.
    """

    talks: dict[Telephone, list[Said]] = field(
        default_factory=lambda: {_NEW: [], _USED: [Said(own=True, text="LAPOR Lampu padam"), Said(False, "Dari mana?")]}
    )
    written: list[tuple[str, datetime]] = field(default_factory=list)
    unreported: int = 0

    def all(self) -> list[Telephone]:
        """Both."""
        return list(self.talks)

    def said(self, telephone: Telephone) -> list[Said]:
        """What was said there."""
        return self.talks[telephone]

    def write(self, telephone: Telephone, text: str, at: datetime) -> None:
        """Note it, and answer."""
        self.written.append((text, at))
        self.talks[telephone] += [Said(own=True, text=text), Said(own=False, text=f"Tercatat: {text}")]
        self.unreported += 1

    def report(self) -> bool:
        """One at a time."""
        found = self.unreported > 0
        self.unreported -= found
        return found


@pytest.fixture
def telephones() -> Telephones:
    """The demo's."""
    return Telephones()


@pytest.fixture
def served(runtime: Runtime, gateway: MemoryGateway, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """A portal in whose folder accounts are laid open, served at the address that it answers."""
    monkeypatch.setattr("portal.pages.frame.demonstrated.laid_open", lambda _folder: ("kata sandi demo", (_DOOR,)))
    running = []

    def serve(simulation: StillSimulation | None, telephones: Telephones | None) -> str:
        app = create_app(gateway, runtime, simulation=simulation, telephones=telephones, wait=lambda *_: True)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


def _typed(page: Page, telephone: Telephone) -> dict[str, str]:
    """The form of a telephone as it stands."""
    return next(form.values for form in page.forms if form.values.get("telepon") == telephone.name)


def test_the_clock_is_moved_by_a_button(served: Serve, simulation: StillSimulation) -> None:
    """And shows where it stands: nothing is typed, and whoever reads English presses the same."""
    visitor = Visitor(served(simulation, None), "en")
    front = visitor.get("/")
    steps = [value for name, value in front.form("/peragaan/jam").buttons if name == "deed"]
    moved = visitor.send(front, "/peragaan/jam", deed="P1D")

    assert ["PT15M", "PT1H", "P1D", "P7D"] == steps
    assert _START + timedelta(days=1) == simulation.now()
    assert "Simulated clock: Thursday, 1 October 2026" in front.text
    assert "Simulated clock: Friday, 2 October 2026" in moved.text
    assert ["/#jam"] == [each.attributes["href"] for each in visitor.get("/cilacap/").all("a", href="/#jam")]
    assert not moved.all("section", aria_labelledby="telepon"), "a demo without telephones shows none"


def test_both_sides_of_a_conversation_are_seen(
    served: Serve, simulation: StillSimulation, telephones: Telephones
) -> None:
    """What is written on a telephone stands there with its answer, and the provider has told that it arrived."""
    visitor = Visitor(served(simulation, telephones))
    front = visitor.get("/")
    values = {**_typed(front, _NEW), "text": "LAPOR Jalan berlubang"}
    visitor.post("/peragaan/telepon", values)
    after = visitor.post("/peragaan/telepon", values)

    assert ["LAPOR Lampu padam", "Dari mana?"] == [each.text for each in front.all("p", class_="text")]
    assert 2 * ["LAPOR Jalan berlubang", "Tercatat: LAPOR Jalan berlubang"] == [
        each.text for each in after.all("p", class_="text")[:4]
    ]
    assert telephones.unreported == 0
    instants = [at for _text, at in telephones.written]
    assert instants == [_START + timedelta(seconds=1), _START + timedelta(seconds=2)], "no two at the same second"


def test_after_a_message_the_page_comes_back_to_its_telephone(
    served: Serve, simulation: StillSimulation, telephones: Telephones
) -> None:
    """Whose fold opens for what the address names."""
    visitor = Visitor(served(simulation, telephones))
    values = {**_typed(visitor.get("/"), _USED), "text": "Siti Rahayu"}
    answer = visitor.session.post(f"{visitor.address}/peragaan/telepon", values, allow_redirects=False, timeout=60)
    place = answer.headers["Location"].removeprefix("/#")

    assert 303 == answer.status_code
    assert ["text"] == [each.attributes["name"] for each in visitor.get("/").all("textarea", id=place)]


@pytest.mark.parametrize("text", ["", "  ", "a\x00b" * 400, "x" * 1001])
def test_what_is_no_message_is_not_sent(
    served: Serve, simulation: StillSimulation, telephones: Telephones, text: str
) -> None:
    """Nothing, and more than a message holds."""
    visitor = Visitor(served(simulation, telephones))
    page = visitor.post("/peragaan/telepon", {**_typed(visitor.get("/"), _NEW), "text": text})

    assert (422, []) == (page.status, telephones.written)


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/peragaan/jam", {"deed": "P9D"}),
        ("/peragaan/jam", {}),
        ("/peragaan/telepon", {"telepon": "cilacap-whatsapp-1", "text": "LAPOR"}),
        ("/peragaan/telepon", {"text": "LAPOR"}),
    ],
)
def test_what_no_form_asks_for_is_nothing(
    served: Serve, simulation: StillSimulation, telephones: Telephones, path: str, form: dict[str, str]
) -> None:
    """Another length, somebody else's telephone."""
    visitor = Visitor(served(simulation, telephones))
    token = visitor.get("/").form("/peragaan/jam").values["tanda"]
    page = visitor.post(path, {"tanda": token, **form})

    assert (404, _START, []) == (page.status, simulation.now(), telephones.written)


@pytest.mark.parametrize(("path", "form"), [("/peragaan/jam", {"deed": "P7D"}), ("/peragaan/telepon", {"text": "x"})])
def test_a_form_from_elsewhere_moves_nothing(
    served: Serve, simulation: StillSimulation, telephones: Telephones, path: str, form: dict[str, str]
) -> None:
    """Whoever lures a visitor to another page has no token."""
    visitor = Visitor(served(simulation, telephones))
    visitor.get("/")
    page = visitor.post(path, {"telepon": _NEW.name, **form})

    assert (403, _START, []) == (page.status, simulation.now(), telephones.written)


@pytest.mark.parametrize("path", ["/peragaan/jam", "/peragaan/telepon"])
def test_a_real_clock_has_neither(served: Serve, telephones: Telephones, path: str) -> None:
    """Whatever lies in its folder: no clock, no telephone, and nothing at the addresses of their forms."""
    visitor = Visitor(served(None, telephones))
    front = visitor.get("/")
    token = visitor.get("/cilacap/lacak").form("/lacak").values["tanda"]

    assert [] == front.forms
    assert 404 == visitor.post(path, {"tanda": token, "deed": "PT1H", "telepon": _NEW.name, "text": "LAPOR"}).status


def test_a_simulated_clock_without_a_demo_has_neither(
    served: Serve, simulation: StillSimulation, telephones: Telephones, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There an administrator moves it, by the API."""
    monkeypatch.setattr("portal.pages.frame.demonstrated.laid_open", lambda _folder: None)
    visitor = Visitor(served(simulation, telephones))
    token = visitor.get("/cilacap/lacak").form("/lacak").values["tanda"]

    assert [] == visitor.get("/").forms
    assert 404 == visitor.post("/peragaan/jam", {"tanda": token, "deed": "P7D"}).status
    assert _START == simulation.now()


@pytest.mark.browser
def test_it_is_for_everybody_on_a_telephone_and_at_a_desk(
    served: Serve, simulation: StillSimulation, telephones: Telephones, tmp_path: Path
) -> None:
    """In both languages, folded and not: axe finds nothing, nothing goes sideways; a message goes without scripts."""
    address = served(simulation, telephones)
    found: list[str] = []
    with opened(tmp_path) as screen:
        screen.begin(address)
        for language, width in (("id", PHONE), ("en", DESK)):
            found += faults(Visitor(address, language).get("/"))
            screen.language(language)
            screen.width(width)
            screen.open("/")
            for _ in range(2):
                wide = screen.run("return document.documentElement.scrollWidth")
                found += [*screen.axe(), *([f"{wide} px wide at {width}"] if wide > width else [])]
                screen.run("for (const box of document.querySelectorAll('details')) box.open = true")
        screen.scripts(on=False)
        screen.open("/")
        screen.find(f"details:has(#kata-{_NEW.name}) summary").click()
        screen.write(f"#kata-{_NEW.name}", "LAPOR Jalan berlubang")
        screen.leave_by(f"details:has(#kata-{_NEW.name}) button")
        shown = screen.find(f"#kata-{_NEW.name}").is_displayed()

    assert [] == found
    assert ["LAPOR Jalan berlubang"] == [text for text, _at in telephones.written]
    assert shown
