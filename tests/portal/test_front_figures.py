"""The first page of a government is there whatever becomes of last month's figures."""

from datetime import UTC, datetime, timedelta

import eventlet
import pytest
from flask import Flask

from portal.app import create_app
from portal.front_figures import LASTS, PATIENCE_SECONDS, FrontFigures
from shared.application.runtime import Runtime
from shared.base.clock import SimulatedClock
from shared.base.errors import Unavailable
from tests.portal.memory_gateway import Json, MemoryGateway

MONTH = "2026-09"


class Reporting(MemoryGateway):
    """It answers, is away, or lets one wait for longer than anybody would."""

    mood = "well"

    def public_recap(self, tenant: str, month: str) -> Json:
        """Three figures, if it is well."""
        self._note("public_recap", tenant=tenant, month=month)
        if self.mood == "away":
            raise Unavailable("service_unavailable", {"service": "reporting"})
        if self.mood == "slow":
            eventlet.sleep(60)
        return {"few": False, "filed": 4321, "answered": 40, "within_standard": {"met": 30, "missed": 10}}


@pytest.fixture
def gateway() -> Reporting:
    """The service that tells figures."""
    return Reporting()


@pytest.fixture
def app(gateway: Reporting, runtime: Runtime) -> Flask:
    """The portal."""
    return create_app(gateway, runtime, wait=lambda *_asked: True)


@pytest.mark.parametrize("mood", ["away", "slow"])
def test_the_first_page_does_without_figures_that_cannot_be_had(app: Flask, gateway: Reporting, mood: str) -> None:
    """It comes, without them, and nobody is asked again for it within the minute; another government's is asked for."""
    gateway.mood = mood
    with eventlet.Timeout(30):
        pages = [app.test_client().get(f"/{home}/") for home in ("cilacap", "cilacap", "bantul")]
    asked = [told["tenant"] for name, told in gateway.asked if name == "public_recap"]

    assert [200] * 3 == [page.status_code for page in pages]
    assert not [page for page in pages if "4.321" in page.text]
    assert ["cilacap", "bantul"] == asked


def test_figures_are_told_and_asked_for_once_a_minute(app: Flask, gateway: Reporting) -> None:
    """Who comes within the minute is told what was told before."""
    pages = [app.test_client().get("/cilacap/").text for _ in range(3)]

    assert [True] * 3 == ["4.321" in page for page in pages]
    assert 1 == len([name for name, _told in gateway.asked if name == "public_recap"])


def test_what_is_kept_ends_by_the_clock_and_is_bounded() -> None:
    """After a minute it is asked for anew, failures too; many months of many governments fill no memory."""
    clock = SimulatedClock(datetime(2026, 10, 5, 1, tzinfo=UTC))
    figures = FrontFigures(clock)
    gateway = Reporting()
    gateway.mood = "away"
    first = figures.of("cilacap", MONTH, gateway.public_recap)
    gateway.mood = "well"
    within = figures.of("cilacap", MONTH, gateway.public_recap)
    clock.move_to(clock.now() + LASTS)
    later = figures.of("cilacap", MONTH, gateway.public_recap)
    for each in range(3000):
        figures.of(f"t{each}", MONTH, gateway.public_recap)

    assert (None, None) == (first, within)
    assert later is not None
    assert 1000 >= len(figures._kept)
    assert timedelta(seconds=PATIENCE_SECONDS) <= timedelta(seconds=0.5)
