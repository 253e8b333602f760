"""Open311 GeoReport v2, asked from outside as programs of others do."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest
import requests
from civicbot import Endpoint, HttpError, HttpTransport, Open311Client, ValidationError
from civicbot.http import RateLimiter
from flask import Flask
from georeport import GeoReport

from portal.parts import EXTENSION as PARTS
from portal.parts import HOMES
from services.routing.commands import act
from shared.base.caller import Caller
from shared.domain.all_tenants import Tenants
from shared.domain.dossier.clocks import clocks_of
from shared.domain.dossier.promise import CASE
from shared.domain.procedures import ApprovedSop, Procedures
from tests.channels.by_open311 import (
    BANTUL,
    CAUSE,
    CILACAP,
    KEY,
    POST,
    filed,
    get,
    post,
    projected,
    taken_up,
    two_governments,
    xml_of,
)
from tests.channels.line import Line
from tests.fixtures.postgres import fresh_database
from tests.pages.procedures import new_version


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


def test_a_new_version_of_a_procedure_changes_the_changeset(office: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """From when it counts, also where it was approved in the browser and stands in no file."""
    before = get(office, "discovery.json").json()["changeset"]
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).replace(microsecond=0)
    approved = ApprovedSop(9, new_version("cilacap", 9), tomorrow)
    known = office.app.extensions[PARTS]
    tenants = office.runtime.tenants
    for in_force in (0, 9):
        procedures = Procedures((approved,), in_force)
        home = Tenants(tenants.directory, procedures=lambda _, found=procedures: found)  # type: ignore[misc]
        runtime = replace(known.runtime, tenants=home)
        monkeypatch.setitem(office.app.extensions, PARTS, replace(known, runtime=runtime))
        after = get(office, "discovery.json").json()
        changed = before if in_force == 0 else tomorrow.isoformat().replace("+00:00", "Z")
        assert (changed, changed) == (after["changeset"], after["endpoints"][0]["changeset"])


def test_services_and_their_definitions(office: Line) -> None:
    """Each category is one, and what the procedure requires is an attribute with a code (46)."""
    services = get(office, "v2/services.json", jurisdiction_id=CILACAP).json()
    by_code = {each["service_code"]: each for each in services}
    assert POST["service_code"] in by_code
    assert {"aduan"} < set(by_code)
    assert all(each["type"] == "realtime" and each["metadata"] is True for each in services)
    told = {each["service_name"].lower(): each["keywords"] for each in services}
    assert ("perhubungan", None) == (told["perhubungan"], told["aduan lain"])  # without rules its own name
    ruled = [each["keywords"] for each in get(office, "v2/services.json", jurisdiction_id=BANTUL).json()]
    roads = next(each.split(", ") for each in ruled if each and "jalan rusak" in each)
    assert (12, "jalan berlubang") == (len(roads), roads[1])
    definition = get(office, "v2/services/aduan.json", jurisdiction_id=CILACAP).json()
    assert ["name", "address"] == [each["code"] for each in definition["attributes"]]
    assert [1, 2] == [each["order"] for each in definition["attributes"]]
    root = xml_of(get(office, "v2/services/aduan.xml", jurisdiction_id=CILACAP).text)
    assert ("service_definition", "true") == (root.tag, root.findtext("attributes/attribute/required"))
    assert [] == get(office, "v2/services/aduan.json", jurisdiction_id=BANTUL).json()["attributes"]


def test_a_public_client_files_lists_and_follows(office: Line) -> None:
    """What it finds among the services, checks by the definition and posts is found again by its number."""
    at = Endpoint("cilacap", "Cilacap", f"{office.address}/open311/v2", write=True)
    patient = HttpTransport(rate_limiter=RateLimiter(0), timeout=30)
    client = Open311Client(at, patient, jurisdiction_id=CILACAP)
    known = {
        "service_code": POST["service_code"],
        "validate_remote": True,
        "description": POST["description"],
        "address_string": POST["address_string"],
        "email": POST["email"],
    }
    sent = {"dry_run": False, "confirm": "SEND", "api_key": KEY}
    with pytest.raises(ValidationError, match=r"required attribute 'name'.*'address'"):
        client.create_request(**known, **sent)
    told = {"name": "Siti Rahayu", "address": "RT 02 RW 01 Hanum"}
    with pytest.raises(HttpError) as refused:
        client.create_request(**known, attributes=told, **{**sent, "api_key": "salah"})
    assert 403 == refused.value.status
    [made] = client.create_request(**known, attributes=told, **sent).response
    ticket = made["service_request_id"]
    taken_up(office)
    projected(office)
    assert [ticket] == [each["service_request_id"] for each in client.list_requests(status="open")]
    found = client.get_request(ticket)
    assert found is not None
    assert (ticket, "open", POST["service_code"]) == tuple(
        found[name] for name in ("service_request_id", "status", "service_code")
    )


def test_another_public_client_follows_in_both_formats(office: Line) -> None:
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
    [case] = [each for each in clocks_of(office.history(office.dossiers()[-1])) if each.target == CASE]
    assert f"{case.due_at.astimezone(ZoneInfo('Asia/Jakarta')):%Y-%m-%dT00:00:00+07:00}" == found["expected_datetime"]
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
    ({"start_date": "2026-10-01T00:00:00.1234567Z"}, 200),
    ({"start_date": "2026-02-30T00:00:00Z"}, 400),
    ({"start_date": "kemarin"}, 400),
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
    ({"status": "OPEN"}, 200),
    ({"service_request_id": "1", "status": "resolved", "service_code": "tidak-ada", "start_date": "kemarin"}, 200),
)


def test_a_question_is_understood_or_refused(office: Line) -> None:
    """By the rules that programs trip over."""
    for query, status in QUESTIONS:
        answer = get(office, "v2/requests.json", **{"jurisdiction_id": CILACAP, **query})
        assert status == answer.status_code, query
    days = ("2026-02-30T00:00:00+07:00", "0001-01-01T00:00:00Z", "2026-10-01", "2026-10-01T00:00:00")
    told = [get(office, "v2/requests.json", jurisdiction_id=CILACAP, end_date=day).text for day in days]
    assert [False, False, True, True] == ["selisih zona waktu" in each for each in told]


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


def test_what_nobody_does_there_is_refused_in_the_standards_shape(office: Line) -> None:
    """400, as everything that is neither unknown nor without a key."""
    for method, what in product(("PUT", "PATCH", "DELETE"), ("v2/requests.json", "v2/requests/CLP-2026-000001.json")):
        answer = requests.request(method, f"{office.address}/open311/{what}", timeout=30)
        assert (400, 400) == (answer.status_code, answer.json()[0]["code"]), (method, what)


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


@dataclass
class _DatabaseOf:
    """Where the governments of one database lie."""

    app: Flask
    fit: bool = True


def test_a_government_of_another_database_is_served_alike(
    postgres_url: str, migrated_template: str, tmp_path: Path
) -> None:
    """One address for all: each complaint lies in its own database, and one that is away takes no other with it."""
    with ExitStack() as opened:
        lines = []
        for tenant in ("bantul", "cilacap"):
            url = opened.enter_context(contextmanager(fresh_database)(postgres_url, migrated_template))
            folder = tmp_path / tenant
            folder.mkdir()
            lines.append(opened.enter_context(two_governments(url, folder, [tenant])))
        first, second = lines
        homes = [_DatabaseOf(first.app), _DatabaseOf(second.app)]
        first.app.extensions[HOMES] = tuple(homes)
        ours = {"jurisdiction_id": BANTUL, "api_key": "kunci-bantul", "service_code": "aduan"}
        ticket = filed(first)
        again = filed(first)
        filed(first, **ours)
        taken_up(second)
        nobody = get(first, "v2/services.json")
        listed = get(first, "v2/requests.json", jurisdiction_id=CILACAP).json()
        one = get(first, f"v2/requests/{ticket}.json", jurisdiction_id=CILACAP).json()
        held = [len(each.dossiers()) for each in lines]
        homes[1].fit = False
        away = get(first, f"v2/requests/{ticket}.json", jurisdiction_id=CILACAP)
        statuses = [post(first, **ours).status_code, post(first).status_code]

    assert ticket == again
    assert [1, 1] == held
    assert [ticket] == [each["service_request_id"] for each in listed] == [each["service_request_id"] for each in one]
    assert all(each in nobody.text for each in (CILACAP, BANTUL))
    assert (503, [200, 503]) == (away.status_code, statuses)
