"""What has become of complaints, asked by programs that hold complaints of their own; and where a complaint may lie."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
import requests

from tests.channels.by_open311 import (
    BANTUL,
    CILACAP,
    KEY,
    codes,
    filed,
    get,
    post,
    projected,
    taken_up,
    two_governments,
    xml_of,
)
from tests.channels.line import Line

FIELDS: Final = {"update_id", "service_request_id", "status", "description", "updated_datetime", "media_url"}
ASKED: Final = {"jurisdiction_id": CILACAP, "api_key": KEY}


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Line]:
    """An installation of two governments that answer programs; Cilacap tells what becomes of complaints."""
    with two_governments(database_url, tmp_path) as made:
        yield made


def test_changes_are_told_in_their_order_by_their_day(office: Line) -> None:
    """Once answered and once ended, without a name; within every span that touches the day, and in no other."""
    ticket = filed(office)
    secret = filed(office, description="Jangan diketahui siapa pun.", **{"attribute[privacy]": "secret"})
    taken_up(office)
    [first, _] = office.dossiers()
    office.act(first, "transfer", to="BBPJN", reason="Kewenangan balai")
    office.act(first, "answer", text="Kepada Ibu Siti: sudah kami tambal")
    projected(office)
    found = get(office, "v2/servicerequestupdates.json", **ASKED).json()
    day = found[0]["updated_datetime"][:10]
    assert [f"{ticket}-answered-{day}"] == [each["update_id"] for each in found][:1]
    assert all(set(each) == FIELDS for each in found)
    assert secret not in str(found)
    assert "Siti" not in str(found)

    today = datetime.fromisoformat(found[0]["updated_datetime"])
    hour = {
        "start_date": (today + timedelta(hours=9)).isoformat(),
        "end_date": (today + timedelta(hours=10)).isoformat(),
    }
    assert found == get(office, "v2/servicerequestupdates.json", **ASKED, **hour).json()
    before = {"start_date": (today - timedelta(days=9)).isoformat(), "end_date": (today - timedelta(1)).isoformat()}
    assert [] == get(office, "v2/servicerequestupdates.json", **ASKED, **before).json()
    after = {"start_date": (today + timedelta(days=1)).isoformat(), "end_date": (today + timedelta(days=2)).isoformat()}
    assert [] == get(office, "v2/servicerequestupdates.json", **ASKED, **after).json()

    root = xml_of(get(office, "v2/servicerequestupdates.xml", **ASKED).text)
    assert ("service_request_updates", f"{ticket}-answered-{day}") == (
        root.tag,
        root.findtext("request_update/update_id"),
    )


def test_what_happens_again_or_later_is_told_again(office: Line) -> None:
    """A second answer, a summary published after the end, an end after a reopening: each a change of its day."""
    ticket = filed(office)
    taken_up(office)
    first = office.runtime.clock.now()
    change = "UPDATE reporting.cases SET status = %s, answered_at = %s, last_answered_at = %s, ended_at = %s"
    office.rows(f"{change}, publication = NULL, publication_at = NULL", "closed", first, first, first)
    before = get(office, "v2/servicerequestupdates.json", **ASKED).json()
    days = [first + timedelta(days=each) for each in (3, 6, 9)]
    published = ", publication = 'published', publication_at = %s"
    office.rows(change + published, "closed", first, days[0], days[1], days[2])
    span = {"start_date": (first + timedelta(days=1)).isoformat(), "end_date": (first + timedelta(days=20)).isoformat()}
    after = get(office, "v2/servicerequestupdates.json", **ASKED, **span).json()
    latest = {"start_date": (days[2] - timedelta(hours=1)).isoformat(), "end_date": days[2].isoformat()}
    alone = get(office, "v2/servicerequestupdates.json", **ASKED, **latest).json()
    on = [each.astimezone(office.runtime.tenants.get("cilacap").zone).date() for each in (first, *days)]

    assert [f"{ticket}-answered-{on[0]}", f"{ticket}-closed-{on[0]}"] == [each["update_id"] for each in before]
    assert [
        (f"{ticket}-answered-{on[1]}", "IN_PROGRESS"),
        (f"{ticket}-closed-{on[2]}", "CLOSED"),
        (f"{ticket}-published-{on[3]}", "CLOSED"),
    ] == [(each["update_id"], each["status"]) for each in after]
    assert [f"{ticket}-published-{on[3]}"] == [each["update_id"] for each in alone]


def test_changes_are_told_however_many_there_are(office: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """Page after page is read, also past complaints that were erased; each is there once."""
    monkeypatch.setattr("portal.open311.updates._MOST", 2)
    tickets = [filed(office, description=f"Lampu jalan nomor {each} padam.") for each in range(5)]
    projected(office)
    now = office.runtime.clock.now()
    office.rows("UPDATE reporting.cases SET status = 'answered', answered_at = %s, last_answered_at = %s", now, now)
    office.rows("DELETE FROM vault.keys WHERE dossier = %s", str(office.dossiers()[-1]))
    found = get(office, "v2/servicerequestupdates.json", **ASKED).json()

    assert sorted(tickets[:-1]) == sorted(each["service_request_id"] for each in found)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"jurisdiction_id": CILACAP}, 403),
        ({"jurisdiction_id": CILACAP, "api_key": "kunci-bantul"}, 403),
        ({"jurisdiction_id": BANTUL, "api_key": "kunci-bantul"}, 404),
        ({**ASKED, "start_date": "kemarin"}, 400),
        ({**ASKED, "start_date": "0001-01-01T00:00:00Z"}, 400),
        ({**ASKED, "end_date": "0001-01-02T00:00:00+14:00"}, 400),
        ({**ASKED, "end_date": "9999-12-31T23:59:59Z"}, 400),
        ({**ASKED, "start_date": "9999-12-30T00:00:00Z", "end_date": "9999-12-31T23:59:59Z"}, 400),
        ({**ASKED, "start_date": "0001-01-01T00:00:00Z", "end_date": "9999-12-31T23:59:59Z"}, 400),
    ],
)
def test_who_is_told_of_changes(office: Line, query: dict[str, str], status: int) -> None:
    """A program with a key, of a government that wants it so."""
    assert status == get(office, "v2/servicerequestupdates.json", **query).status_code


def test_a_point_far_away_is_refused(office: Line) -> None:
    """Turned round, at sea, or in another province: told with what may help; 25 kilometres beyond are near enough."""
    for lat, long in (("-7.7", "109.0"), ("-7.95", "109.0"), ("-7.45", "109.6")):
        assert post(office, lat=lat, long=long).ok, (lat, long)
    for lat, long in (("0", "0"), ("-8.2", "109.0"), ("-7.45", "109.8"), ("-6.2", "106.8")):
        answer = post(office, lat=lat, long=long)
        assert (400, {400}) == codes(answer)
        assert "25 km" in answer.text
    elsewhere = {"jurisdiction_id": BANTUL, "api_key": "kunci-bantul", "service_code": "aduan"}
    assert post(office, **elsewhere, lat="-6.2", long="106.8").ok, "without an area all of Indonesia is near"
    assert 400 == post(office, **elsewhere, lat="51.5", long="-0.1").status_code


def test_a_program_adds_to_what_it_has_filed_and_to_nothing_else(office: Line) -> None:
    """Once for each of its ids, in both formats; another program's, and a number that is none, are told alike."""
    ticket = filed(office)
    taken_up(office)
    theirs = {**ASKED, "service_request_id": ticket, "update_id": "fms-7", "description": "Lubangnya makin dalam."}

    def tells(kind: str = "json", **changes: str) -> requests.Response:
        url = f"{office.address}/open311/v2/servicerequestupdates.{kind}"
        return requests.post(url, {**theirs, **changes}, timeout=30)

    assert [{"update_id": "fms-7"}] == tells().json()
    assert "fms-7" == xml_of(tells("xml").text).findtext("request_update/update_id")
    [dossier] = office.dossiers()
    assert (1, 0) == tuple(office.types(dossier).count(each) for each in ("Added", "AnswerDelivered"))
    assert [404, 404] == [
        tells(update_id="a", api_key="kunci-uji-2").status_code,
        tells(update_id="b", service_request_id="CLP-2026-999999").status_code,
    ]
    assert tells(update_id="a", api_key="kunci-uji-2").text == tells(service_request_id="CLP-2026-999999").text
    assert 403 == tells(api_key="salah").status_code
    assert 404 == tells(jurisdiction_id=BANTUL, api_key="kunci-bantul").status_code
    wrong = tells(update_id="", description="x" * 4001)
    assert (400, 2) == (wrong.status_code, len(wrong.json()))
    again = tells(description="Sekarang dua lubang.")
    assert (400, "update_id") == (again.status_code, again.json()[0]["description"].partition(":")[0])
    assert tells(update_id="fms-8").ok
    half = {"update_id": "fms-9\ud83d", "description": "Sudah setengah\udcff"}
    assert requests.post(f"{office.address}/open311/v2/servicerequestupdates.json", json=theirs | half, timeout=30).ok
    assert 3 == office.types(dossier).count("Added")
