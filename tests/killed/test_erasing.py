"""``aduan erase``, ``retention`` and ``key gone`` are killed on their way: said again, nothing of it is left."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from services.intake.receipts import Receipt
from services.reporting.projection import RecapProjection
from shared.application.dossiers.codec import decode
from shared.application.files.keeping import place_of
from shared.platform.settings import PROJECT
from shared.store.projection.runner import apply_batch
from tests.cli.command import settings_of
from tests.fixtures.office import Office
from tests.killed.dying import Ran, ended_well, killed_on_its_way, run

T = "cilacap"
_FILENODE = "SELECT pg_relation_filenode('vault.keys')"


@pytest.fixture
def office(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An installation some years ago, with a folder for letters, one for files, and the settings of commands on it."""
    opened = Office(database_url, datetime.fromisoformat("2021-03-01T08:00:00+07:00"))
    shutil.copytree(PROJECT / "tenants", tmp_path / "tenants")
    (tmp_path / "tenants" / T / "retention.yaml").write_text("classes:\n  - {id: semua, years: 2}\n")
    own = {
        "ADUAN_TENANTS_DIR": str(tmp_path / "tenants"),
        "ADUAN_DATA_DIR": str(tmp_path),
        "ADUAN_FILES_URL": (tmp_path / "files").as_uri(),
    }
    for name, value in {**settings_of(opened), **own}.items():
        monkeypatch.setenv(name, value)
    yield opened
    opened.close()


def _withdrawn(office: Office, folder: Path) -> Receipt:
    """A complaint that is over, with a letter in the outbox and a file."""
    receipt = office.file(T, message="Jalan rusak di Hanum")
    office.say(receipt, "withdraw", reason="Sudah selesai")
    letter = folder / "outbox" / f"20210301T010000Z-{receipt.ticket}-001-reporter-complaint_filed.eml"
    file = folder / "files" / place_of(T, receipt.id) / "one"
    for place in (letter, file):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("sealed")
    return receipt


def _copy_without(office: Office, receipt: Receipt, folder: Path) -> Path:
    """A copy of the keys that was made when a dossier had been erased, of which the database knows nothing now."""
    keys = office.rows("SELECT dossier FROM vault.keys WHERE dossier <> %s", receipt.id)
    copy = folder / "keys"
    copy.write_text("".join(["aduan keys 1 2100-01-01T00:00:00+00:00\n", *(f"{key}\t00\tone\n" for (key,) in keys)]))
    return copy


def _left(folder: Path) -> list[str]:
    places = [*(folder / "outbox").iterdir(), *(folder / "files").rglob("*")]
    return [each.name for each in places if each.is_file()]


@pytest.mark.parametrize("command", ["erase", "retention", "key gone"])
def test_an_erasure_is_finished_by_the_next_run(office: Office, tmp_path: Path, command: str, times: int) -> None:
    """Neither the key nor a letter nor a file stays, whichever step was the last of the run before; others stay."""

    def erasing(receipt: Receipt) -> list[str]:
        if command == "key gone":
            return ["key", "gone", str(_copy_without(office, receipt, tmp_path)), "--reason", "order", "--yes"]
        asked = ["erase", receipt.ticket, "--reason", "asked"]
        return [*(asked if command == "erase" else ["retention", "--apply"]), "--tenant", T, "--yes"]

    first = _withdrawn(office, tmp_path)
    apply_batch(office.runtime.database, RecapProjection(), decode, office.news())
    at_once = run(*erasing(first))
    kept = office.file(T)
    second = _withdrawn(office, tmp_path)
    apply_batch(office.runtime.database, RecapProjection(), decode, office.news())
    runs: list[Ran] = []
    tables = []
    for each in killed_on_its_way(erasing(second), len(at_once.steps), times):
        assert not office.load(kept.id).erased
        runs.append(each)
        tables.append(office.rows(_FILENODE))
        apply_batch(office.runtime.database, RecapProjection(), decode, office.news())

    assert (0, True) == (at_once.status, ended_well(runs)), runs[-1].said
    assert [True, True, False] == [office.load(each.id).erased for each in (first, second, kept)]
    assert [] == _left(tmp_path)
    assert {kept.id} == {dossier for (dossier,) in office.rows("SELECT dossier FROM vault.keys")}
    assert tables[-2] != tables[-1], "the last run has not written the table of keys anew"
