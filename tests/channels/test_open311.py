"""Open311 GeoReport v2, asked from outside as programs of others do."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest
import requests
from georeport import GeoReport

from portal.rpc_gateway import RpcGateway
from services.reporting.almanac import Almanac
from services.reporting.projection import RecapProjection
from services.routing.commands import act
from shared.application.dossiers.codec import decode
from shared.base.caller import Caller
from shared.base.errors import Unavailable
from shared.domain.dossier.contents import complaint_of
from shared.domain.dossier.desk import Cause
from shared.store.projection.runner import apply_batch
from tests.channels.line import Line, line

CILACAP, BANTUL = "cilacapkab.go.id", "bantulkab.go.id"
KEY = "kunci-uji-1"
CAUSE = Cause(correlation_id="test")
BOOK = "channels:\n  - {{id: open311, kind: open311, extra: true, jurisdiction: {jurisdiction}, contact: Diskominfo}}\n"
POST = {
    "jurisdiction_id": CILACAP,
    "api_key": KEY,
    "service_code": "pekerjaan-umum-dan-penataan-ruang",
    "description": "Jalan utama Desa Hanum berlubang dalam.",
    "address_string": "Depan toko Makmur, Hanum",
    "first_name": "Siti",
    "last_name": "Rahayu",
    "email": "siti@warga.example",
    "attribute[address]": "RT 02 RW 01 Hanum",
}


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Line]:
    """An installation of two governments that answer programs."""
    books = {"cilacap": BOOK.format(jurisdiction=CILACAP), "bantul": BOOK.format(jurisdiction=BANTUL)}
    secrets = {
        "cilacap.open311.api_keys": f"kota {KEY}\nlain kunci-uji-2\n",
        "bantul.open311.api_keys": "kota kunci-bantul\n",
    }
    with line(database_url, tmp_path, books, secrets) as made:
        yield made


def get(office: Line, what: str, **query: str) -> requests.Response:
    """Ask for something."""
    return requests.get(f"{office.address}/open311/{what}", query, timeout=30)


def post(office: Line, kind: str = "json", **changes: Any) -> requests.Response:
    """File something; a blank takes a field away."""
    return requests.post(f"{office.address}/open311/v2/requests.{kind}", {**POST, **changes}, timeout=30)


def filed(office: Line, **changes: Any) -> str:
    """File something; its number."""
    answer = post(office, **changes)
    assert answer.ok, answer.text
    return str(answer.json()[0]["service_request_id"])


def projected(office: Line) -> None:
    """What happened has come to whoever shows it."""
    events = office.news()
    apply_batch(office.runtime.database, RecapProjection(Almanac(office.runtime.tenants)), decode, events)


def taken_up(office: Line) -> None:
    """An office has looked at the latest complaint, and sent it to an agency."""
    office.act(office.dossiers()[-1], "dispose", agency="dpupr")
    projected(office)


def _xml(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own answers


def codes(answer: requests.Response) -> tuple[int, set[int]]:
    """The status, and the codes within."""
    return answer.status_code, {each["code"] for each in answer.json()}


def test_discovery_says_where_everything_is(office: Line) -> None:
    """In both formats, with all that the standard wants."""
    found = get(office, "discovery.json").json()
    endpoint = found["endpoints"][0]
    assert {"changeset", "contact", "key_service", "endpoints"} == set(found)
    assert f"{office.address}/open311/v2" == endpoint["url"]
    assert ["text/xml", "application/json"] == endpoint["formats"]
    answer = get(office, "discovery.xml")
    assert "text/xml; charset=utf-8" == answer.headers["Content-Type"]
    assert answer.text.startswith("<?xml version='1.0' encoding='utf-8'?>")
    root = _xml(answer.text)
    assert "http://wiki.open311.org/GeoReport_v2" == root.findtext("endpoints/endpoint/specification")
    assert ["text/xml", "application/json"] == [each.text for each in root.findall(".//formats/format")]


def test_services_and_their_definitions(office: Line) -> None:
    """Each category is one, and what the procedure requires is an attribute with a code (46)."""
    services = get(office, "v2/services.json", jurisdiction_id=CILACAP).json()
    by_code = {each["service_code"]: each for each in services}
    assert POST["service_code"] in by_code
    assert {"aduan"} < set(by_code)
    assert all(each["type"] == "realtime" and each["metadata"] is True for each in services)
    definition = get(office, "v2/services/aduan.json", jurisdiction_id=CILACAP).json()
    assert ["name", "address"] == [each["code"] for each in definition["attributes"]]
    assert [1, 2] == [each["order"] for each in definition["attributes"]]
    root = _xml(get(office, "v2/services/aduan.xml", jurisdiction_id=CILACAP).text)
    assert ("service_definition", "true") == (root.tag, root.findtext("attributes/attribute/required"))
    assert [] == get(office, "v2/services/aduan.json", jurisdiction_id=BANTUL).json()["attributes"]


def test_a_public_client_lists_and_follows_what_was_filed(office: Line) -> None:
    """From the filing to the answer: nothing before an office has looked, no name and no words of people, by days."""
    client = GeoReport(f"{office.address}/open311/v2", jurisdiction=CILACAP)
    assert POST["service_code"] in {each["service_code"] for each in client.get_service_list()}
    ticket = filed(office)
    projected(office)
    assert [] == client.get_service_requests()
    taken_up(office)
    [found] = client.get_service_requests(service_request_id=ticket)
    assert (ticket, "open", POST["service_code"]) == tuple(
        found[name] for name in ("service_request_id", "status", "service_code")
    )
    assert "Pekerjaan Umum" in found["agency_responsible"]
    assert found["requested_datetime"].endswith("T00:00:00+07:00")
    assert all(word not in str(found) for word in ("Siti", "siti", "Hanum", "berlubang"))
    assert [found] == client.get_service_requests(status="open", service_code=POST["service_code"])
    assert [] == client.get_service_requests(status="closed")
    xml = GeoReport(f"{office.address}/open311/v2", jurisdiction=CILACAP, output_format="xml")
    assert ticket == xml.get_service_requests(service_request_id=ticket)["service_request_id"]


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
    assert "Lokasi: Depan toko Makmur" in told["message"]
    assert -7.4 == complaint_of(office.history(second), keys[second])["location"]["lat"]


def test_a_post_that_is_repeated_is_one(office: Line) -> None:
    """By a program that did not wait; another's, and another complaint, are others (47)."""
    ticket = filed(office)
    assert ticket == filed(office)
    assert ticket != filed(office, api_key="kunci-uji-2")
    assert ticket != filed(office, description="Lampu jalan di Hanum mati.")
    assert 3 == len(office.dossiers())


