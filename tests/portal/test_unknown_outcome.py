"""While nobody knows whether something was done, a page says so, and what is sent again is done once."""

import re
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from shared.base.errors import AduanError, Unavailable
from tests.portal.memory_gateway import CODE, MemoryGateway

_HOME = "https://localhost"
_TEXT = 'Lampunya masih padam, "dekat" <pasar>'
_FIELD = re.compile(r'<input type="hidden" name="([a-z_.]+)" value="([^"]*)"')


def _fields(html: str) -> dict[str, str]:
    return dict(_FIELD.findall(html))


def _opened(client: FlaskClient, gateway: MemoryGateway, language: str) -> tuple[str, dict[str, str]]:
    """The form of a reply to one's complaint: its address and its hidden fields."""
    ticket = gateway.file("cilacap", {"channel": "web"}, None, "test")["ticket"]
    heard = {"Accept-Language": language}
    token = _fields(client.get("/cilacap/lacak", base_url=_HOME, headers=heard).text)
    client.post("/cilacap/lacak", data={**token, "ticket": ticket, "code": CODE}, base_url=_HOME, headers=heard)
    address = f"/cilacap/aduan/{ticket}/balas"
    return address, _fields(client.get(address, base_url=_HOME, headers=heard).text)


@pytest.mark.parametrize(
    ("language", "heading", "remedy"),
    [("id", "Masih mencoba …", "dicatat satu kali saja"), ("en", "Still trying …", "it is recorded once only")],
)
def test_what_may_have_been_done_is_sent_again_under_its_key(
    client: FlaskClient, gateway: MemoryGateway, language: str, heading: str, remedy: str
) -> None:
    """The page holds the form as it was sent, the text to be read, and one button; it speaks of no headers."""
    address, hidden = _opened(client, gateway, language)
    heard = {"Accept-Language": language}
    gateway.refusal = Unavailable("outcome_unknown", {"service": "intake", "key": "k"})
    page = client.post(address, data={**hidden, "text": _TEXT}, base_url=_HOME, headers=heard)
    again = {**_fields(page.text), "text": _TEXT}
    done = client.post(address, data=again, base_url=_HOME, headers=heard)
    keys = [given["key"] for name, given in gateway.asked if name == "reporter_act"]

    assert (503, "1") == (page.status_code, page.headers["Retry-After"])
    assert f"<h1>{heading}</h1>" in page.text
    assert remedy in page.text
    assert "Idempotency" not in page.text
    assert "&lt;pasar&gt;</textarea>" in page.text
    assert hidden["kiriman"] == again["kiriman"]
    assert (303, 1) == (done.status_code, len(set(keys)))


@pytest.mark.parametrize(
    ("error", "offered"),
    [
        (Unavailable("service_unavailable", {"service": "intake"}), True),
        (AduanError("internal_error", {"request": "x"}), False),
    ],
)
def test_only_what_may_be_done_again_is_offered_again(
    client: FlaskClient, gateway: MemoryGateway, error: AduanError, offered: bool
) -> None:
    """Where a service is away, yes; after a fault of ours the text is there to be copied."""
    address, hidden = _opened(client, gateway, "id")
    gateway.refusal = error
    page = client.post(address, data={**hidden, "text": _TEXT}, base_url=_HOME)

    assert offered == ("Coba lagi" in page.text)
    assert "&lt;pasar&gt;</textarea>" in page.text


@pytest.mark.parametrize(("name", "told"), [("lampu.jpg", True), ("", False)])
def test_only_who_sent_files_is_told_that_they_were_not_kept(
    client: FlaskClient, gateway: MemoryGateway, name: str, told: bool
) -> None:
    """Where a service is away, and where the half hour is over; a browser sends a box in which none was chosen too."""
    address, hidden = _opened(client, gateway, "id")

    def sent() -> str:
        given = {**hidden, "text": _TEXT, "photos": (BytesIO(b"x" if name else b""), name)}
        return client.post(address, data=given, base_url=_HOME, content_type="multipart/form-data").text

    gateway.refusal = Unavailable("service_unavailable", {"service": "intake"})
    away = sent()
    client.delete_cookie("__Host-lacak", domain="localhost")
    waiting = _fields(sent())
    ticket = address.split("/")[3]
    back = client.post("/cilacap/lacak", data={**waiting, "ticket": ticket, "code": CODE}, base_url=_HOME)

    assert told == ("Berkas dan foto tidak ikut terkirim lagi" in away)
    assert "Belum terkirim. Periksa lalu kirim." in back.text
    assert told == ("Berkas harus dipilih lagi" in back.text)
