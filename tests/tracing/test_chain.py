"""From the request to the letter, through two processes and a broker: one trace, and nobody's name in it."""

from pathlib import Path
from uuid import uuid4

import pytest

from tests.fixtures.waiting import eventually
from tests.journey.installation import officer
from tests.processes.cluster import FEW, cluster
from tests.tracing.receiver import Receiver, Told, receiving

pytestmark = pytest.mark.process

PLANTED = ("Sulastri", "Wijayakusuma", "08123456789", "sulastri@warga.example", "Jembatan gantung", "catatan rahasia")
SERVER, CLIENT, CONSUMER = 2, 3, 5


def _events(spans: list[Told]) -> set[str]:
    return {each.name for each in spans if "aduan.event" in each.attributes}


def _spans(receiver: Receiver, request: str) -> list[Told]:
    return receiver.spans(request.replace("-", ""))


def _heard_of(receiver: Receiver, request: str, *events: str) -> None:
    eventually(lambda: set(events) <= _events(_spans(receiver, request)), within=60, what=f"the spans of {events}")


def test_a_request_is_followed_to_the_letter(database_url: str, broker_url: str, tmp_path: Path) -> None:
    """The filing; then the officer's decision, until its letter has gone. Every span hangs on one that was sent too."""
    filing, deciding = str(uuid4()), str(uuid4())
    with receiving() as receiver:
        with cluster(database_url, broker_url, tmp_path, FEW, ADUAN_TRACES_URL=receiver.address) as running:
            complaint = {
                "reporter": {
                    "name": "Sulastri Wijayakusuma",
                    "phone": "08123456789",
                    "email": "sulastri@warga.example",
                },
                "message": "Jembatan gantung putus",
            }
            # A stranger's own trace is not believed: it could be anybody's number.
            headers = {"X-Request-ID": filing, "traceparent": "00-33010123456789013301012345678901-00000000000000aa-01"}
            receipt = running.api.ok("POST", "/cilacap/complaints", json=complaint, headers=headers)
            _heard_of(receiver, filing, "ComplaintFiled")
            who = officer("cilacap", "coordinator")
            asked = {"action": "return", "reason": "catatan rahasia"}
            path = f"/cilacap/dossiers/{receipt['id']}/actions"
            running.api.ok("POST", path, who, json=asked, headers={"X-Request-ID": deciding})
            _heard_of(receiver, deciding, "Returned", "NoticeDelivered")
        # What was not sent before was sent at the end.
        filed, decided = (_spans(receiver, each) for each in (filing, deciding))
    by_id = {each.id: each for each in (*filed, *decided)}
    [root] = [each for each in filed if not each.parent]
    names = {each.name: each for each in decided}

    assert ("POST /api/v1/<tenant>/complaints", SERVER) == (root.name, root.kind)
    assert 201 == root.attributes["http.response.status_code"]
    assert [] == [each for each in by_id.values() if each.parent and each.parent not in by_id]
    assert {"aduan.portal+intake", "aduan.routing+sla+notify+reporting"} == {each.process for each in decided}
    assert {SERVER, CLIENT} <= {each.kind for each in decided if each.name == "routing.act"}
    assert ("routing.act", "Returned") == tuple(
        by_id[names[name].parent].name for name in ("Returned", "NoticeDelivered")
    )
    sent = b"".join(receiver.bodies).decode("utf-8", "replace")
    assert [] == [word for word in (*PLANTED, receipt["ticket"], receipt["id"], "3301012345678901") if word in sent]
