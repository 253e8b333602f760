"""While the database is away, people read that on a page of their government, with what they had typed."""

from io import BytesIO
from typing import Final

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal.app import MOST_BYTES, create_app
from portal.elsewhere import AWAY
from shared.platform.web.protocol import BUSY
from tests.portal.conftest import runtime_on
from tests.portal.memory_gateway import MemoryGateway

_NOWHERE: Final = "postgresql://nobody@127.0.0.1:1/none"
_BROWSER: Final = {"Accept": "text/html"}
_PAGES: Final = ("/cilacap/", "/cilacap/adukan", "/cilacap/lacak", "/cilacap/masuk", "/cilacap/meja", "/cilacap/umum")


@pytest.fixture
def client() -> FlaskClient:
    """Of a portal whose database is nowhere."""
    return create_app(MemoryGateway(), runtime_on(_NOWHERE)).test_client()


@pytest.mark.parametrize("marked", [False, True], ids=["since a moment", "since the start"])
@pytest.mark.parametrize("path", _PAGES)
def test_a_browser_is_told_on_a_page(client: FlaskClient, path: str, *, marked: bool) -> None:
    """Of the government, in words, and when to ask again."""
    answer = client.get(path, headers=_BROWSER, environ_overrides={AWAY: marked})

    assert (503, "text/html; charset=utf-8") == (answer.status_code, answer.headers["Content-Type"])
    assert "Basis data tidak menjawab. Coba lagi sebentar lagi." in answer.text
    assert "Kabupaten Cilacap" in answer.text
    assert answer.headers["Retry-After"].isdigit()


@pytest.mark.parametrize("marked", [False, True], ids=["since a moment", "since the start"])
def test_what_was_typed_is_still_there_and_can_be_sent_again(client: FlaskClient, *, marked: bool) -> None:
    """In the reader's language; with the key by which it is filed once."""
    form = {"message": "Jalan <rusak>", "reporter.name": "Siti", "kunci": "k-1"}
    english = {**_BROWSER, "Accept-Language": "en"}
    answer = client.post("/cilacap/adukan", data=form, headers=english, environ_overrides={AWAY: marked})

    assert 503 == answer.status_code
    assert "The database does not answer. Try again in a moment." in answer.text
    assert "Jalan &lt;rusak&gt;" in answer.text
    assert ">Siti</textarea>" in answer.text


@pytest.mark.parametrize("mark", [AWAY, BUSY])
def test_what_was_typed_beside_a_photo_is_still_there(client: FlaskClient, mark: str) -> None:
    """However much it weighs, as long as the page has room for it; only the photo has to be chosen anew."""
    photo = FileStorage(BytesIO(bytes(2 * MOST_BYTES)), "jalan.jpg")
    boundary, body = encode_multipart({"message": "Jalan rusak", "kunci": "k-1", "photos": photo})
    headers = {**_BROWSER, "Content-Type": f"multipart/form-data; boundary={boundary}"}
    answer = client.post("/cilacap/adukan", data=body, headers=headers, environ_overrides={mark: True})

    assert (503, "text/html; charset=utf-8") == (answer.status_code, answer.headers["Content-Type"])
    assert "Jalan rusak" in answer.text


def test_programs_are_answered_by_a_problem(client: FlaskClient) -> None:
    """As ever, with its code and its id."""
    paths = ("/api/v1/cilacap/complaints/CLP-2026-000001?code=K", "/api/v1/cilacap/inbox")
    answers = [client.get(each, environ_overrides={AWAY: True}) for each in paths]

    assert [(503, "application/problem+json", "database_unavailable")] * 2 == [
        (each.status_code, each.headers["Content-Type"], (each.json or {})["code"]) for each in answers
    ]
    assert all("instance" in (each.json or {}) for each in answers)


@pytest.mark.parametrize("marked", [False, True], ids=["since a moment", "since the start"])
def test_what_is_nothing_is_said_to_be_nothing(client: FlaskClient, *, marked: bool) -> None:
    """Whatever is away; in the frame of the government that the address begins with, from where one can go on."""
    answer = client.get("/cilacap/tidak-ada", headers=_BROWSER, environ_overrides={AWAY: marked})
    nobodys = client.get("/nirgendwo/tidak-ada", headers=_BROWSER, environ_overrides={AWAY: marked})

    assert (404, True) == (answer.status_code, "Tidak ada apa pun di alamat ini." in answer.text)
    assert "Kabupaten Cilacap" in answer.text
    assert '<a href="/cilacap/lacak">Lacak aduan</a>' in answer.text
    assert (404, False) == (nobodys.status_code, "/lacak" in nobodys.text)
