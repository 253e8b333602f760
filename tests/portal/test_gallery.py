"""The list on which all that is promised of every page is tried has every page."""

import pytest
from flask import Flask

from portal.api import PREFIX
from portal.app import create_app
from shared.application.identity.shown_doors import DemoAccount
from shared.application.runtime import Runtime
from tests.pages.gallery import NO_PAGES, SIGHTS
from tests.pages.pictures import MOST_PICTURES, PICTURES
from tests.portal.conftest import StillSimulation
from tests.portal.memory_gateway import MemoryGateway

_FOR_PROGRAMS = ("/open311",)


def test_every_page_is_in_the_gallery_or_is_named_as_none(app: Flask) -> None:
    """Whatever a browser may be led to; a new page without a place fails here."""
    there = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.rule.startswith((PREFIX, *_FOR_PROGRAMS))
    }

    assert there == {*NO_PAGES, *(sight.endpoint for sight in SIGHTS if sight.endpoint)}
    assert not set(NO_PAGES) & {sight.endpoint for sight in SIGHTS}


def test_every_page_has_its_picture() -> None:
    """``make pages`` takes one of each, under a name of its own; of all parts at once nobody needs one."""
    taken = {(path, who) for _name, path, who, _widths in PICTURES}
    names = [name for name, *_rest in PICTURES]

    assert taken <= {(sight.path, sight.who) for sight in SIGHTS}
    assert {"", "komponen.shown"} == {sight.endpoint for sight in SIGHTS} - {
        sight.endpoint for sight in SIGHTS if (sight.path, sight.who) in taken
    }
    assert len(set(names)) == len(names)
    assert MOST_PICTURES >= sum(len(widths) for *_rest, widths in PICTURES)


def test_a_real_clock_shows_no_log_ins(
    gateway: MemoryGateway, runtime: Runtime, simulation: StillSimulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of a demo's in the folder of a real installation opens nothing."""
    door = DemoAccount("cilacap", "coordinator", "Admin Utama", "Cilacap")
    monkeypatch.setattr("portal.pages.frame.demonstrated.laid_open", lambda _folder: ("kata sandi demo", (door,)))
    shown = [
        create_app(gateway, runtime, simulation=clock, wait=lambda *_asked: True)
        .test_client()
        .get("/", headers={"Accept": "text/html"})
        .text
        for clock in (simulation, None)
    ]

    assert [True, False] == ["kata sandi demo" in text for text in shown]
