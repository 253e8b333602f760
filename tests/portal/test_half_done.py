"""Where one form asks for two things and only the first could be done, its page says which."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.base.errors import Conflict
from tests.portal.memory_gateway import CODE, MemoryGateway

_HOME = "https://localhost"
_TOKEN = re.compile(r'name="tanda" value="([^"]*)"')


@pytest.mark.parametrize(
    ("chosen", "score", "unsent"), [("tutup", "4", False), ("belum", "1", True), ("belum", "", True)]
)
def test_a_mark_that_was_recorded_is_said_where_what_followed_it_came_too_late(
    client: FlaskClient,
    gateway: MemoryGateway,
    monkeypatch: pytest.MonkeyPatch,
    chosen: str,
    score: str,
    unsent: bool,
) -> None:
    """With why the rest was not done; a text that went with the mark is not shown as one to be sent again."""
    ticket = gateway.file("cilacap", {"channel": "web"}, None, "test")["ticket"]
    [token] = _TOKEN.findall(client.get("/cilacap/lacak", base_url=_HOME).text)
    client.post("/cilacap/lacak", data={"tanda": token, "ticket": ticket, "code": CODE}, base_url=_HOME)
    act = gateway.reporter_act

    def only_rates(*whose: str, **given: Any) -> dict[str, Any]:
        if given["action"] != "rate":
            raise Conflict("moved_on", {"version": 7})
        return act(*whose, **given)

    monkeypatch.setattr(gateway, "reporter_act", only_rates)
    given = {"tanda": token, "selesai": chosen, "score": score, "text": "Masih gelap"}
    page = client.post(f"/cilacap/aduan/{ticket}/tanggapi", data=given, base_url=_HOME)

    assert 409 == page.status_code
    assert bool(score) == ("Penilaian Anda sudah kami catat." in page.text)
    assert unsent == ("Masih gelap</textarea>" in page.text)
