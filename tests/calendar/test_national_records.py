"""The national records: complete, cited, and agreeing with the `holidays` package."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import holidays
import pytest

from shared.domain.calendar.loader import load_calendar, records_of
from shared.domain.calendar.records import Records
from shared.wording.yaml_lines import load_yaml
from tests.calendar.calendars import TENANTS, national

YEARS = range(2022, 2027)
NATIONAL = TENANTS / "_national"


def national_file(name: str) -> Records:
    """The records of one national file by itself, all of them known."""
    document: Any = load_yaml(NATIONAL / name).data
    return records_of(document, datetime(2022, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("year", [*YEARS, 2027])
@pytest.mark.parametrize(("kind", "category"), [("national_holiday", "public"), ("collective_leave", "government")])
def test_the_days_agree_with_the_holidays_package(year: int, kind: str, category: str) -> None:
    """By all decrees known, day for day: today there is no difference to explain."""
    expected = sorted(holidays.ID(years=year, categories=(category,)))
    recorded = national().rules.closures(date(year, 1, 1), date(year, 12, 31))

    assert expected == [closure.day for closure in recorded if closure.kind == kind]


def test_what_the_package_forgets_is_kept_here() -> None:
    """The package has only the last revision; the days that were once decreed and then moved are ours alone."""
    package = holidays.ID(years=[2022, 2023], categories=("public", "government"))
    records = national_file("holidays.yaml")
    once_decreed = {
        closure.day for record in records.closures for closure in record.closures if closure.day.year < 2024
    }

    # 9 July 2022: Idul Adha before the second amendment. 26 April 2023: collective leave before the first.
    assert {date(2022, 7, 9), date(2023, 4, 26)} == once_decreed - set(package)


def test_ramadan_lasts_until_the_day_before_idul_fitri() -> None:
    """Each year's period ends where the holiday begins, and has 29 or 30 days."""
    records = national_file("working-hours.yaml")
    idul_fitri = {
        closure.day
        for closure in national().rules.closures(date(2022, 1, 1), date(2027, 12, 31))
        if closure.name.startswith("Hari Raya Idul Fitri") and closure.kind == "national_holiday"
    }

    assert {2022, 2023, 2024, 2025, 2026, 2027} == {period.starts.year for period in records.periods}
    for period in records.periods:
        assert period.ends + timedelta(days=1) in idul_fitri
        assert (period.ends - period.starts).days + 1 in (29, 30)
        assert 32.5 * 3600 == period.week.seconds


def test_the_ordinary_week_has_the_hours_of_the_regulation() -> None:
    """37 h 30 min, by Keppres 68/1995 and by Perpres 21/2023."""
    weeks = national_file("working-hours.yaml").weeks

    assert [("keppres-68-1995", 135_000), ("perpres-21-2023", 135_000)] == [
        (record.decree.id, record.week.seconds) for record in weeks
    ]


def test_every_decree_says_who_when_and_what_or_is_marked() -> None:
    """Number and approval are there, or the record says that it is not confirmed and why."""
    for decree in national().decrees:
        if decree.confirmed:
            assert decree.approved_by, decree.id
            assert decree.number or "isbat" in decree.instrument, decree.id
        else:
            assert decree.note, decree.id


def test_the_joint_decrees_form_chains_of_revisions() -> None:
    """Each amendment supersedes the one before it, so that exactly one of each year is in force."""
    decrees = {decree.id: decree for decree in national().decrees}

    assert {
        "skb-2022-375": ("skb-2021-963",),
        "skb-2022-678": ("skb-2022-375",),
        "skb-2023-327": ("skb-2022-1066",),
        "skb-2023-624": ("skb-2023-327",),
        "skb-2025-933": ("skb-2024-1017",),
    } == {name: decree.supersedes for name, decree in decrees.items() if name.startswith("skb") and decree.supersedes}


@pytest.mark.parametrize("tenant", ["cilacap", "bantul", "majalengka", "trenggalek", "cirebon"])
def test_each_of_the_five_governments_has_a_calendar(tenant: str) -> None:
    """In its zone, with notices in office hours."""
    office = load_calendar(TENANTS / tenant / "calendar.yaml")

    assert ("Asia/Jakarta", tenant, True) == (
        office.zone.key,
        office.settings.name,
        office.settings.notice_in_office_hours,
    )
