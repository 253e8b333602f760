"""A portal and an intake as processes: what they say of themselves, and of a request, can be relied on."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
import requests

from benchmarks.complaints import TENANT, complaints
from shared.platform.secret import new_secret
from tests.fixtures.waiting import free_ports
from tests.processes.cluster import READY_SECONDS, Member

pytestmark = [pytest.mark.slow, pytest.mark.process]


@pytest.fixture
def pair(database_url: str, broker_url: str, tmp_path: Path) -> Iterator[dict[str, Member]]:
    """A portal and an intake, not started."""
    common = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ADUAN_")},
        "ADUAN_DATABASE_URL": database_url,
        "ADUAN_BROKER_URL": broker_url,
        "ADUAN_MASTER_KEY": new_secret(),
        "ADUAN_DATA_DIR": str(tmp_path),
        "ADUAN_RPC_TIMEOUT_S": "3",
    }
    members = {}
    for name, variable, port in zip(
        ("portal", "intake"), ("ADUAN_PORTAL_PORT", "ADUAN_HEALTH_PORT"), free_ports(2), strict=True
    ):
        command = [sys.executable, "-m", "cli.main", "serve", name]
        members[name] = Member(name, port, command, {**common, variable: str(port)}, tmp_path / f"{name}.log")
    yield members
    for member in members.values():
        member.tell(signal.SIGTERM)
    for member in members.values():
        if member.process is not None:
            member.left()


@pytest.mark.parametrize("order", ["portal, intake", "intake, portal", "both"])
def test_the_first_complaint_after_both_are_ready_is_taken(pair: dict[str, Member], order: str) -> None:
    """Until then a complaint is taken or refused and not filed; one that is sent again was never filed unheard."""
    names = ["portal", "intake"] if order == "both" else order.split(", ")
    for name in names:
        pair[name].start()
        if order != "both" and name == names[0]:
            _until_ready(pair[name])
    address = f"http://127.0.0.1:{pair['portal'].port}/api/v1/{TENANT}/complaints"
    early, late = complaints(2)
    said: list[int] = []
    deadline = time.monotonic() + READY_SECONDS
    while not all(member.ready() for member in pair.values()):
        assert time.monotonic() < deadline, "".join(member.tail() for member in pair.values())
        if 201 not in said:
            said.append(_file(address, early))
    first = _file(address, late)
    said.append(_file(address, early))

    assert 201 == first
    assert {0, 503} >= set(said[: said.index(201)])
    assert [200] * (len(said) - said.index(201) - 1) == said[said.index(201) + 1 :]


def test_a_filing_that_nobody_answered_is_filed_once(pair: dict[str, Member], database_url: str) -> None:
    """While intake stands still a filing is told to be unknown; sent again with its key it is filed once, or was."""
    for member in pair.values():
        member.start()
    for member in pair.values():
        _until_ready(member)
    address = f"http://127.0.0.1:{pair['portal'].port}/api/v1/{TENANT}/complaints"
    complaint = {"message": "Jalan rusak"}
    warm = requests.post(address, json=complaint, timeout=10)
    pair["intake"].tell(signal.SIGSTOP)
    with ThreadPoolExecutor(3) as pool:
        unknown = list(pool.map(lambda _: requests.post(address, json=complaint, timeout=10), range(3)))
    pair["intake"].tell(signal.SIGCONT)
    _until_ready(pair["intake"])
    keys = [answer.headers["Idempotency-Key"] for answer in unknown]
    filed = _filed(database_url)
    again = [
        requests.post(address, json=complaint, headers={"Idempotency-Key": key}, timeout=10)
        for key in keys
        for _ in "12"
    ]

    assert 201 == warm.status_code
    assert [(503, "outcome_unknown")] * 3 == [(answer.status_code, answer.json()["code"]) for answer in unknown]
    assert 1 == filed
    assert [201] * 6 == [answer.status_code for answer in again]
    assert again[0].json() == again[1].json()
    assert 4 == _filed(database_url)


def test_at_the_most_talkative_level_nothing_personal_is_logged(pair: dict[str, Member]) -> None:
    """Whatever the libraries tell at DEBUG: no name, text, number or code of what is filed, followed or refused."""
    for member in pair.values():
        member.environment["ADUAN_LOG_LEVEL"] = "DEBUG"
        member.start()
    for member in pair.values():
        _until_ready(member)
    root = f"http://127.0.0.1:{pair['portal'].port}/api/v1/{TENANT}/complaints"
    words = ["Rahayuningsih", "081298765432", "Kalibening", "warga.example", "3301012345670001"]
    reporter = dict(zip(("name", "phone", "address", "email", "identity"), words, strict=True))
    reporter["email"] = f"siti@{words[3]}"
    filed = requests.post(root, json={"message": "Lubang besar sekali", "reporter": reporter}, timeout=10).json()
    page = f"{root}/{filed['ticket']}"
    code = filed["tracking_code"]
    said = [
        requests.get(f"{page}?code={code}", timeout=10),
        requests.get(f"{page}?code=SALAH23456", timeout=10),
        requests.post(f"{page}/rate?code={code}", json={"score": 5, "comment": "Bagus Sekali Kerjanya"}, timeout=10),
        requests.post(f"{page}/withdraw?code={code}", json={"reason": "Sudah Ditambal"}, timeout=10),
        requests.post(root, json={"message": "x", "Rahayuningsih 081298765432": "x"}, timeout=10),
        requests.post(root, json={"message": 7, "reporter": {"name": ["Rahayuningsih"]}}, timeout=10),
    ]
    secrets = [*words, code, "SALAH23456", "Lubang", "Bagus Sekali", "Ditambal"]
    logs = {name: member.said() for name, member in pair.items()}

    assert [200, 404, 409, 200, 422, 422] == [answer.status_code for answer in said]
    assert all('"DEBUG"' in log for log in logs.values())
    assert [] == [(name, word) for name, log in logs.items() for word in secrets if word in log]
    assert not any(word in answer.text for answer in said[4:] for word in words)


def _filed(database_url: str) -> int:
    with closing(psycopg2.connect(database_url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM eventstore.events WHERE type = 'ComplaintFiled'")
        [(count,)] = cursor.fetchall()
    return int(count)


def _file(address: str, complaint: dict[str, object]) -> int:
    try:
        return requests.post(address, json=complaint, timeout=10).status_code
    except requests.ConnectionError:
        time.sleep(0.05)
        return 0  # does not listen yet


def _until_ready(member: Member) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not member.ready():
        assert time.monotonic() < deadline, member.tail()
        time.sleep(0.05)
