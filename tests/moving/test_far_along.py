"""An office whose log goes on behind five billion positions: nothing of ours counts places in 32 bits."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.commands import aduan
from cli.failures import told
from services.reporting.search import search
from shared.application.bootstrap import bootstrap
from shared.application.identity.membership import administrator
from shared.application.moving import copying
from shared.base.services import SERVICES
from shared.platform.secret import new_secret
from shared.platform.settings import Settings
from shared.store.eventstore.checkpoints.signed import public_text, signing_key
from shared.store.projection.lag import caught_up, wait_until
from tests.fixtures.office import Office
from tests.fixtures.postgres import execute
from tests.moving.conftest import FOLLOWED, Pair

FAR = 5_000_000_000
T = "cilacap"
KEY = new_secret()
pytestmark = pytest.mark.process


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """An installation of which most was moved away, or that has moved here."""
    execute(database_url, f"SELECT setval('eventstore.position', {FAR})")
    opened = Office(database_url)
    yield opened
    opened.close()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The batches in which a log is copied: not many, since positions that are nobody's cost none."""
    batches: list[str] = []
    held = copying._held

    def counted(source: Any, statement: Any) -> Any:
        batches.append(str(statement))
        assert len(batches) < 1000
        return held(source, statement)

    monkeypatch.setattr(copying, "_held", counted)
    return batches


def _answered(office: Office) -> str:
    """A complaint from its filing to its end; its ticket."""
    receipt = office.file(T)
    office.act(receipt, "coordinator", "dispose", agency="dpupr")
    for actor in ("operator", "liaison", "head", "liaison"):
        office.act(receipt, actor, "forward")
    office.act(receipt, "operator", "answer", text="Jalan sudah ditambal.")
    office.run_system(receipt)
    assert receipt.position > FAR
    assert "Answered" in office.types(receipt.id)
    return receipt.ticket


def test_everything_goes_on_behind_five_billion_positions(
    pair: Pair, patient: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Filing, disposing and answering; a rebuild of all tables by several processes, an audit, a signed checkpoint that
    an outsider verifies; a government that moves, and the next complaint there.
    """
    office = pair.office
    answered = _answered(office)
    office.news()
    monkeypatch.setenv("ADUAN_CHECKPOINT_KEY", KEY)
    public = public_text(signing_key(KEY).public_key())
    export, carried = str(tmp_path / "hashes.gz"), str(tmp_path / "carried")
    statuses = {
        " ".join(words[:2]): told(aduan, words)
        for words in (
            ["rebuild", "all"],
            ["audit", "verify"],
            ["checkpoint", "make", "--append", carried],
            ["checkpoint", "export", "--output", export],
            ["checkpoint", "verify", "--public-key", public],
        )
    }
    outside = ["checkpoint", "verify", "--log", export, "--checkpoints", carried, "--public-key", public]
    last = office.rows("SELECT max(position) FROM eventstore.events")[0][0]
    with office.runtime.database.autocommit() as cursor:
        whole = caught_up(cursor, SERVICES)
    found = search(office.runtime, administrator("root"), T, {"ticket": answered})["items"]

    assert dict.fromkeys(statuses, 0) == statuses
    assert 0 == told(aduan, outside)
    assert last > FAR
    assert whole
    assert wait_until(office.runtime.database, SERVICES, last, 0)
    assert [answered] == [each["ticket"] for each in found]

    pair.rows(pair.former, FOLLOWED, list(SERVICES))
    pair.stopped()
    capsys.readouterr()
    assert 0 == pair.run(tenant=T), capsys.readouterr().err
    assert 0 == pair.run("--finish", tenant=T), capsys.readouterr().err
    there = Settings.from_environment(
        {
            "ADUAN_DATABASE_URL": pair.other,
            "ADUAN_MASTER_KEY": office.runtime.settings.master_key,
            "ADUAN_BROKER_URL": "memory://",
            "ADUAN_TENANTS": T,
        }
    )
    here = office.runtime
    office.runtime = bootstrap(there, clock=office.time)
    try:
        following = office.file(T)
        kept = office.load(office.rows("SELECT dossier FROM intake.tickets WHERE ticket = %s", answered)[0][0])
    finally:
        office.runtime.database.close()
        office.runtime = here

    assert following.position > last
    assert answered == kept.ticket
