"""A broken calendar file names itself, the line, and the remedy."""

from pathlib import Path
from textwrap import dedent

import pytest

from shared.domain.calendar.loader import load_calendar
from shared.wording.yaml_lines import FileError

WEEK = """\
weeks:
  - id: minggu
    instrument: Peraturan Bupati
    issued: 2023-01-02
    approved_by: [Bupati]
    windows: {senin-kamis: ["07:30-12:00", "13:00-16:00"], jumat: ["07:30-11:30"]}
"""
DECREE = """\
decrees:
  - id: libur
    instrument: Keputusan Bupati
    number: 1 Tahun 2023
    issued: 2023-05-01
    approved_by: [Bupati]
"""


def _file(folder: Path, text: str, name: str = "calendar.yaml") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(dedent(text), encoding="utf-8")
    return path


def test_a_government_may_write_everything_itself(tmp_path: Path) -> None:
    """Without national records, with Indonesian day names, its folder's name and the usual settings."""
    office = load_calendar(
        _file(
            tmp_path / "sawah",
            f"zone: Asia/Makassar\n{WEEK}{DECREE}    local_holiday: {{2023-05-08..2023-05-09: Pesta panen}}\n",
        )
    )

    assert ("sawah", "Asia/Makassar", "after_receipt") == (
        office.settings.name,
        office.zone.key,
        office.settings.working_day_rule,
    )
    assert ["libur", "libur"] == [
        closure.decree.id
        for closure in office.rules.closures(*(office.decrees[0].issued.replace(month=month) for month in (1, 12)))
    ]


@pytest.mark.parametrize(
    ("text", "line", "message", "remedy"),
    [
        (WEEK, 1, "'zone' is missing", "Asia/Jakarta"),
        (f"zone: Asia/Bandung\n{WEEK}", 1, "there is no time zone", "IANA"),
        (f"zone: Asia/Jakarta\nzona: x\n{WEEK}", 2, "'zona' is not known here", "correct the spelling"),
        (f"zone: Asia/Jakarta\nworking_day_rule: besok\n{WEEK}", 2, "Must be one of", "after_receipt"),
        (f"zone: Asia/Jakarta\nwarn: {{before: 25}}\n{WEEK}", 2, "between 0 and 1", "0.25"),
        (f"zone: Asia/Jakarta\nwarn: {{before: besok}}\n{WEEK}", 2, "not understood", "0.25"),
        (f"zone: Asia/Jakarta\nwarn: {{in_office_hours: ya}}\n{WEEK}", 2, "Not a valid boolean", "true or false"),
        (f"zone: Asia/Jakarta\nhorizon_days: 0\n{WEEK}", 2, "greater than or equal", "3660"),
        ("zone: Asia/Jakarta\n", 1, "no ordinary working week", "add a week"),
        (f"zone: Asia/Jakarta\nrecords: [../tidak-ada.yaml]\n{WEEK}", 2, "there is no file", "relative to this file"),
        (f"zone: Asia/Jakarta\n{WEEK.replace('07:30-12:00', '7.30-12')}", 7, "is not a window", "mon-thu"),
        (f"zone: Asia/Jakarta\n{WEEK.replace('13:00-16:00', '11:00-16:00')}", 7, "overlap", "windows"),
        (f"zone: Asia/Jakarta\n{WEEK.replace('07:30-12:00', '12:00-07:30')}", 7, "open before it closes", "windows"),
        (f"zone: Asia/Jakarta\n{WEEK.replace('senin-kamis', 'kamis-senin')}", 7, "goes forward", "windows"),
        (f"zone: Asia/Jakarta\n{WEEK.replace('jumat', 'jumaat')}", 7, "neither a day nor a run", "windows"),
        (f"zone: Asia/Jakarta\n{WEEK.replace('jumat', 'kamis')}", 7, "given twice", "windows"),
        (f"zone: Asia/Jakarta\n{WEEK.replace('2023-01-02', '2 Januari')}", 5, "Not a valid date", "YYYY-MM-DD"),
        (f"zone: Asia/Jakarta\n{WEEK}{DECREE}    local_holiday: {{2023-02-30: x}}\n", 14, "no such day", "YYYY-MM-DD"),
        (f"zone: Asia/Jakarta\n{WEEK}{DECREE}    local_holiday: {{besok: x}}\n", 14, "neither a date", "YYYY-MM-DD"),
        (
            f"zone: Asia/Jakarta\n{WEEK}{DECREE}    local_holiday: {{2023-05-09..2023-05-08: x}}\n",
            14,
            "first day must come before",
            "YYYY-MM-DD",
        ),
        (
            f"zone: Asia/Jakarta\n{WEEK}{DECREE}    closure: {{2023-05-08: x, 2023-05-07..2023-05-09: y}}\n",
            14,
            "closes 2023-05-08 twice",
            "once",
        ),
        (f"zone: Asia/Jakarta\n{WEEK}{DECREE}    supersedes: [lama]\n", 14, "no record 'lama'", "correct the id"),
        (f"zone: Asia/Jakarta\n{WEEK}{DECREE}    supersedes: [libur]\n", 14, "not earlier", "dates of issue"),
        (
            f"zone: Asia/Jakarta\n{WEEK}{DECREE}    known_from: 2023-04-01\n",
            14,
            "before it is issued",
            "leave known_from",
        ),
        (f"zone: Asia/Jakarta\n{WEEK}{DECREE.replace('id: libur', 'id: minggu')}", 9, "used twice", "its own id"),
    ],
)
def test_each_mistake_is_told_with_its_line_and_remedy(
    tmp_path: Path, text: str, line: int, message: str, remedy: str
) -> None:
    """An administrator can mend the file without knowing the code."""
    path = _file(tmp_path, text)

    with pytest.raises(FileError) as caught:
        load_calendar(path)

    assert (path, line) == (caught.value.file, caught.value.line)
    assert message in caught.value.message
    assert remedy in caught.value.remedy


def test_a_mistake_in_a_file_referred_to_names_that_file(tmp_path: Path) -> None:
    """Not the file that refers to it."""
    records = _file(tmp_path, WEEK.replace("issued", "isued"), "jam.yaml")
    path = _file(tmp_path, "zone: Asia/Jakarta\nrecords: [jam.yaml]\n")

    with pytest.raises(FileError) as caught:
        load_calendar(path)

    assert (records, 2) == (caught.value.file, caught.value.line)
