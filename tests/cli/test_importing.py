"""``aduan import``: a table is filed row by row, and whatever is not filed is told."""

from pathlib import Path

import pytest

from tests.cli.command import Ran, aduan_here, settings_of
from tests.fixtures.office import Office


def _import(office: Office, file: Path, *options: str) -> Ran:
    return aduan_here("import", str(file), "--tenant", "cilacap", *options, **settings_of(office))


def _table(tmp_path: Path, content: str | bytes) -> Path:
    file = tmp_path / "aduan.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def _filed(office: Office) -> int:
    [(count,)] = office.rows("SELECT count(*) FROM eventstore.events")
    return int(count)


def test_rows_are_filed_once_and_the_others_told(office: Office, tmp_path: Path) -> None:
    """By their first line; blank rows are no rows; the same table again files nothing."""
    table = _table(
        tmp_path,
        "Message;External_ID;reporter.phone;Privacy;reporter.email\r\n"
        '"Jalan rusak,\r\nparah";q1;0812;open;-\r\n'
        ";q2;0812;;\r\n"
        "Banjir;q3;8.12346E+11;;\r\n"
        "Banjir;q1;0813;;\r\n"
        "Banjir;q4;0813;rahasia;\r\n"
        "Banjir;q5;0813;SECRET;\r\n"
        ";;;;\r\n",
    )
    tried = _import(office, table, "--dry-run")
    before = _filed(office)
    ran, again = _import(office, table), _import(office, table)

    assert (1, "2 would be filed, 0 filed before, 4 refused\n", 0) == (tried.status, tried.out, before)
    assert (1, "2 filed, 0 filed before, 4 refused\n") == (ran.status, ran.out)
    assert (1, "0 filed, 2 filed before, 4 refused\n") == (again.status, again.out)
    kept = [line for line in ran.err.splitlines() if "kept as written" in line]
    told = [line for line in ran.err.splitlines() if line not in kept]
    assert ["line 2: kept as written, since it cannot be used: reporter.email"] == kept
    assert ["line 4", "line 5", "line 6", "line 7"] == [line.partition(":")[0] for line in told]
    assert ["message", "phone", "line 2", "privacy"] == [
        word for word, line in zip(("message", "phone", "line 2", "privacy"), told, strict=True)
        if word in line
    ]  # fmt: skip
    assert 2 == _filed(office)


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        ('message,external_id\n"baik,q1\nbaik,q2\n', (), "aduan.csv:2: a quotation begins here"),
        (b"message\nbaik\nKaf\x81\n", (), "aduan.csv:3: this line is neither"),
        ("pesan\nbaik\n", (), "aduan.csv:1: there is no such field"),
        ("message\nbaik\n", ("--channel", "merpati"), "channel: Choose one of: "),
        ("message\nbaik\n", ("--encoding", "klingon"), "there is no encoding 'klingon'"),
        ("message\nbaik\n", ("--encoding", "undefined"), "there is no encoding 'undefined'"),
        ("message\nbaik\n", ("--encoding", "hex"), "there is no encoding 'hex'"),
        ("message\nb\u00e4ik\n", ("--encoding", "ascii"), "this line is not in ascii"),
    ],
)
def test_a_table_that_cannot_be_read_files_nothing(
    office: Office, tmp_path: Path, content: str | bytes, options: tuple[str, ...], words: str
) -> None:
    """One sentence, no traceback, and nothing half done."""
    ran = _import(office, _table(tmp_path, content), *options)

    assert 2 == ran.status
    assert words in ran.err
    assert "Traceback" not in ran.err
    assert 0 == _filed(office)


def test_an_old_encoding_is_read_and_told(office: Office, tmp_path: Path) -> None:
    """Nothing is changed in silence."""
    ran = _import(office, _table(tmp_path, "message\nKafé rusak\n".encode("cp1252")))

    assert (0, "1 filed, 0 filed before, 0 refused\n") == (ran.status, ran.out)
    assert ["aduan.csv is not in UTF-8; it was read as Windows-1252"] == ran.err.splitlines()


def test_what_is_filed_otherwise_than_meant_is_told(office: Office, tmp_path: Path) -> None:
    """By line: names that the lists do not have, and times too long ago; the complaint is filed all the same."""
    table = _table(
        tmp_path,
        "message,category,location.desa,occurred_at\nbaik,kesehatan,Hanum,\nbaik,jalan,RT 03,2001-01-01 08:00\n"
        "baik,,,2199-01-01 08:00\n",
    )
    ran = _import(office, table)

    assert (0, "3 filed, 0 filed before, 0 refused\n") == (ran.status, ran.out)
    assert [
        "line 3: kept as written, since the government's lists have no such entry: location.desa, category",
        "line 3: occurred_at lies further back than ADUAN_BACKDATE_DAYS lets a complaint count: it counts from now",
        "line 4: kept as written, since it is still to come: occurred_at",
    ] == ran.err.splitlines()
