"""What holds for every calendar, instant and standard."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shared.domain.calendar.duration import Duration
from shared.domain.calendar.pause import Pause
from shared.domain.calendar.records import PeriodRecord
from shared.domain.calendar.week import DAYS
from shared.domain.calendar.working import WorkingCalendar
from tests.calendar.calendars import calendar, closed, decree, week

# A busy machine may take its time over laying out a calendar; how many are tried is what counts.
patient = settings(deadline=None, max_examples=60)

_START = date(2026, 3, 1)  # before a change to summer time in Europe/Berlin
_DAYS = 60
_ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Asia/Kolkata", "Europe/Berlin")

instants = st.integers(0, _DAYS * 86_400).map(
    lambda second: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=second)
)
closed_days = st.sets(st.integers(0, _DAYS), max_size=12).map(
    lambda days: [str(_START + timedelta(days=day)) for day in sorted(days)]
)


_rules = st.sampled_from(["after_receipt", "counting_receipt"])


def _clock(quarter: int) -> str:
    return f"{quarter // 4:02}:{quarter % 4 * 15:02}"


@st.composite
def hours(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    """A week of windows on quarters of an hour, some adjoining, some to midnight; open on at least one day."""
    found = {}
    for day in DAYS:
        edges = sorted(draw(st.sets(st.integers(0, 96), max_size=5)))
        adjoining = draw(st.booleans())
        pairs = list(pairwise(edges)) if adjoining else list(zip(edges[::2], edges[1::2], strict=False))
        found[day] = tuple(f"{_clock(opens)}-{_clock(closes)}" for opens, closes in pairs)
    assume(any(found.values()))
    return found


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    """A calendar with holidays, perhaps other hours for two weeks, in some zone and with either rule of days."""
    days, zone, rule = draw(closed_days), draw(st.sampled_from(_ZONES)), draw(_rules)
    return calendar(draw(hours()), closed(days), periods=draw(_periods()), zone=zone, working_day_rule=rule)


durations = st.one_of(
    st.builds(Duration, st.integers(0, 3000), st.just("min")),
    st.builds(Duration, st.integers(0, 100_000), st.just("s")),
    st.builds(Duration, st.integers(0, 100_000), st.just("s"), st.just("wall")),
    st.builds(Duration, st.integers(0, 20), st.sampled_from(["d", "wd"])),
)
pauses = st.lists(st.tuples(instants, st.integers(0, 5 * 86_400)), max_size=4).map(
    lambda found: [Pause(starts, starts + timedelta(seconds=length), "uji") for starts, length in found]
)


@st.composite
def _periods(draw: st.DrawFn) -> list[PeriodRecord]:
    if draw(st.booleans()):
        return []
    first = _START + timedelta(days=draw(st.integers(0, 40)))
    return [PeriodRecord(decree("p"), "p", first, first + timedelta(days=13), week(draw(hours())))]


@patient
@given(calendars(), instants, instants)
def test_adding_what_lies_between_never_overshoots(office: WorkingCalendar, one: datetime, other: datetime) -> None:
    """add(t, between(t, u)) <= u."""
    start, end = sorted((one, other))

    assert office.add(start, office.between(start, end)) <= end


@patient
@given(calendars(), st.lists(instants, min_size=2, max_size=6))
def test_between_is_additive_over_any_split(office: WorkingCalendar, moments: list[datetime]) -> None:
    """The parts of a stretch add up to the whole."""
    moments.sort()

    assert office.between(moments[0], moments[-1]) == sum(office.between(a, b) for a, b in pairwise(moments))


@settings(patient, max_examples=12)
@given(calendars(), st.lists(st.tuples(st.integers(-900, 900), st.integers(0, 900)), min_size=2, max_size=6))
def test_the_order_of_questions_does_not_matter(office: WorkingCalendar, stretches: list[tuple[int, int]]) -> None:
    """Years are laid out as they are asked for: an answer is the same on a calendar that was asked nothing before."""
    day = datetime(2026, 3, 1, 5, tzinfo=UTC)
    for first, length in stretches:
        start, end = day + timedelta(days=first), day + timedelta(days=first + length)
        unasked = WorkingCalendar(office.settings, office._layers)

        assert unasked.between(start, end) == office.between(start, end)


@patient
@given(calendars(), instants, st.integers(1, 500_000))
def test_adding_is_exact_and_not_a_second_too_late(office: WorkingCalendar, start: datetime, seconds: int) -> None:
    """between(t, add(t, n)) == n, and one second earlier it was n - 1."""
    due = office.add(start, seconds)

    assert seconds == office.between(start, due)
    assert seconds - 1 == office.between(start, due - timedelta(seconds=1))


@patient
@given(hours(), closed_days, instants, instants, st.sampled_from(_ZONES))
def test_between_agrees_with_counting_quarters_of_an_hour(
    opening: dict[str, tuple[str, ...]], holidays: list[str], one: datetime, other: datetime, zone: str
) -> None:
    """An office watched every quarter of an hour was open as often as the calendar says."""
    office = calendar(opening, closed(holidays), zone=zone)
    start, end = sorted(moment.replace(minute=moment.minute // 15 * 15, second=0) for moment in (one, other))
    end = min(end, start + timedelta(days=4))
    quarters = int((end - start).total_seconds()) // 900

    def open_at(moment: datetime) -> bool:
        local = moment.astimezone(office.zone)
        if str(local.date()) in holidays:
            return False
        shown = f"{local:%H:%M}"
        return any(text[:5] <= shown < text[6:] for text in opening[DAYS[local.weekday()]])

    # Where the clock is put back, the quarters between 02:00 and 03:00 come twice: none in this stretch of the year.
    watched = sum(open_at(start + timedelta(minutes=15 * number)) for number in range(quarters))
    assert watched * 900 == office.between(start, end)


@patient
@given(hours(), closed_days, closed_days, _rules, instants, durations)
def test_adding_a_holiday_never_moves_a_due_time_earlier(
    opening: dict[str, tuple[str, ...]],
    holidays: list[str],
    more: list[str],
    rule: str,
    start: datetime,
    standard: Duration,
) -> None:
    """A new decree can only give time."""
    before = calendar(opening, closed(holidays), working_day_rule=rule)
    after = calendar(opening, closed(holidays), closed(more, "baru"), working_day_rule=rule)

    assert before.due(start, standard) <= after.due(start, standard)


@patient
@given(calendars(), instants, durations, pauses, st.tuples(instants, st.integers(0, 400_000)))
def test_adding_a_pause_never_moves_a_due_time_earlier(
    office: WorkingCalendar, start: datetime, standard: Duration, paused: list[Pause], more: tuple[datetime, int]
) -> None:
    """A pause can only give time, however it overlaps the others."""
    further = Pause(more[0], more[0] + timedelta(seconds=more[1]))

    assert office.due(start, standard, paused) <= office.due(start, standard, [*paused, further])


@patient
@given(calendars(), instants, durations, pauses)
def test_replaying_a_prefix_equals_the_incremental_state(
    office: WorkingCalendar, start: datetime, standard: Duration, paused: list[Pause]
) -> None:
    """Due times moved pause by pause, as events come, equal the due time computed from the whole history."""
    history = _apart(paused)
    due = office.due(start, standard)
    for number, pause in enumerate(history, start=1):
        assert pause.ends is not None
        due = office.resume(due, max(pause.starts, start), pause.ends, standard)

        assert due == office.due(start, standard, history[:number])


@patient
@given(calendars(), instants, durations, pauses)
def test_an_explanation_comes_to_the_due_time_and_its_lines_to_the_standard(
    office: WorkingCalendar, start: datetime, standard: Duration, paused: list[Pause]
) -> None:
    """The sum is right, to the second and to the day."""
    explained = office.explain(start, standard, paused)
    counted = sum(line.counted for line in explained if line.kind in ("window", "workday", "wall"))
    added = sum(line.counted for line in explained if line.kind == "added")
    covered = sum(line.covered for line in explained)

    assert office.due(start, standard, paused) == explained.due_at
    assert (standard.amount if standard.unit in ("d", "wd") else standard.seconds) == counted
    assert (covered if standard.unit in ("d", "wd") else 0) == added


@patient
@given(calendars(), instants, durations, st.one_of(st.floats(0, 1), durations))
def test_a_warning_lies_between_the_start_and_the_due_time(
    office: WorkingCalendar, start: datetime, standard: Duration, before: float | Duration
) -> None:
    """Never before the clock starts, never after it has run out."""
    due = office.due(start, standard)

    assert start <= office.warn(start, due, standard, before) <= due


@patient
@given(calendars(), instants, st.integers(60, 100_000), st.integers(0, 100_000))
def test_a_warning_leaves_exactly_the_time_asked_for(
    office: WorkingCalendar, start: datetime, seconds: int, left: int
) -> None:
    """In the clock's own kind of time, and in an open second, unless all of the standard was asked for."""
    standard = Duration(seconds, "s")
    due = office.due(start, standard)
    warned = office.warn(start, due, standard, Duration(left, "s"))

    assert min(left, seconds) == office.between(warned, due)
    assert warned in (start, due) or office.is_open(warned)


def _apart(paused: Sequence[Pause]) -> list[Pause]:
    """Only those pauses that begin after the one before has ended: a clock is not paused twice at once."""
    history: list[Pause] = []
    for pause in sorted(paused, key=lambda pause: pause.starts):
        last = history[-1].ends if history else None
        if last is None or pause.starts > last:
            history.append(pause)
    return history
