"""What has become of complaints, asked by programs that hold complaints of their own; and where a complaint may lie."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

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
    assert [f"{ticket}-answered"] == [each["update_id"] for each in found][:1]
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
    assert ("service_request_updates", f"{ticket}-answered") == (root.tag, root.findtext("request_update/update_id"))


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
