"""What programs of others file by Open311 GeoReport v2."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
import requests

from portal import tries
from portal.open311 import filing
from portal.rpc_gateway import RpcGateway
from shared.base.clock import SimulatedClock
from shared.base.errors import Unavailable
from shared.domain.dossier.contents import complaint_of
from tests.channels.by_open311 import BANTUL, CILACAP, POST, codes, filed, get, post, two_governments, xml_of
from tests.channels.line import Line


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Line]:
    """An installation of two governments that answer programs."""
    with two_governments(database_url, tmp_path) as made:
        yield made


def test_what_is_filed_goes_the_same_road_as_every_other(office: Line) -> None:
    """By its own channel, with the category, the reporter and the place in words; JSON and forms alike."""
    filed(office)
    nested = {**POST, "attribute": {"address": "RT 1 Hanum"}, "lat": -7.4, "long": 108.8, "privacy": "x"}
    answer = requests.post(f"{office.address}/open311/v2/requests.json", json=nested, timeout=30)
    assert answer.ok, answer.text
    assert {"service_request_id", "service_notice", "account_id"} == set(answer.json()[0])
    first, second = office.dossiers()
    event = office.history(first)[0]
    keys = office.runtime.vault.keys(None, [first, second])
    told = complaint_of(office.history(first), keys[first])
    assert ("open311", "PEKERJAAN UMUM DAN PENATAAN RUANG") == (event.channel, event.category)  # type: ignore[attr-defined]
    assert "Siti Rahayu" == told["reporter"]["name"]
    assert "Depan toko Makmur, Hanum" == told["location"]["text"]
    assert -7.4 == complaint_of(office.history(second), keys[second])["location"]["lat"]


def test_a_post_that_is_repeated_is_one(office: Line) -> None:
    """By a program that did not wait; another's, and another complaint, are others (47)."""
    ticket = filed(office)
    assert ticket == filed(office)
    assert ticket != filed(office, api_key="kunci-uji-2")
    assert ticket != filed(office, description="Lampu jalan di Hanum mati.")
    assert 3 == len(office.dossiers())


def test_a_photo_comes_with_the_post(office: Line, photo: bytes) -> None:
    """As a form with files; what is no photo does not hold the complaint up, and is named in the answer: all of it in
    the language that was asked for, whatever some page was once shown in.
    """
    files = {"media": ("jalan.jpg", photo, "image/jpeg"), "photo1": ("x.exe", b"MZ", "image/jpeg")}
    url = f"{office.address}/open311/v2/requests.xml"
    answer = requests.post(url, POST, files=files, timeout=30, cookies={"bahasa": "en"})
    assert answer.ok, answer.text
    ticket = xml_of(answer.text).findtext("request/service_request_id")
    assert str(ticket).startswith("CLP-")
    assert ["ComplaintFiled", "FileAdded"] == office.types(office.dossiers()[0])
    notice = str(xml_of(answer.text).findtext("request/service_notice"))
    assert "Berkas x.exe tidak diambil." in notice
    assert "Jenis berkas ini tidak diterima." in notice
    assert "jalan.jpg" not in notice


def test_more_photos_than_are_taken_are_not_passed_over_in_silence(office: Line, photo: bytes) -> None:
    """How many were left out is said, in the language that was asked for."""
    files = [("media", (f"{number}.jpg", photo + bytes([number]), "image/jpeg")) for number in range(7)]
    url = f"{office.address}/open311/v2/requests.json"
    answer = requests.post(url, POST, files=files, headers={"Accept-Language": "en"}, timeout=30)
    assert "Files that were not taken: 2, since there may be 5 at most." in answer.json()[0]["service_notice"]


def test_a_photo_is_not_lost_with_the_post_that_was_cut_off(office: Line, photo: bytes) -> None:
    """A program that repeats itself, since the first post ended before its photo was kept: one complaint, one photo."""
    url = f"{office.address}/open311/v2/requests.json"
    filed(office)
    for _ in range(2):
        answer = requests.post(url, POST, files={"media": ("jalan.jpg", photo, "image/jpeg")}, timeout=30)
        assert answer.ok, answer.text
    [dossier] = office.dossiers()
    assert ["ComplaintFiled", "FileAdded"] == office.types(dossier)


