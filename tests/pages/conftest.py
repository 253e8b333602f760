"""One installation and one browser for all tests of pages: each test comes with complaints of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fixtures.oidc_provider import CLIENT, SECRET, OidcProvider, provider
from tests.journey.installation import START, Api, up
from tests.pages.crowd import DAY_BEFORE, crowd
from tests.pages.desks import Desks
from tests.pages.gallery import Gallery, arranged
from tests.pages.screen import Screen, opened
from tests.pages.visitor import Visitor


@pytest.fixture(scope="session")
def signing() -> Iterator[OidcProvider]:
    """By which Cilacap's officers may log in."""
    with provider() as one:
        yield one


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory, signing: OidcProvider) -> Iterator[Api]:
    """``aduan up`` on a simulated clock, with a crowd at Cilacap's first desk.

    A test finds its own complaint by its ticket, never by its place: were the desk empty, it would be on a list's first
    page only for as long as few others had run before. Half of the crowd is late, and stands first where what is due
    soonest does; half came in the very second in which tests file, where the newest of a list have no order that tells.

    Trenggalek's officers have a provider too, which is always away.
    """
    data: Path = tmp_path_factory.mktemp("pages") / "data"
    secrets = data / "secrets"
    secrets.mkdir(parents=True)
    for tenant in ("cilacap", "trenggalek"):
        (secrets / f"{tenant}.oidc.secret").write_text(SECRET)
    providers = f"cilacap = {signing.address} {CLIENT}\ntrenggalek = http://127.0.0.1:1/realm {CLIENT}"
    with up(data, "--simulated-clock", DAY_BEFORE, ADUAN_OIDC=providers) as running:
        crowd(running)
        running.move_to(START)
        crowd(running)
        yield running


@pytest.fixture(scope="session")
def desks(api: Api) -> Desks:
    """Its officers."""
    return Desks(api)


@pytest.fixture(scope="session")
def gallery(api: Api, desks: Desks) -> Gallery:
    """Every page of it, with something on it and somebody who may open it."""
    return arranged(api, desks)


@pytest.fixture
def visitor(api: Api) -> Callable[..., Visitor]:
    """Somebody with a browser that runs no scripts: ``visitor()``, or ``visitor("en")``."""
    return lambda language="id": Visitor(api.address, language)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """A real browser, started once."""
    with opened(tmp_path_factory.mktemp("chromium")) as screen:
        yield screen


@pytest.fixture
def screen(chromium: Screen, api: Api) -> Iterator[Screen]:
    """A telephone's screen in it, as of somebody who was never here."""
    chromium.begin(api.address)
    yield chromium
    chromium.check_console()
