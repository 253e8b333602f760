"""``aduan retention``: what need not be kept any longer is listed, and erased when that is wanted."""

import io
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cli.commands import aduan
from cli.doors import ask
from cli.failures import told
from services.intake.receipts import Receipt
from services.reporting import retention
from services.reporting.projection import RecapProjection
from shared.application.dossiers.codec import decode
from shared.application.runtime import Runtime
from shared.base.errors import Unavailable
from shared.base.services import ServiceName
from shared.domain.retention import RetentionClass, load_retention
from shared.platform.settings import PROJECT
from shared.store.projection.runner import apply_batch
from shared.wording.yaml_lines import FileError
from tests.cli.command import settings_of
from tests.fixtures.office import Office

T = "cilacap"
TABLE = """
classes:
  - {id: pertanyaan, years: 1, classifications: [question]}
  - {id: kesehatan, years: 90, categories: [Kesehatan]}
  - {id: lain, years: 2}
"""
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """An installation some years ago."""
    opened = Office(database_url, datetime.fromisoformat("2021-03-01T08:00:00+07:00"))
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The governments' files, with a table for one of them."""
    shutil.copytree(PROJECT / "tenants", tmp_path / "tenants")
    (tmp_path / "tenants" / T / "retention.yaml").write_text(TABLE)
    return tmp_path / "tenants"


@pytest.fixture
def run(office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command; its status and its words."""
    for name, value in {**settings_of(office), "ADUAN_TENANTS_DIR": str(folder), "ADUAN_DATA_DIR": str(folder)}.items():
        monkeypatch.setenv(name, value)

    def ran(*arguments: str, tenant: str = T) -> tuple[int, str]:
        status = told(aduan, ["retention", "--tenant", tenant, *arguments])
        said = capsys.readouterr()
        return status, said.out + said.err

    return ran


def _withdrawn(office: Office, **fields: str) -> Receipt:
    receipt = office.file(T, message="Jalan rusak di Hanum", **fields)
    office.say(receipt, "withdraw", reason="Sudah selesai")
    return receipt


def _project(office: Office) -> None:
    apply_batch(office.runtime.database, RecapProjection(), decode, office.news())


def test_destroyed_keys_are_swept_also_when_nothing_is_left(office: Office, run: Run) -> None:
    """A run that was stopped is finished by the next: the table of keys is written anew, without what is dead."""
    _withdrawn(office)
    _project(office)
    file = "SELECT pg_relation_filenode('vault.keys')"
    before = office.rows(file)

    assert 0 == run()[0]
    assert before == office.rows(file)
    assert 0 == run("--apply", "--yes")[0]
    assert before != office.rows(file)


@pytest.mark.parametrize("page", [1, 3, retention.PAGE])
def test_what_is_over_is_listed_and_erased(
    office: Office, run: Run, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    """By its class; what is open, kept longer, or erased already is left alone. It may be run again.

    However many complaints there are: they are gone through by pages.
    """
    monkeypatch.setattr(retention, "PAGE", page)
    over, kept, still_open = _withdrawn(office), _withdrawn(office, category="KESEHATAN"), office.file(T)
    _project(office)

    status, said = run()
    assert (0, 1) == (status, said.count("over since 2023-03-01"))
    assert f"{over.ticket}  lain (2 years)  ended 2021-03-01" in said
    assert "1 complaints need not be kept; nothing was changed" in said
    assert (0, "") == run("--erased")
    status, said = run("--apply", "--yes")
    assert (0, True) == (status, "1 complaints are erased" in said)
    _project(office)

    assert [True, False, False] == [office.load(each.id).erased for each in (over, kept, still_open)]
    assert (0, True) == ((ran := run("--apply", "--yes"))[0], "0 complaints need not be kept" in ran[1])
    status, said = run("--erased")
    assert (0, [over.ticket]) == (status, [line.split()[0] for line in said.splitlines()])
    assert "retention" in said


def test_no_other_is_erased_before_the_last_is_done(office: Office, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The letters of one could not be removed: the run ends with that, and the next begins with it."""
    receipts = [_withdrawn(office) for _ in range(2)]
    _project(office)
    forgotten: list[str] = []

    def away(runtime: Runtime, service: ServiceName, method: str, **asked: Any) -> Any:
        if method == "forget":
            forgotten.append(asked["dossier_id"])
            if len(forgotten) == 1:
                raise Unavailable("database_unavailable")
        return ask(runtime, service, method, **asked)

    monkeypatch.setattr("cli.erasing.ask", away)
    status, _ = run("--apply", "--yes")
    erased = [office.load(each.id).erased for each in receipts]
    _project(office)
    again, _ = run("--apply", "--yes")

    assert (True, 1, 0) == (status != 0, sum(erased), again)
    assert 2 == sum(office.load(each.id).erased for each in receipts)
    assert (forgotten[0], 2) == (forgotten[1], len(set(forgotten)))


def test_without_a_table_everything_is_kept(office: Office, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody guesses how long; and nothing is erased unless somebody says so."""
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    _withdrawn(office)
    _project(office)

    assert (2, True) == ((ran := run("--apply", "--yes", tenant="bantul"))[0], "everything is kept" in ran[1])
    assert (130, False) == ((ran := run("--apply"))[0], "are erased" in ran[1])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("classes: []", "line 1"),
        ("classes:\n  - {id: a, years: 1, categories: [X]}", "line 2"),
        ("classes:\n  - {id: a, years: 0}", "line 2"),
        ("classes:\n  - {id: a, years: 1.5}", "line 2"),
        ("classes:\n  - {id: a, years: 1, classifications: [wish]}\n  - {id: b, years: 1}", "line 2"),
        ("classes:\n  - {id: a, years: 1, classifications: [question]}\n  - {id: a, years: 1}", "twice"),
        ("years: 3", "line 1"),
    ],
)
def test_a_table_that_cannot_be_meant_is_refused(tmp_path: Path, text: str, says: str) -> None:
    """With its line, before anything is erased."""
    (tmp_path / "retention.yaml").write_text(text)
    with pytest.raises(FileError) as refused:
        load_retention(tmp_path / "retention.yaml")

    assert says in str(refused.value).replace("retention.yaml:", "line ")


@pytest.mark.parametrize(
    ("ended", "over"),
    [("2024-02-29T10:00:00+07:00", "2025-03-01"), ("2021-12-31T18:00:00+00:00", "2023-01-01")],
)
def test_years_are_those_of_the_government(ended: str, over: str) -> None:
    """By its own calendar and clocks; a leap day's is the first of March."""
    zone = ZoneInfo("Asia/Jakarta")
    assert over == str(RetentionClass("x", 1).over_at(datetime.fromisoformat(ended), zone).date())
