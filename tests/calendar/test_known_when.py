"""What was known when: decrees supersede each other, and every earlier state can be had again."""

from dataclasses import replace
from datetime import date

from shared.domain.calendar.duration import Duration
from shared.domain.calendar.records import ClosureRecord, Records, WeekRecord
from shared.domain.calendar.working import WorkingCalendar
from tests.calendar.calendars import at, calendar, closed, decree, national, week, wib

THREE_DAYS = Duration(3, "wd")


def test_each_revision_of_2023_is_known_from_its_day_of_issue() -> None:
    """October 2022, 29 March 2023 and June 2023 give three different Junes and Aprils."""
    closed_in_2023 = [
        [
            f"{closure.day:%d-%m}"
            for closure in national().as_known(at(moment)).rules.closures(date(2023, 4, 17), date(2023, 6, 30))
            if closure.kind == "collective_leave"
        ]
        for moment in ("2022-10-11 00:00", "2023-03-28 23:59:59", "2023-03-29 00:00", "2023-06-16 00:00")
    ]

    assert [
        ["21-04", "24-04", "25-04", "26-04", "02-06"],
        ["21-04", "24-04", "25-04", "26-04", "02-06"],
        ["19-04", "20-04", "21-04", "24-04", "25-04", "02-06"],
        ["19-04", "20-04", "21-04", "24-04", "25-04", "02-06", "28-06", "30-06"],
    ] == closed_in_2023


def test_before_the_first_decree_there_is_no_holiday() -> None:
    """What nobody had decreed was not known."""
    early = national().as_known(at("2021-09-21 23:59"))

    assert [] == early.rules.closures(date(2022, 1, 1), date(2027, 12, 31))
    assert early.is_working_day(date(2022, 2, 1))


def test_as_known_holds_until_the_next_decree() -> None:
    """The same moment gives the same object, and what is known later is not known earlier through it."""
    calendar_now = national()
    early = calendar_now.as_known(at("2023-03-01 08:00"))

    assert early is calendar_now.as_known(at("2023-03-01 23:00"))
    assert calendar_now is calendar_now.as_known(at("2099-01-01 00:00"))
    assert early.version == early.as_known(at("2099-01-01 00:00")).version


def test_a_version_is_the_same_after_a_restart_and_leads_back_to_its_calendar() -> None:
    """A promise names its calendar: years later the same records give the same due time."""
    from shared.domain.calendar.loader import load_calendar
    from tests.calendar.calendars import TENANTS

    promised_by = national().as_known(at("2023-03-28 12:00")).version
    restarted = load_calendar(TENANTS / "cilacap" / "calendar.yaml")
    then = restarted.of_version(promised_by)

    assert then is not None
    assert promised_by != restarted.version
    assert "Thu 2023-04-20 15:00:00" == wib(then.due(at("2023-04-17 09:00"), THREE_DAYS))
    assert None is restarted.of_version("0000000000000000")


def test_the_version_changes_with_the_rules_and_not_with_the_spelling() -> None:
    """A day, a window, a zone or a rule makes another version; a name or a note does not."""
    one = calendar({"mon": ("08:00-12:00",)}, closed(["2023-05-15"]))
    respelt = ClosureRecord(
        replace(closed(["2023-05-15"]).decree, note="salah ketik diperbaiki", approved_by=("Sekda",)),
        tuple(replace(closure, name="lain") for closure in closed(["2023-05-15"]).closures),
    )

    assert one.version == calendar({"mon": ("08:00-12:00",)}, respelt).version
    assert 7 == len(
        {
            one.version,
            calendar({"mon": ("08:00-12:00",)}).version,
            calendar({"mon": ("08:00-12:01",)}, closed(["2023-05-15"])).version,
            calendar({"mon": ("08:00-12:00",)}, closed(["2023-05-15"]), zone="Asia/Makassar").version,
            calendar({"mon": ("08:00-12:00",)}, closed(["2023-05-15"]), working_day_rule="counting_receipt").version,
            calendar({"mon": ("08:00-12:00",)}, closed(["2023-05-15"]), warn_before=Duration(1, "h")).version,
            calendar({"mon": ("08:00-12:00",)}, closed(["2023-05-15"]), notice_in_office_hours=True).version,
        }
    )