WRONG: Final[tuple[tuple[dict[str, str], int], ...]] = (
    ({"api_key": ""}, 403),
    ({"api_key": "kunci-bantul"}, 403),
    ({"jurisdiction_id": ""}, 400),
    ({"jurisdiction_id": "x.go.id"}, 404),
    ({"service_code": "tidak-ada"}, 404),
    ({"service_code": ""}, 400),
    ({"description": ""}, 400),
    ({"description": "x" * 4001}, 400),
    ({"address_string": ""}, 400),
    ({"address_string": "", "lat": "-7.4"}, 400),
    ({"lat": "95", "long": "108"}, 400),
    ({"lat": "utara", "long": "108"}, 400),
    ({"lat": "nan", "long": "108"}, 400),
    ({"lat": "-7.7_2", "long": "1_09.0"}, 400),
    ({"lat": "-0.772e1", "long": "109"}, 400),
    ({"address_id": "Atlantis"}, 400),
    ({"attribute[address]": ""}, 400),
    ({"attribute[privacy]": "terserah"}, 400),
)


def test_a_wrong_post_is_told_what_is_wrong(office: Line) -> None:
    """With the standard's statuses, in both formats, and nothing is filed."""
    for changes, status in WRONG:
        assert (status, {status}) == codes(post(office, **changes)), changes
        answer = post(office, "xml", **changes)
        root = xml_of(answer.text)
        assert (status, "errors", str(status)) == (answer.status_code, root.tag, root.findtext("error/code")), changes
        assert root.findtext("error/description")
    assert [] == office.dossiers()


def test_what_nobody_can_see_was_not_said(office: Line) -> None:
    """A description of nothing is none, and so is a name; what is wrong is told by the standard's names."""
    unseen = post(office, description="\u200b", **{"attribute[privacy]": "terserah"})
    nameless = post(office, first_name="\u200b", last_name="\u2800")

    assert [400, 400] == [unseen.status_code, nameless.status_code]
    assert all(name in unseen.text for name in ("description", "attribute[privacy]"))
    assert "attribute[name]" in nameless.text
    assert [] == office.dossiers()


def test_all_that_is_wrong_is_told_at_once(office: Line) -> None:
    """And what is no form and no JSON likewise."""
    answer = post(office, description="", address_string="", **{"attribute[address]": ""})
    assert 3 == len(answer.json())
    url = f"{office.address}/open311/v2/requests.json"
    for body in (b"[1]", b"{", b"[" * 100_000):
        headers = {"Content-Type": "application/json"}
        assert 400 == requests.post(url, body, headers=headers, timeout=30).status_code
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    assert 400 == requests.post(url, bomb, headers={"Content-Type": "text/xml"}, timeout=30).status_code


def test_what_is_said_twice_is_refused(office: Line) -> None:
    """In JSON, in a form, in an address, or once in each: nobody knows which of the two was meant."""
    url = f"{office.address}/open311/v2/requests.json"
    doubled = json.dumps(POST).replace('"description":', '"description": "Lampu mati", "description":', 1)
    answers = [
        requests.post(url, doubled, headers={"Content-Type": "application/json"}, timeout=30),
        requests.post(url, [*POST.items(), ("description", "Lampu mati")], timeout=30),
        requests.post(f"{url}?description=Lampu", POST, timeout=30),
        requests.get(f"{url}?jurisdiction_id={CILACAP}&jurisdiction_id=bantul", timeout=30),
    ]
    assert [400] * 4 == [each.status_code for each in answers]
    assert all("twice" in each.text or "dua kali" in each.text for each in answers)
    assert [] == office.dossiers()
    again = requests.post(f"{url}?jurisdiction_id={POST['jurisdiction_id']}", POST, timeout=30)
    assert again.ok, again.text


