"""Open311 GeoReport v2, asked from outside as programs of others do."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import requests
from georeport import GeoReport

from services.routing.commands import act
from shared.base.caller import Caller
from tests.channels.by_open311 import (
    BANTUL,
    CAUSE,
    CILACAP,
    POST,
    filed,
    get,
    projected,
    taken_up,
    two_governments,
    xml_of,
)
from tests.channels.line import Line


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Line]:
    """An installation of two governments that answer programs."""
    with two_governments(database_url, tmp_path) as made:
        yield made


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
    root = xml_of(answer.text)
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
    root = xml_of(get(office, "v2/services/aduan.xml", jurisdiction_id=CILACAP).text)
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
        code = answer.json()[0]["code"] if what.endswith(".json") else xml_of(answer.text).findtext("error/code")
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
