"""``aduan bridge``: two systems that hold the same complaints, kept in step without double entry."""

import csv
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook, load_workbook

from cli import bridge, commands, importing, recap, register, retention, sop, up_to_date
from services.intake.receipts import Receipt
from services.reporting.exchange import exchange
from services.reporting.projection import RecapProjection
from shared.application.dossiers.codec import decode
from shared.application.identity.membership import administrator
from shared.base.caller import Caller
from shared.base.errors import Forbidden
from shared.domain.complaint.bridging import Theirs, conflicts
from shared.domain.complaint.layout import load_layout
from shared.platform.settings import PROJECT
from shared.store.projection.runner import apply_batch
from shared.wording.bridging import conflict_sentence
from shared.wording.yaml_lines import FileError
from tests.cli.command import settings_of
from tests.fixtures.office import Office

HEADING = (
    *("Tracking ID", "Tanggal Laporan Masuk", "Waktu Laporan Masuk", "Nama Pelapor", "Judul Laporan"),
    *("Isi Laporan Awal", "Isi Laporan Akhir", "Tipe Laporan", "Status Laporan", "Instansi Terdisposisi"),
)
HOLE = "Jalan Parangtritis berlubang di depan pasar, dua motor jatuh"
Run = Callable[..., Result]


def _row(number: str, text: str, status: str = "Proses", agency: str = "", later: str = "") -> tuple[str, ...]:
    return number, "3 Okt 2026", "07:15", "Budi Santoso", "", text, later, "", status, agency


def _saved(tmp_path: Path, *rows: tuple[str, ...]) -> Path:
    file = tmp_path / "laporan.csv"
    with file.open("w", newline="", encoding="utf-8-sig") as opened:
        csv.writer(opened, delimiter=";").writerows([("Laporan SP4N-LAPOR!",), HEADING, *rows])
    return file


@pytest.fixture
def run(office: Office) -> Run:
    """A command on the office's installation, its tables brought up to date before."""

    def invoked(command: Any, *arguments: object) -> Result:
        apply_batch(office.runtime.database, RecapProjection(), decode, office.news())
        return CliRunner(env=settings_of(office)).invoke(command, [str(each) for each in arguments])

    return invoked


def _filed(office: Office) -> int:
    [(count,)] = office.rows("SELECT count(*) FROM eventstore.events WHERE type = 'ComplaintFiled'")
    return int(count)


def _receipt(dossier: UUID) -> Receipt:
    """The receipt of what a table brought, as far as an officer's action needs one."""
    return Receipt(dossier, "", "", "", None, created=False, position=0)


def _sent(office: Office, dossier: UUID) -> None:
    """Send it to Majalengka's first agency, whose liaison it waits for then."""
    receipt = _receipt(dossier)
    office.run_system(receipt)
    office.act(receipt, "coordinator", "dispose", agency=office.runtime.tenants.get("majalengka").agencies[0].id)
    office.run_system(receipt)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def test_bantuls_two_applications_are_one_case(office: Office, run: Run, tmp_path: Path) -> None:
    """One complaint in both: filed once from each, whatever is imported again, told as one person's, and merged."""
    sp4n = ("--tenant", "bantul", "--map", "sp4n", "--channel", "lapor_sp4n")
    told = _saved(tmp_path, _row("7000001", HOLE), _row("7000002", "Air mati dua hari di Sewon"))
    own = tmp_path / "lapor_bantul.csv"
    own.write_text(
        f'message,external_id,reporter.name,occurred_at\n"{HOLE}",LB-1,Budi Santoso,2026-10-03T09:00:00+07:00\n'
    )
    ran = [
        run(importing.command, told, *sp4n),
        run(importing.command, own, "--tenant", "bantul", "--channel", "lapor_bantul"),
        run(importing.command, told, *sp4n),
    ]
    log = tmp_path / "konflik.csv"
    compared = run(bridge.command, "compare", told, *sp4n, "--actor", "coordinator", "--output", log)
    [conflict] = _read(log)
    tickets = dict(office.rows("SELECT channel, ticket FROM reporting.cases WHERE channel = 'lapor_bantul'"))

    assert ["2 filed, 0 filed before", "1 filed, 0 filed before", "0 filed, 2 filed before"] == [
        each.stdout.partition(", 0 refused")[0] for each in ran
    ]
    assert 3 == _filed(office)
    assert (1, "2 compared, 1 conflicts\n") == (compared.exit_code, compared.stdout)
    assert ("3", "7000001", "also_here") == (conflict["row"], conflict["external_id"], conflict["code"])
    assert tickets["lapor_bantul"] in conflict["why"]


