"""Every due time can be checked line by line."""

import pytest

from shared.domain.calendar.duration import Duration
from shared.domain.calendar.pause import Pause
from shared.domain.calendar.records import Records
from tests.calendar.calendars import ROUND_THE_CLOCK, at, calendar, closed, national, wib


def test_window_by_window_in_indonesian() -> None:
    """Working minutes: what each window gives, the days off between, and the total."""
    explained = national().explain(at("2023-05-12 15:30"), Duration(135, "min"))

    assert [
        f"Standar 135 menit kerja, mulai Jumat 12-05-2023 15.30 WIB; kalender cilacap {national().version}",
        "Jumat 12-05-2023, 15.30-16.30: 60 menit; jumlah 60 menit",
        "Sabtu 13-05-2023 s.d. Minggu 14-05-2023: bukan hari kerja",
        "Senin 15-05-2023, 07.30-08.45: 75 menit; jumlah 135 menit",
        "Jatuh tempo Senin 15-05-2023 08.45 WIB",
    ] == explained.text.splitlines()


def test_holiday_by_holiday_with_its_decree_in_english() -> None:
    """Working days: each day counted, each day closed with the decree that first closed it."""
    explained = national().explain(at("2023-04-17 09:00"), Duration(3, "wd"), language="en")
    skb = "SKB Menteri Agama, Menteri Ketenagakerjaan dan Menteri PANRB"
    revised = f"({skb} Number 327 Tahun 2023, 1 Tahun 2023, 1 Tahun 2023, of 29-03-2023)"
    first = f"({skb} Number 1066 Tahun 2022, 3 Tahun 2022, 3 Tahun 2022, of 11-10-2022)"

    assert [
        f"Standard 3 working days, from Monday 17-04-2023 09:00 WIB; calendar cilacap {national().version}",
        "Monday 17-04-2023: day of receipt, not counted",
        "Tuesday 18-04-2023: working day 1, until 15:00",
        f"Wednesday 19-04-2023: collective leave Hari Raya Idul Fitri 1444 H {revised}; not counted",
        f"Thursday 20-04-2023: collective leave Hari Raya Idul Fitri 1444 H {revised}; not counted",
        f"Friday 21-04-2023: collective leave Hari Raya Idul Fitri 1444 H {first}; not counted",
        "Saturday 22-04-2023 to Sunday 23-04-2023: no working day",
        f"Monday 24-04-2023: collective leave Hari Raya Idul Fitri 1444 H {first}; not counted",
        f"Tuesday 25-04-2023: collective leave Hari Raya Idul Fitri 1444 H {first}; not counted",
        "Wednesday 26-04-2023: working day 2, until 16:00",
        "Thursday 27-04-2023: working day 3, until 16:00",
        "Due Thursday 27-04-2023 16:00 WIB",
    ] == explained.text.splitlines()


def test_pause_by_pause_with_its_reason() -> None:
    """A pause is named with what it covered, and the windows around it still come to the standard."""
    pauses = [
        Pause(at("2023-05-12 16:00"), at("2023-05-15 08:00"), "menunggu pelapor"),
        Pause(at("2023-05-15 08:30"), at("2023-05-15 08:40"), "menunggu instansi lain"),
    ]
    explained = national().explain(at("2023-05-12 15:30"), Duration(135, "min"), pauses)
    first = "Jumat 12-05-2023 16.00 WIB s.d. Senin 15-05-2023 08.00 WIB (menunggu pelapor)"
    second = "Senin 15-05-2023 08.30 WIB s.d. Senin 15-05-2023 08.40 WIB (menunggu instansi lain)"

    assert [
        "Jumat 12-05-2023, 15.30-16.00: 30 menit; jumlah 30 menit",
        f"Ditangguhkan {first}: 60 menit tidak dihitung",
        "Sabtu 13-05-2023 s.d. Minggu 14-05-2023: bukan hari kerja",
        "Senin 15-05-2023, 08.00-08.30: 30 menit; jumlah 60 menit",
        f"Ditangguhkan {second}: 10 menit tidak dihitung",
        "Senin 15-05-2023, 08.40-09.55: 75 menit; jumlah 135 menit",
        "Jatuh tempo Senin 15-05-2023 09.55 WIB",
    ] == explained.text.splitlines()[1:]
    assert "Mon 2023-05-15 09:55:00" == wib(national().due(at("2023-05-12 15:30"), Duration(135, "min"), pauses))


def test_ramadan_hours_are_named() -> None:
    """A window of another week than the ordinary one says whose hours it has."""
    explained = national().explain(at("2026-02-25 14:30"), Duration(1, "h"))

    assert [
        "Rabu 25-02-2026, 14.30-15.00 (Ramadan 1447 H): 30 menit; jumlah 30 menit",
        "Kamis 26-02-2026, 08.00-08.30 (Ramadan 1447 H): 30 menit; jumlah 1 jam",
    ] == explained.text.splitlines()[1:-1]