def test_a_photo_comes_with_the_post(office: Line, photo: bytes) -> None:
    """As a form with files; what is no photo does not hold the complaint up."""
    files = {"media": ("jalan.jpg", photo, "image/jpeg"), "photo1": ("x.exe", b"MZ", "image/jpeg")}
    url = f"{office.address}/open311/v2/requests.xml"
    answer = requests.post(url, POST, files=files, timeout=30)
    assert answer.ok, answer.text
    ticket = _xml(answer.text).findtext("request/service_request_id")
    assert str(ticket).startswith("CLP-")
    assert ["ComplaintFiled", "FileAdded"] == office.types(office.dossiers()[0])


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
    ({"address_id": "Atlantis"}, 400),
    ({"attribute[address]": ""}, 400),
    ({"attribute[privacy]": "terserah"}, 400),
)


def test_a_wrong_post_is_told_what_is_wrong(office: Line) -> None:
    """With the standard's statuses, in both formats, and nothing is filed."""
    for changes, status in WRONG:
        assert (status, {status}) == codes(post(office, **changes)), changes
        answer = post(office, "xml", **changes)
        root = _xml(answer.text)
        assert (status, "errors", str(status)) == (answer.status_code, root.tag, root.findtext("error/code")), changes
        assert root.findtext("error/description")
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


QUESTIONS: Final[tuple[tuple[dict[str, str], int], ...]] = (
    ({"status": "resolved"}, 400),
    ({"status": "open,closed"}, 200),
    ({"start_date": "2026-10-01"}, 400),
    ({"start_date": "2026-10-01T00:00:00"}, 400),
    ({"start_date": "2026-10-01T00:00:00Z"}, 200),
    ({"start_date": "2026-10-01T00:00:00+07:00", "end_date": "2026-10-02T00:00:00Z"}, 200),
    ({"start_date": "2026-10-02T00:00:00Z", "end_date": "2026-10-01T00:00:00Z"}, 400),
    ({"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-10-01T00:00:00Z"}, 400),
    ({"start_date": "9999-12-31T00:00:00Z"}, 400),
    ({"page": "0"}, 400),
    ({"page_size": "1001"}, 400),
    ({"page": "2", "page_size": "10"}, 200),
    ({"service_code": "tidak-ada"}, 404),
    ({"service_code": "aduan,pekerjaan-umum-dan-penataan-ruang", "status": "", "unknown": "x"}, 200),
    ({"jurisdiction_id": "x.go.id"}, 404),
    ({"jurisdiction_id": ""}, 400),
    ({"service_request_id": ",".join(map(str, range(101)))}, 400),
)


def test_a_question_is_understood_or_refused(office: Line) -> None:
    """By the rules that programs trip over."""
    for query, status in QUESTIONS:
        answer = get(office, "v2/requests.json", **{"jurisdiction_id": CILACAP, **query})
        assert status == answer.status_code, query


