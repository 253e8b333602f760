"""The compose file's topology walks the first complaint the whole way, with real time."""

from contextlib import closing

import psycopg2
import pytest

from tests.fixtures.waiting import eventually, patience
from tests.journey.installation import officer
from tests.journey.test_cilacap import COMPLAINT, COORDINATOR, HEAD, LIAISON, OPERATOR, T
from tests.processes.conftest import Running

pytestmark = pytest.mark.process


@pytest.mark.parametrize("form", ["running", "few"])
def test_a_complaint_from_filing_to_delivery(request: pytest.FixtureRequest, form: str) -> None:
    """The whole journey by the API, with every service in a process of its own, two of routing; and in few."""
    everything: Running = request.getfixturevalue(form)
    api = everything.cluster.api
    receipt = api.file(T, **COMPLAINT)
    dossier = receipt["id"]
    for who, action, fields in (
        (COORDINATOR, "dispose", {"agency": "dinkes"}),
        (officer(T, "operator", "dinkes"), "return", {"reason": "Bukan kewenangan kami"}),
        (COORDINATOR, "dispose", {"agency": "dpupr"}),
        (OPERATOR, "forward", {}),
        (LIAISON, "forward", {}),
        (HEAD, "forward", {"response": "Ditambal pekan ini"}),
        (LIAISON, "forward", {"response": "Ditambal pekan ini"}),
        (OPERATOR, "answer", {"text": "Jalan ditambal pekan ini."}),
    ):
        answer = api.act(who, dossier, action, **fields)
        assert answer.ok, answer.text
        position = answer.json()["position"]

    assert "answered" == api.track(T, receipt)["status"]
    assert [] == api.tasks(OPERATOR, dossier, actor="operator", min_position=position)
    eventually(
        lambda: "AnswerDelivered" in [entry["event"] for entry in api.dossier(T, dossier)["timeline"]],
        within=20,
        what="the answer delivered",
    )


@pytest.mark.parametrize(
    ("form", "logins"),
    [
        ("running", {f"aduan_{name}" for name in ("intake", "routing", "sla", "notify", "reporting", "portal")}),
        ("few", {"aduan_front", "aduan_back"}),
    ],
)
def test_every_process_is_its_own_login(request: pytest.FixtureRequest, form: str, logins: set[str]) -> None:
    """None works under another's, and none has met anything that it may not do."""
    everything: Running = request.getfixturevalue(form)
    with closing(psycopg2.connect(everything.cluster.database_url)) as session, session.cursor() as cursor:
        cursor.execute("SELECT DISTINCT usename FROM pg_stat_activity WHERE usename LIKE 'aduan_%'")

        assert logins == {name for (name,) in cursor.fetchall()}
    assert [] == [each.name for each in everything.cluster.members if "permission denied" in each.said()]


@pytest.mark.parametrize("form", ["running", "few"])
def test_every_process_tells_how_it_is(request: pytest.FixtureRequest, form: str) -> None:
    """/healthz and /readyz of every process, and metrics to watch."""
    import requests

    everything: Running = request.getfixturevalue(form)
    for member in everything.cluster.members:
        for page in ("healthz", "readyz", "metrics"):
            assert 200 == requests.get(f"http://127.0.0.1:{member.port}/{page}", timeout=patience(30)).status_code, (
                member.name,
                page,
            )