def test_a_token_leads_to_the_number_of_what_was_filed(office: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a post whose answer was lost on the way, and of no other (45)."""
    whole = RpcGateway.file_for_program

    def lost(self: RpcGateway, *args: Any, **kwargs: Any) -> dict[str, Any]:
        whole(self, *args, **kwargs)
        raise Unavailable("outcome_unknown", {"service": "intake", "key": ""})

    monkeypatch.setattr(RpcGateway, "file_for_program", lost)
    [answer] = post(office).json()
    assert "service_request_id" not in answer
    found = get(office, f"v2/tokens/{answer['token']}.json", jurisdiction_id=CILACAP).json()
    [event] = office.history(office.dossiers()[0])
    assert [{"service_request_id": event.ticket, "token": answer["token"]}] == found  # type: ignore[attr-defined]
    for other in ("x", answer["token"].replace("-", "0"), "00000000-0000-5000-8000-000000000000"):
        assert 404 == get(office, f"v2/tokens/{other}.json", jurisdiction_id=CILACAP).status_code
    assert 404 == get(office, f"v2/tokens/{answer['token']}.json", jurisdiction_id=BANTUL).status_code


@pytest.mark.parametrize("before", [True, False])
def test_the_photo_of_a_post_that_got_a_token_is_not_lost(
    office: Line, photo: bytes, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    """Whether it was filed when its answer was lost, or never came to intake: once, with its photo."""
    whole = RpcGateway.file_for_program

    def lost(self: RpcGateway, *args: Any, **kwargs: Any) -> dict[str, Any]:
        if before:
            whole(self, *args, **kwargs)
        raise Unavailable("outcome_unknown", {"service": "intake", "key": ""})

    monkeypatch.setattr(RpcGateway, "file_for_program", lost)
    files = {"media": ("jalan.jpg", photo, "image/jpeg"), "photo1": ("x.exe", b"MZ", "image/jpeg")}
    url = f"{office.address}/open311/v2/requests.json"
    tokens = {requests.post(url, POST, files=files, timeout=30).json()[0]["token"] for _ in range(2)}
    office.works()
    [dossier] = office.dossiers()
    assert ["ComplaintFiled", "FileAdded"] == office.types(dossier)
    [token] = tokens
    found = get(office, f"v2/tokens/{token}.json", jurisdiction_id=CILACAP).json()
    assert [{"service_request_id": office.history(dossier)[0].ticket, "token": token}] == found  # type: ignore[attr-defined]
    assert [(0, 0)] == office.rows(
        "SELECT (SELECT count(*) FROM channels.media), (SELECT count(*) FROM channels.outgoing WHERE done_at IS NULL)"
    )


@pytest.fixture
def _stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's clock as limits read it: it stands, however long the test takes."""
    clock = SimulatedClock(datetime.now(UTC))
    for each in (tries, filing):
        monkeypatch.setattr(each, "SystemClock", lambda: clock)


@pytest.mark.usefixtures("_stopped")
def test_keys_are_not_guessed_without_end(office: Line) -> None:
    """Whoever does is told when to come back, and until then no key is looked at."""
    statuses = [post(office, api_key=f"tebakan-{number}").status_code for number in range(61)]
    assert ({403}, 429) == (set(statuses[:60]), statuses[60])
    assert "60" == post(office).headers["Retry-After"]
    assert [] == office.dossiers()


@pytest.mark.usefixtures("_stopped")
def test_programs_do_not_post_without_end(office: Line) -> None:
    """Thirty a minute by one key: the next is not filed, in the standard's own shape; another program's are taken."""
    assert {400} == {post(office, service_code="").status_code for _ in range(30)}
    refused = post(office)
    [told] = refused.json()
    assert (429, 429, "60") == (refused.status_code, told["code"], refused.headers["Retry-After"])
    assert "60" in told["description"]
    assert [] == office.dossiers()
    assert (
        429
        == requests.post(
            f"{office.address}/open311/v2/servicerequestupdates.json",
            {"jurisdiction_id": CILACAP, "api_key": POST["api_key"]},
            timeout=30,
        ).status_code
    )
    assert filed(office, api_key="kunci-uji-2")


@pytest.mark.usefixtures("_stopped")
def test_programs_do_not_read_without_end(office: Line) -> None:
    """Ten readings a second from one place, whatever is read; this machine's own programs are not counted."""
    paths = ("discovery.json", f"v2/services.json?jurisdiction_id={CILACAP}", "v2/requests.json", "nothing.json")

    def reads(count: int, headers: dict[str, str]) -> list[int]:
        urls = [f"{office.address}/open311/{paths[number % len(paths)]}" for number in range(count)]
        return [requests.get(url, headers=headers, timeout=30).status_code for url in urls]

    assert 429 not in reads(12, {})
    handed_on = {"X-Forwarded-For": "192.0.2.1"}
    assert 429 not in reads(10, handed_on)
    refused = requests.get(f"{office.address}/open311/discovery.xml", headers=handed_on, timeout=30)
    assert (429, "1", "429") == (
        refused.status_code,
        refused.headers["Retry-After"],
        xml_of(refused.text).findtext("error/code"),
    )