def test_the_commands_of_the_page_go_as_they_stand(
    office: Office, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In, back, and held against each other, as docs/bridge.md tells it."""
    [block] = re.findall(r"```\n(aduan import .*?)```", (PROJECT / "docs" / "bridge.md").read_text(), re.DOTALL)
    book = Workbook()
    for row in (HEADING, _row("7000001", HOLE)):
        book.active.append(row)
    book.save(tmp_path / "laporan.xlsx")
    monkeypatch.chdir(tmp_path)
    ran = [run(commands.aduan, *shlex.split(line)[1:]) for line in block.splitlines()]

    assert [0, 0, 0] == [each.exit_code for each in ran], [each.output for each in ran]
    assert 1 == _filed(office)
    assert {"laporan.xlsx", "balik.xlsx", "konflik.csv"} <= {each.name for each in tmp_path.iterdir()}


def test_what_is_read_behind_the_log_is_held_against_nothing(
    office: Office, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Just imported, and no service has read it yet: that is said, not that the complaints were not here."""
    monkeypatch.setattr(up_to_date, "PATIENCE_SECONDS", 0.0)
    sp4n = ("--tenant", "bantul", "--map", "sp4n", "--channel", "lapor_sp4n")
    told = _saved(tmp_path, _row("7000001", HOLE))
    run(importing.command, told, *sp4n)
    compared = CliRunner(env=settings_of(office)).invoke(
        bridge.command, ["compare", str(told), *sp4n, "--actor", "coordinator"]
    )
    assert (1, True) == (compared.exit_code, "lags behind" in compared.output)


_OF: Final = ("--tenant", "bantul")
READERS: Final[dict[Any, tuple[int, tuple[str, ...]]]] = {
    recap.command: (1, (*_OF, "--month", "2026-10")),
    register.command: (1, (*_OF, "--month", "2026-10")),
    retention.command: (1, (*_OF, "--erased")),
    sop.command: (0, ("check", "bantul", "--least", "error")),
}
"""Commands that read what services keep, and how they end then: what is checked beside it is checked all the same."""


def test_no_command_reads_behind_the_log_in_silence(office: Office, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was filed a moment ago and read by no service yet is missing in figures and lists: that is said instead."""
    monkeypatch.setattr(up_to_date, "PATIENCE_SECONDS", 0.0)
    office.file("bantul")
    for command, (status, options) in READERS.items():
        told = CliRunner(env=settings_of(office)).invoke(command, options)
        assert (status, True) == (told.exit_code, "lags behind" in told.output), (options, told.output)
    assert 0 == run(recap.command, "--tenant", "bantul", "--month", "2026-10").exit_code


def test_majalengkas_answers_go_back_to_the_national_system(office: Office, run: Run, tmp_path: Path) -> None:
    """From its export to an agency's answer, in its own columns; the next table holds what has changed since."""
    options = ("--tenant", "majalengka", "--map", "sp4n", "--channel", "app", "--actor", "coordinator")
    told = _saved(tmp_path, _row("8000001", "Jembatan desa retak"), _row("8000002", "Lampu jalan padam"))
    assert 0 == run(importing.command, told, *options[:6]).exit_code
    before, after, nothing = (tmp_path / name for name in ("sebelum.csv", "sesudah.xlsx", "kosong.csv"))
    first = run(bridge.command, "export", *options, "--output", before)
    since = first.stdout.split()[-1]
    [(answered,)] = office.rows("SELECT dossier FROM reporting.cases WHERE ticket LIKE '%%000001'")
    _sent(office, answered)
    office.act(_receipt(answered), "liaison", "answer", text="Sudah ditindaklanjuti.")
    second = run(bridge.command, "export", *options, "--output", after, "--since", since)
    third = run(bridge.command, "export", *options, "--output", nothing, "--since", second.stdout.split()[-1])
    agency = office.runtime.tenants.get("majalengka").agencies[0].name

    assert ["2 complaints", "1 complaints", "0 complaints"] == [
        each.stdout.partition(";")[0] for each in (first, second, third)
    ]
    assert [("8000001", "Proses", ""), ("8000002", "Proses", "")] == [
        (row["Tracking ID"], row["Status Laporan"], row["Tindak Lanjut"]) for row in _read(before)
    ]
    page = load_workbook(after).active
    heads, row = ([cell.value for cell in line] for line in list(page.rows)[2:4])
    back = dict(zip(heads, row, strict=True))
    assert ("8000001", "Selesai", "Sudah ditindaklanjuti.", agency) == (
        *(back[name] for name in ("Tracking ID", "Status Laporan", "Tindak Lanjut", "Instansi Terdisposisi")),
    )
    assert [] == _read(nothing)


def test_every_disagreement_is_told_and_nothing_is_changed(office: Office, run: Run, tmp_path: Path) -> None:
    """Finished on one side only, another text, another office, not here at all; what agrees is not mentioned."""
    options = ("--tenant", "majalengka", "--map", "sp4n", "--channel", "app")
    texts = {f"900000{number}": f"Aduan nomor {number} tentang hal ke {number}" for number in range(1, 7)}
    file = _saved(tmp_path, *(_row(number, text) for number, text in texts.items()))
    assert 0 == run(importing.command, file, *options).exit_code
    ids = [dossier for (dossier,) in office.rows("SELECT dossier FROM intake.tickets ORDER BY ticket")]
    _sent(office, ids[1])
    office.act(_receipt(ids[1]), "liaison", "answer", text="Sudah ditindaklanjuti.")
    _sent(office, ids[3])
    events = office.rows("SELECT count(*) FROM eventstore.events")
    numbers = list(texts)
    export = _saved(
        tmp_path,
        _row(numbers[0], texts[numbers[0]], "Selesai"),
        _row(numbers[1], texts[numbers[1]], "Proses"),
        _row(numbers[2], texts[numbers[2]], later="Isinya diganti sama sekali"),
        _row(numbers[3], texts[numbers[3]], agency="Dinas Lain"),
        _row(numbers[4], texts[numbers[4]].upper()),
        _row("9000099", "Tidak pernah diimpor"),
        _row("9000098", "Sudah selesai di sana", "Selesai"),
        _row("", "Tanpa nomor"),
    )
    log = tmp_path / "konflik.csv"
    compared = run(bridge.command, "compare", export, *options, "--actor", "coordinator", "--output", log)

    assert 1 == compared.exit_code, compared.output
    assert [
        (numbers[0], "closed_there"),
        (numbers[1], "open_there"),
        (numbers[2], "text_differs"),
        (numbers[3], "agency_differs"),
        ("9000099", "not_here"),
    ] == [(row["external_id"], row["code"]) for row in _read(log)]
    assert all(row["why"] for row in _read(log))
    assert events == office.rows("SELECT count(*) FROM eventstore.events")


def test_only_who_may_read_the_texts_gets_them(office: Office, run: Run, tmp_path: Path) -> None:
    """The one rule of reading, and its record; what came in by another system or way is not in the table."""
    options = ("--tenant", "majalengka", "--map", "sp4n", "--channel", "app")
    run(importing.command, _saved(tmp_path, _row("1", "Jembatan desa retak")), *options)
    office.file("majalengka", channel="app")
    for caller in (administrator("root"), Caller("bantul", "coordinator"), Caller("majalengka", "reporter")):
        with pytest.raises(Forbidden):
            exchange(office.runtime, caller, "majalengka", source="sp4n", channel="app")
    apply_batch(office.runtime.database, RecapProjection(), decode, office.news())
    read = exchange(office.runtime, Caller("majalengka", "coordinator"), "majalengka", source="sp4n", channel="app")
    agencys = exchange(
        office.runtime, Caller("majalengka", "liaison", "dpupr"), "majalengka", source="sp4n", channel="app"
    )

    assert ["1"] == [row["external_id"] for row in read["rows"]]
    assert [] == agencys["rows"]
    assert [(read["rows"][0]["id"],)] == [
        (str(dossier),) for (dossier,) in office.rows("SELECT dossier FROM readings.readings")
    ]


@pytest.mark.parametrize(
    "status", ["in_progress", "returned", "transferred", "answered", "closed", "withdrawn", "merged"]
)
@pytest.mark.parametrize("closed", [True, False])
def test_each_state_of_both_sides_has_one_word(status: str, *, closed: bool) -> None:
    """What is finished on both sides, or on neither, agrees; each conflict says in both languages what to do."""
    ours = {"status": status, "message": "Jalan  rusak", "agency_name": None}
    found = list(conflicts(Theirs("sp4n:1", "jalan rusak", closed), ours))
    answered = "answered" if status in ("answered", "closed") else "ended"
    here = "open" if status in ("in_progress", "returned", "transferred") else answered
    expected = {(True, "open"): ["closed_there"], (False, "answered"): ["open_there"], (False, "ended"): ["ended_here"]}

    assert expected.get((closed, here), []) == found
    assert all(conflict_sentence(code, language) for code in found for language in ("id", "en"))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("back: {Nama: reporter.name}", "reporter.name"),
        ("back: {Nama: [ticket]}", "neither"),
        ("closed: {Status: [Selesai]}", "back"),
        ("back: {Nomor: ticket}, colour: red", "colour"),
    ],
)
def test_a_mistake_in_a_bridge_is_told(tmp_path: Path, text: str, word: str) -> None:
    """Before anything is read; who reported never goes back by a table."""
    file = tmp_path / "own.yaml"
    file.write_text(f"source: a\ncolumns: {{message: M}}\nbridge: {{{text}}}\n")
    with pytest.raises(FileError) as found:
        load_layout(file)
    assert word in str(found.value)


def test_a_layout_without_a_bridge_says_so(run: Run, tmp_path: Path) -> None:
    """One sentence, before the table is looked at."""
    options = ("--tenant", "bantul", "--map", "nyc311", "--actor", "coordinator")
    ran = run(bridge.command, "export", *options, "--output", tmp_path / "x.csv")

    assert 2 == ran.exit_code
    assert "add bridge: to it" in ran.output
    assert load_layout(PROJECT / "tenants" / "_layouts" / "nyc311.yaml").bridge is None