def test_what_began_outside_opening_hours_says_so() -> None:
    """The night before the first window is no riddle."""
    assert "di luar jam buka" in national().explain(at("2023-05-12 23:10"), Duration(135, "min")).text


@pytest.mark.parametrize(
    ("standard", "lines"),
    [
        ("15 s wall", ["Sampai Jumat 12-05-2023 15.30.25 WIB: 15 detik, terus berjalan juga di luar jam buka"]),
        (
            "2 d",
            [
                "Sampai Minggu 14-05-2023 15.30 WIB: 2 hari kalender, terus berjalan juga di luar jam buka",
                "Pengganti penangguhan: 10 detik",
            ],
        ),
        ("1 wd", ["Jumat 12-05-2023: hari penerimaan, tidak dihitung"]),
    ],
)
def test_other_kinds_of_time(standard: str, lines: list[str]) -> None:
    """Wall time, calendar days and working days, each with a pause of ten seconds."""
    start = at("2023-05-12 15:30")
    pauses = [Pause(at("2023-05-12 15:30:00"), at("2023-05-12 15:30:10"), "uji")]
    text = national().explain(start, Duration.parse(standard), pauses).text

    assert "(uji): 10 detik tidak dihitung" in text
    assert all(line in text for line in lines)


def test_a_pause_after_the_last_working_day_is_made_up_for() -> None:
    """For working days, what the pauses covered is counted on after the close of the last day."""
    start, standard = at("2023-05-11 09:00"), Duration(1, "wd")
    pauses = [Pause(at("2023-05-12 08:00"), at("2023-05-12 09:00"))]

    assert [
        "Jumat 12-05-2023: hari kerja ke-1, sampai 16.30",
        "Ditangguhkan Jumat 12-05-2023 08.00 WIB s.d. Jumat 12-05-2023 09.00 WIB: 1 jam tidak dihitung",
        "Sabtu 13-05-2023 s.d. Minggu 14-05-2023: bukan hari kerja",
        "Senin 15-05-2023, 07.30-08.30: 1 jam pengganti penangguhan",
        "Jatuh tempo Senin 15-05-2023 08.30 WIB",
    ] == national().explain(start, standard, pauses).text.splitlines()[2:]


def test_a_clock_still_paused_shows_what_is_left() -> None:
    """No due time is made up for it."""
    explained = national().explain(
        at("2023-05-09 08:00"), Duration(2, "h"), [Pause(at("2023-05-09 08:30"), None, "menunggu pelapor")]
    )

    assert [
        "Selasa 09-05-2023, 08.00-08.30: 30 menit; jumlah 30 menit",
        "Ditangguhkan sejak Selasa 09-05-2023 08.30 WIB (menunggu pelapor); sisa 1 jam 30 menit",
        "Belum ada jatuh tempo: masih ditangguhkan",
    ] == explained.text.splitlines()[1:]
    assert None is explained.due_at


def test_midnight_is_the_end_of_its_day() -> None:
    """A window to 24:00 ends at 24.00 and not at 00.00 of the same day."""
    text = calendar(ROUND_THE_CLOCK).explain(at("2023-05-08 23:30"), Duration(1, "h")).text

    assert "Senin 08-05-2023, 23.30-24.00: 30 menit; jumlah 30 menit" in text
    assert "Selasa 09-05-2023, 00.00-00.30: 30 menit; jumlah 1 jam" in text


def test_a_year_whose_holidays_are_not_recorded_is_pointed_out() -> None:
    """A due time that no decree has looked at yet is not given as certain."""
    last = national().rules.holidays_until or 0
    text = national().explain(at(f"{last}-12-30 08:00"), Duration(5, "wd")).text

    assert f"Hari libur tahun {last + 1} belum tercatat: tenggat dapat berubah" in text.splitlines()[-2]
    assert "belum tercatat" not in national().explain(at(f"{last}-12-01 08:00"), Duration(5, "wd")).text


def test_a_local_holiday_does_not_make_a_year_s_holidays_known() -> None:
    """A government may decree its own anniversary before the national holidays are known."""
    last = national().rules.holidays_until or 0
    own = national().with_records([Records((closed([f"{last + 1}-03-21"]),), (), ())])

    told = own.explain(at(f"{last}-12-30 08:00"), Duration(5, "wd")).text
    assert f"Hari libur tahun {last + 1} belum tercatat" in told


def test_only_two_languages_are_spoken() -> None:
    """Another language is refused instead of being mixed."""
    with pytest.raises(ValueError, match="id or en"):
        national().explain(at("2023-05-08 08:00"), Duration(1, "h"), language="jv")