def test_what_is_secret_and_what_is_not_there_are_alike(office: Line) -> None:
    """A secret, a fresh, another government's, one taken back and an unknown number: the same answer to all."""
    secret = filed(office, **{"attribute[privacy]": "secret"})
    taken_up(office)
    fresh = filed(office, description="Belum dilihat petugas sama sekali.")
    projected(office)
    shown = filed(office, description="Lampu jalan mati di depan pasar.")
    taken_up(office)
    answers = [
        get(office, f"v2/requests/{each}.json", jurisdiction_id=place)
        for each, place in ((secret, CILACAP), (fresh, CILACAP), (shown, BANTUL), ("CLP-2026-999999", CILACAP))
    ]
    assert {404} == {each.status_code for each in answers}
    assert 1 == len({each.text for each in answers})
    assert 200 == get(office, f"v2/requests/{shown}.json", jurisdiction_id=CILACAP).status_code
    listed = get(office, "v2/requests.json", jurisdiction_id=CILACAP).json()
    assert [shown] == [each["service_request_id"] for each in listed]


def test_pages_extensions_and_caches(office: Line) -> None:
    """The newest first, page by page; notes where they are asked for; an unchanged answer need not travel."""
    for number in range(3):
        office.later(hours=1)
        filed(office, description=f"Lubang nomor {number} di jalan utama.")
        taken_up(office)
    pages = [
        get(office, "v2/requests.json", jurisdiction_id=CILACAP, page=str(n), page_size="2").json() for n in (1, 2)
    ]
    numbers = [each["service_request_id"] for page in pages for each in page]
    assert [2, 1] == [len(page) for page in pages]
    assert sorted(numbers, reverse=True) == numbers
    found = get(office, f"v2/requests/{numbers[0]}.json", jurisdiction_id=CILACAP, extensions="true")
    assert ("open311", "received") == (
        found.json()[0]["extended_attributes"]["channel"],
        found.json()[0]["notes"][0]["type"],
    )
    assert ("*", "public, max-age=60") == (
        found.headers["Access-Control-Allow-Origin"],
        found.headers["Cache-Control"],
    )
    again = requests.get(found.url, headers={"If-None-Match": found.headers["ETag"]}, timeout=30)
    assert 304 == again.status_code
    office.later(days=100)
    assert [] == get(office, "v2/requests.json", jurisdiction_id=CILACAP).json()
    assert 1 == len(get(office, "v2/requests.json", jurisdiction_id=CILACAP, service_request_id=numbers[0]).json())


def test_other_addresses_are_nothing(office: Line) -> None:
    """Told in the standard's shape."""
    for what in ("v2/requests.csv", "v2/nothing.json", "v2", "", "v2/services/aduan", "v2/requests"):
        answer = get(office, what)
        code = answer.json()[0]["code"] if what.endswith(".json") else _xml(answer.text).findtext("error/code")
        assert (404, "404") == (answer.status_code, str(code)), what


def test_what_was_published_is_told_in_its_words(office: Line) -> None:
    """Not in the reporter's, and no more once they are erased."""
    ticket = filed(office)
    [dossier] = office.dossiers()
    office.act(dossier, "transfer", to="BBPJN", reason="Kewenangan balai")
    office.act(dossier, "answer", text="Kepada Ibu Siti: sudah kami tambal")
    writer, other = (Caller("cilacap", "coordinator", None, user) for user in ("juru", "ketua"))
    words = {"summary": "Jalan berlubang; sudah ditambal.", "public_answer": "Ditambal oleh balai."}
    done = act(office.runtime, writer, "cilacap", dossier, "write_summary", words, CAUSE)
    publish = {"summary_version": done.dossier.version}
    act(office.runtime, other, "cilacap", dossier, "publish_summary", publish, CAUSE)
    projected(office)
    [found] = get(office, f"v2/requests/{ticket}.json", jurisdiction_id=CILACAP).json()
    assert tuple(words.values()) == (found["description"], found["status_notes"])
    assert "Siti" not in str(found)

    admin = Caller(tenant="*", actor="admin", user="chief", admin=True).to_dict()
    office.house.ask("intake", "erase", tenant="cilacap", ticket=ticket, reason="asked", caller=admin)
    answer = get(office, f"v2/requests/{ticket}.json", jurisdiction_id=CILACAP)
    assert 404 == answer.status_code


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


def test_programs_do_not_post_without_end(office: Line) -> None:
    """Neither complaints nor guesses at keys: whoever does is told when to come back."""
    statuses = [post(office, api_key=f"tebakan-{number}").status_code for number in range(61)]
    assert ({403}, 429) == (set(statuses[:60]), statuses[60])
    assert 0 < int(post(office).headers["Retry-After"]) <= 60