def test_a_decree_that_only_repeats_another_changes_neither_version_nor_citation() -> None:
    """A day is cited by the decree that first closed it."""
    first = closed(["2023-05-15"], "pertama", "2023-01-01")
    repeated = closed(["2023-05-15"], "kedua", "2023-02-01", supersedes=("pertama",))
    office = calendar({"mon": ("08:00-12:00",)}, first, repeated)

    assert office.version == office.as_known(at("2023-01-01 08:00")).version
    assert ["pertama"] == [closure.decree.id for closure in office.rules.closures(date(2023, 5, 1), date(2023, 5, 31))]


def test_superseding_and_revoking_open_days_again() -> None:
    """A later decree takes an earlier one's place, or single days of it; a still later one may close them again."""
    office = calendar(
        dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("08:00-12:00",)),
        closed(["2023-05-15", "2023-05-16", "2023-05-17"], "pertama", "2023-01-01"),
        ClosureRecord(decree("cabut", "2023-02-01"), (), frozenset({date(2023, 5, 16)})),
        closed(["2023-05-16"], "lagi", "2023-03-01"),
        closed(["2023-05-19"], "ganti", "2023-04-01", supersedes=("pertama",)),
    )

    def open_days(moment: str) -> list[int]:
        known = office.as_known(at(moment))
        return [day for day in range(15, 20) if known.is_working_day(date(2023, 5, day))]

    assert [[18, 19], [16, 18, 19], [18, 19], [15, 17, 18]] == [
        open_days(f"2023-0{month}-01 00:00") for month in (1, 2, 3, 4)
    ]


def test_what_a_superseded_decree_had_superseded_does_not_come_back() -> None:
    """A chain of revisions leaves only the last in force."""
    office = calendar(
        {"mon": ("08:00-12:00",), "tue": ("08:00-12:00",), "wed": ("08:00-12:00",)},
        closed(["2023-05-15"], "a", "2023-01-01"),
        closed(["2023-05-16"], "b", "2023-02-01", supersedes=("a",)),
        closed(["2023-05-17"], "c", "2023-03-01", supersedes=("b",)),
    )

    assert [17] == [closure.day.day for closure in office.rules.closures(date(2023, 5, 1), date(2023, 5, 31))]


def test_a_record_that_arrived_late_was_not_known_before() -> None:
    """Promises made between issue and arrival are explained by what was known here."""
    late = closed(["2023-05-15"], "terlambat", "2023-05-01", known_from=date(2023, 5, 10))
    office = calendar({"mon": ("08:00-12:00",)}, late)

    assert [True, True, False] == [
        office.as_known(at(moment)).is_working_day(date(2023, 5, 15))
        for moment in ("2023-05-02 00:00", "2023-05-09 23:59", "2023-05-10 00:00")
    ]


def test_a_tenants_record_goes_before_the_national_one_even_if_older() -> None:
    """A government on duty on a national holiday works, whatever was decreed when."""
    base = calendar({"mon": ("08:00-12:00",)}, closed(["2023-05-15"], "nasional", "2023-05-01"))
    on_duty = Records((ClosureRecord(decree("piket", "2023-01-01"), (), frozenset({date(2023, 5, 15)})),))

    assert WorkingCalendar(base.settings, [*base._layers, on_duty]).is_working_day(date(2023, 5, 15))


def test_the_ordinary_week_may_change_from_a_day_on() -> None:
    """Of several weeks the one that began last holds; a government's own goes before the national ones."""
    weeks = Records(
        weeks=(
            WeekRecord(decree("lama"), None, week({"mon": ("08:00-10:00",)})),
            WeekRecord(decree("baru", "2023-01-01"), date(2023, 5, 15), week({"mon": ("08:00-11:00",)})),
        )
    )
    own = Records(weeks=(WeekRecord(decree("sendiri"), date(2023, 5, 22), week({"mon": ("08:00-12:00",)})),))
    office = WorkingCalendar(calendar().settings, [weeks, own])

    assert [2, 3, 4] == [
        office.between(at(f"{day} 00:00"), at(f"{day} 23:59")) // 3600
        for day in ("2023-05-08", "2023-05-15", "2023-05-22")
    ]
