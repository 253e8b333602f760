"""``aduan import --resume``: an import that was stopped goes on, and nothing is filed twice or told twice."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg2
import pytest

from cli.importing_progress import SUFFIX, progress
from cli.importing_report import RefusedRows
from shared.base.errors import Invalid
from tests.cli.command import Ran, aduan, settings_of
from tests.fixtures.office import Office

ROWS = 9
"""Of which the third is refused and the fifth stands there twice."""


def _import(office: Office, file: Path, *options: str) -> Ran:
    return aduan("import", str(file), "--tenant", "cilacap", *options, **settings_of(office))


def _table(tmp_path: Path) -> Path:
    file = tmp_path / "aduan.csv"
    lines = [f"{'' if number == 3 else f'Jalan {number} rusak'},q{min(number, 8)}" for number in range(1, ROWS + 1)]
    file.write_text("\n".join(["message,external_id", *lines]) + "\n")
    return file


@contextmanager
def _full_after(office: Office, filings: int) -> Iterator[None]:
    """A database that takes so many filings and no more."""
    with psycopg2.connect(office.runtime.settings.database_url) as connection, connection.cursor() as cursor:
        cursor.execute(
            f"""
            CREATE FUNCTION public.full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF (SELECT count(*) FROM eventstore.events) >= {filings} THEN
                    RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER full_disk BEFORE INSERT ON eventstore.events
                FOR EACH ROW EXECUTE FUNCTION public.full_disk()
            """
        )
    try:
        yield
    finally:
        with psycopg2.connect(office.runtime.settings.database_url) as connection, connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER full_disk ON eventstore.events; DROP FUNCTION public.full_disk()")


def test_a_stopped_import_goes_on_where_it_was(office: Office, tmp_path: Path) -> None:
    """What was done is passed over, doubles among it still known, the report goes on; then the note is gone."""
    table, report = _table(tmp_path), tmp_path / "ditolak.csv"
    with _full_after(office, 4):
        stopped = _import(office, table, "--report", str(report))
    noted = table.with_name(table.name + SUFFIX).exists()
    gone_on = _import(office, table, "--report", str(report), "--resume")
    once_more = _import(office, table)

    assert (2, "4 filed, 0 filed before, 1 refused\n") == (stopped.status, stopped.out)
    assert "stopped after line 6; --resume goes on from there" in stopped.err
    assert noted
    assert (1, "3 filed, 0 filed before, 1 refused, 5 done before it was stopped\n") == (gone_on.status, gone_on.out)
    assert (1, "0 filed, 7 filed before, 2 refused\n") == (once_more.status, once_more.out)
    assert [(7,)] == office.rows("SELECT count(*) FROM eventstore.events WHERE type = 'ComplaintFiled'")
    assert ["row", "4", "10"] == [line.partition(",")[0] for line in report.read_text("utf-8-sig").splitlines()]
    assert not table.with_name(table.name + SUFFIX).exists()


def test_there_must_be_something_to_resume(office: Office, tmp_path: Path) -> None:
    """No note, a note of another table or of other options, a note that is none: one sentence, and nothing is filed."""
    table = _table(tmp_path)
    note = table.with_name(table.name + SUFFIX)
    told = [_import(office, table, "--resume")]
    for content in ("{}", "[", '{"of": "another", "line": 5}'):
        note.write_text(content)
        told.append(_import(office, table, "--resume"))

    assert [2] * 4 == [ran.status for ran in told]
    assert ["nothing to resume", "cannot be read", "cannot be read", "of another table"] == [
        next(words for words in ("nothing to resume", "cannot be read", "of another table") if words in ran.err)
        for ran in told
    ]
    assert [(0,)] == office.rows("SELECT count(*) FROM eventstore.events")


@pytest.mark.parametrize("keep", [True, False])
def test_a_note_is_written_whatever_stops_the_import(tmp_path: Path, *, keep: bool) -> None:
    """Ctrl-C too; where nothing is filed there is nothing to note."""
    table = _table(tmp_path)
    with suppress(KeyboardInterrupt), progress(table, ("t",), resume=False, keep=keep) as come:
        come.done(7)
        raise KeyboardInterrupt

    assert keep == table.with_name(table.name + SUFFIX).exists()
    if keep:
        with progress(table, ("t",), resume=True, keep=True) as come:
            assert [True, True, False] == [come.passes(line) for line in (6, 7, 8)]


def test_what_was_refused_stands_in_the_report_however_the_import_ended(tmp_path: Path) -> None:
    """Killed between two notes, and gone on from the older one: each row once, under one heading, no cell a formula."""
    report = tmp_path / "ditolak.csv"
    report.write_text("of an import before")
    wrong = Invalid("invalid_fields", fields={"message": ["required"], "title": ["required"]})
    killed = RefusedRows(report)
    killed.begin()
    killed.refuse(3, wrong)
    killed.refuse(4, ValueError("=1+1, more"))
    gone_on = RefusedRows(report, goes_on=True)
    gone_on.begin()
    gone_on.refuse(4, ValueError("=1+1, more"))
    gone_on.refuse(5, wrong)

    rows = list(csv.DictReader(report.read_text("utf-8-sig").splitlines()))
    assert ["3", "3", "4", "5", "5"] == [row["row"] for row in rows]
    assert "'=1+1, more" == rows[2]["why"]


@pytest.mark.parametrize("left", [b"", b"\xef\xbb\xbfrow,column,code,why\r\n3,,ro"], ids=["emptied", "in the middle"])
def test_a_report_that_was_cut_off_goes_on_under_its_heading(tmp_path: Path, left: bytes) -> None:
    """By a loss of power, or in the middle of a row: what comes then is whole."""
    report = tmp_path / "ditolak.csv"
    report.write_bytes(left)
    refused = RefusedRows(report, goes_on=True)
    refused.begin()
    refused.refuse(3, ValueError("x"))

    lines = report.read_text("utf-8-sig").splitlines()
    assert ("row,column,code,why", "3,,row,x") == (lines[0], lines[-1])


def test_a_report_of_nothing_is_one_heading(tmp_path: Path) -> None:
    """Whoever looks for it finds it."""
    report = tmp_path / "ditolak.csv"
    for goes_on in (False, True):
        refused = RefusedRows(report, goes_on=goes_on)
        refused.begin()
        refused.end()

    assert ["row,column,code,why"] == report.read_text("utf-8-sig").splitlines()
