"""Addresses in pages are those that Flask builds, however often they are asked for."""

from typing import Any

import pytest
from flask import Flask, url_for
from werkzeug.routing import BuildError

from portal.app import create_app
from portal.pages.frame.addresses import address
from tests.portal.conftest import runtime_on
from tests.portal.memory_gateway import MemoryGateway


@pytest.fixture(scope="module")
def app() -> Flask:
    """A portal that asks no database."""
    return create_app(MemoryGateway(), runtime_on("postgresql://nobody@127.0.0.1:1/none"))


@pytest.mark.parametrize("path", ["/cilacap/papan", "/bantul/berkas/BTL-2026-000001", "/cilacap/tidak-ada", "/pusat"])
@pytest.mark.parametrize(
    ("endpoint", "values"),
    [
        ("tracking.find", {"tenant": "cilacap"}),
        ("dossier.shown", {"tenant": "cilacap", "ticket": "CLP-2026-000001"}),
        ("dossier.shown", {"tenant": "cilacap", "ticket": "CLP-2026-000002"}),
        ("dossier.shown", {"tenant": "cilacap", "ticket": "CLP/2026 %ö"}),
        ("recap.shown", {"tenant": "bantul", "month": "2026-10", "banding": None}),
        ("recap.shown", {"tenant": "bantul", "month": "2026-10", "banding": "2026-09", "urut": "bagian"}),
        ("recap.shown", {"tenant": "bantul", "month": "2026-11", "urut": "bagian", "banding": "2026-09"}),
        ("everything.shown", {"tenant": "cilacap", "category": "Jalan & Jembatan", "since": "2026-10-01"}),
        ("watched.tasks", {"tenant": "cilacap", "kind": "segera"}),
        ("account.shown", {"tenant": "cilacap", "_anchor": "sesi"}),
        ("pusat.shown", {}),
        ("pusat.shown", {"tenant": "cilacap", "halaman": 3}),
    ],
)
def test_an_address_is_that_which_flask_builds(app: Flask, path: str, endpoint: str, values: dict[str, Any]) -> None:
    """On the page of any government and of none; the first time and the next, also below a prefix."""
    for below in ("", "/aduan"):
        with app.test_request_context(path, base_url=f"http://localhost{below}"):
            assert [url_for(endpoint, **values)] * 2 == [address(endpoint, **values) for _ in range(2)]


def test_an_address_stays_within_its_government(app: Flask) -> None:
    """Each page's own, although how it is written was learned on another's."""
    found = []
    for path in ("/cilacap/papan", "/bantul/papan", "/cilacap/tidak-ada"):
        with app.test_request_context(path):
            found.append((address("tracking.find"), address("recap.shown", month="2026-10"), address("pusat.shown")))

    assert [
        ("/cilacap/lacak", "/cilacap/rekap/2026-10", "/pusat/"),
        ("/bantul/lacak", "/bantul/rekap/2026-10", "/pusat/"),
        ("/cilacap/lacak", "/cilacap/rekap/2026-10", "/pusat/"),
    ] == found


def test_one_beside_the_present_page_is_that_pages(app: Flask) -> None:
    """Each among its own, by the same name."""
    found = []
    for path in ("/cilacap/kelola/kalender/usulan/1", "/cilacap/kelola/prosedur/usulan/1"):
        with app.test_request_context(path):
            found.append(address(".one", number=2))

    assert ["/cilacap/kelola/kalender/usulan/2", "/cilacap/kelola/prosedur/usulan/2"] == found


def test_what_lacks_a_part_has_no_address(app: Flask) -> None:
    """As with Flask's own."""
    with app.test_request_context("/cilacap/papan"), pytest.raises(BuildError):
        address("dossier.shown")
