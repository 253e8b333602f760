"""A clock under leave: it stands still for a while and goes on by itself, or is put off; the promise stays."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.calendar.duration import Duration
from shared.domain.calendar.pause import Pause
from shared.domain.dossier.clocks import BREACHED, PAUSED, RUNNING, SATISFIED, DossierClock, clocks_of
from shared.domain.dossier.dossier import fold
from shared.domain.dossier.explaining import explain_clock, pauses_of
from shared.domain.dossier.leave import EXTENSION, PAUSE, LeaveType
from shared.domain.dossier.leave_terms import latest, resumed_early, terms
from tests.dossier.story import Story

TENANTS = ("bantul", "cilacap", "cirebon", "majalengka", "trenggalek")
CLASSIFIED = {"classification": "complaint", "category": "JALAN", "by": "keyword"}
MOST = Duration.parse("30 wd")


class Late(Story):
    """A dossier before an agency's desk, which needs longer."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.file()
        while self.dossier is not None and self.dossier.held_by_agency is None:
            here = self.desk.sop_of(self.dossier).step(self.dossier.step or "").actions
            forward = ("Classified", "Dispositioned", "Forwarded")
            action = next(each for each in here if each.event in forward and each.to != "same")
            self.do(action, **(CLASSIFIED if action.event == "Classified" else {}))

    @property
    def standing(self) -> DossierClock:
        """The clock of the step."""
        assert self.dossier is not None
        clock = self.dossier.open_clock("step")
        assert clock is not None
        return clock

    def grant(self, kind: LeaveType, until: datetime) -> None:
        """Leave is given."""
        now, clock = self.clock.now(), self.standing
        due_at, warn_at = terms(self.desk.tenant.calendar.as_known(now), clock, kind, now, until)
        about = {"asked": 1, "kind": kind, "why": "goods", "clock": clock.id}
        self.note("LeaveGranted", None, **about, until_at=until, due_at=due_at, warn_at=warn_at)

    def resume(self, at: datetime | None = None) -> None:
        """The pause is ended, or its end is noted."""
        clock = resumed_early(self.desk.tenant.calendar, self.standing, at or self.clock.now())
        self.note("Resumed", at, clock=clock.id, due_at=clock.due_at, warn_at=clock.warn_at)

    def at(self, text: str) -> None:
        """So late is it."""
        self.clock.move_to(_wib(text))


def _wib(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+07:00")


def test_a_pause_moves_the_due_time_by_the_working_time_it_covers() -> None:
    """Over a week-end from Friday 16:00 to Monday 08:00: an hour of working time; the promise stays."""
    story = Late(start="2026-10-09T15:50:00+07:00")
    story.at("2026-10-09T16:00:00")
    story.grant(PAUSE, _wib("2026-10-12T08:00:00"))
    clock = story.standing

    assert (PAUSED, _wib("2026-10-09T16:05:00"), _wib("2026-10-12T08:05:00")) == (
        clock.state,
        clock.promised_due_at,
        clock.due_at,
    )
    assert story.dossier is not None
    assert clock.due_at == story.dossier.due_at


def test_a_pause_ends_by_itself() -> None:
    """No event says so: at its end the clock runs, and later it is late."""
    story = Late()
    story.grant(PAUSE, _wib("2026-10-05T09:00:00"))
    clock = story.standing

    assert [PAUSED, RUNNING, RUNNING, BREACHED] == [
        clock.state_at(_wib(f"2026-10-05T{time}")) for time in ("08:59:59", "09:00:00", "09:15:00", "09:15:01")
    ]


def test_a_step_left_after_the_end_of_its_pause_is_judged_by_the_due_time_it_then_had() -> None:
    """Whether or not a timer has noted the end: a second too late is too late."""
    for time, expected in (("09:15:00", SATISFIED), ("09:15:01", BREACHED)):
        story = Late()
        story.grant(PAUSE, _wib("2026-10-05T09:00:00"))
        story.at(f"2026-10-05T{time}")
        story.act("forward")
        clocks = clocks_of(story.events)

        assert expected == [clock for clock in clocks if clock.target == "step"][1].state
        assert (1 if expected == BREACHED else 0) == story.events[-1].late_seconds


def test_a_pause_ended_early_counts_as_long_as_it_lasted() -> None:
    """What was waited for came on the first day."""
    story = Late()
    story.grant(PAUSE, _wib("2026-10-20T09:00:00"))
    story.at("2026-10-05T08:40:00")
    story.resume()

    assert (RUNNING, _wib("2026-10-05T08:55:00")) == (story.standing.state, story.standing.due_at)


def test_asked_for_again_while_it_stands_still_it_is_one_pause() -> None:
    """Until the new end, whether that is later or earlier than the one before."""
    for until, due_at in (("10:00:00", "10:15:00"), ("08:30:00", "08:45:00")):
        story = Late()
        story.grant(PAUSE, _wib("2026-10-05T09:00:00"))
        story.at("2026-10-05T08:10:00")
        story.grant(PAUSE, _wib(f"2026-10-05T{until}"))

        assert _wib(f"2026-10-05T{due_at}") == story.standing.due_at
        assert [Pause(_wib("2026-10-05T08:00:00"), _wib(f"2026-10-05T{until}"), "goods")] == pauses_of(
            story.standing, story.events
        )


@pytest.mark.parametrize("kind", [PAUSE, EXTENSION])
def test_what_has_breached_stays_breached(kind: LeaveType) -> None:
    """Leave that comes too late explains the delay and undoes nothing, noted or not."""
    for noted in (False, True):
        story = Late()
        story.at("2026-10-05T08:16:00")
        if noted:
            clock = story.standing
            about = {"clock": clock.id, "target": "step", "holder": "operator", "holder_agency": "dpupr"}
            story.note("ClockBreached", clock.due_at, **about, due_at=clock.due_at)
        before = story.standing
        story.grant(kind, _wib("2026-10-06T09:00:00"))

        assert BREACHED == story.standing.state_at(story.clock.now())
        assert (before.due_at, before.promised_due_at) == (story.standing.due_at, story.standing.promised_due_at)


def test_an_extension_puts_the_due_time_off() -> None:
    """To the instant that was given; the promise stays on record, and a warning comes before the new due time."""
    story = Late()
    story.grant(EXTENSION, _wib("2026-10-06T10:00:00"))
    clock = story.standing

    assert (RUNNING, _wib("2026-10-05T08:15:00"), _wib("2026-10-06T10:00:00")) == (
        clock.state,
        clock.promised_due_at,
        clock.due_at,
    )
    assert clock.warn_at is not None
    assert _wib("2026-10-06T09:00:00") < clock.warn_at < clock.due_at


def test_two_holders_of_one_standard_share_what_leave_has_added() -> None:
    """Who gets the dossier while it stands still has what is left of the time, not what the pause would have added."""
    story = Late("trenggalek")
    story.act("forward")
    before = story.standing.due_at
    story.grant(PAUSE, _wib("2026-10-30T16:00:00"))
    story.at("2026-10-06T08:00:00")
    day = story.desk.tenant.calendar.between(_wib("2026-10-05T08:00:00"), _wib("2026-10-06T08:00:00"))
    story.act("forward")

    assert "instruct" == story.standing.step
    assert RUNNING == story.standing.state
    assert story.desk.tenant.calendar.add(before, day) == story.standing.due_at


def test_all_pauses_of_a_clock_count_together() -> None:
    """Thirty working days are thirty working days, taken at once or in parts; what is used up is used up."""
    story = Late("trenggalek")
    calendar, clock = story.desk.tenant.calendar, story.standing
    start = story.clock.now()
    whole = latest(calendar, clock, story.events, kind=PAUSE, most=MOST, at=start)
    seconds = calendar.between(start, whole)
    story.grant(PAUSE, _wib("2026-10-07T08:00:00"))
    used = calendar.between(start, _wib("2026-10-07T08:00:00"))
    story.at("2026-10-07T08:00:00")
    rest = latest(calendar, story.standing, story.events, kind=PAUSE, most=MOST, at=story.clock.now())

    assert seconds - used == calendar.between(story.clock.now(), rest)
    story.grant(PAUSE, rest)
    story.clock.move_to(rest)
    assert rest == latest(calendar, story.standing, story.events, kind=PAUSE, most=MOST, at=rest)


def test_all_extensions_of_a_clock_count_together() -> None:
    """What one has put off, the next cannot put off again."""
    story, most = Late("trenggalek"), Duration.parse("10 wd")
    calendar = story.desk.tenant.calendar
    first = latest(calendar, story.standing, story.events, kind=EXTENSION, most=most, at=story.clock.now())
    story.grant(EXTENSION, _wib("2026-10-12T16:00:00"))
    again = latest(calendar, story.standing, story.events, kind=EXTENSION, most=most, at=story.clock.now())
    story.grant(EXTENSION, again)

    assert first == again == story.standing.due_at
    assert again == latest(calendar, story.standing, story.events, kind=EXTENSION, most=most, at=story.clock.now())


def test_the_sum_is_explained_with_its_pauses_and_extensions() -> None:
    """What the calendar makes of start, standard, pauses and extensions is the due time on record."""
    story = Late()
    story.grant(PAUSE, _wib("2026-10-05T09:00:00"))
    story.at("2026-10-05T09:05:00")
    story.grant(EXTENSION, _wib("2026-10-05T11:00:00"))
    story.grant(PAUSE, _wib("2026-10-05T10:05:00"))
    explained = explain_clock(story.standing, story.events, story.desk.tenant.calendar)

    assert _wib("2026-10-05T12:00:00") == story.standing.due_at == explained.known_now
    assert [_wib("2026-10-05T11:00:00")] == [each.until_at for each in explained.extensions]
    assert "goods" in explained.promised.text


Act = tuple[str, int, int]
"""What is done, how many minutes later, and for how many minutes."""

acts = st.lists(
    st.tuples(st.sampled_from(["pause", "resume", "nothing"]), st.integers(0, 4_000), st.integers(1, 9_000)), max_size=6
)


@settings(max_examples=80, deadline=None)
@given(tenant=st.sampled_from(TENANTS), starts=st.integers(0, 20_160), acts=acts, noted=st.booleans())
def test_whatever_is_paused_and_resumed_the_calendar_agrees(
    tenant: str, starts: int, acts: list[Act], *, noted: bool
) -> None:
    """In any order, at nights and week-ends, with or without a timer's note: what the calendar sums up is the due time.

    It never moves before the promise, and every prefix of the events tells what was so when they had happened.
    """
    start = _wib("2026-10-05T00:00:00") + timedelta(minutes=starts)
    story = Late(tenant, start.isoformat())
    states = [fold(story.events)]
    for what, after, minutes in acts:
        story.later(minutes=after)
        clock = story.standing
        if noted and clock.paused_until is not None and clock.at(story.clock.now()).state != PAUSED:
            story.resume(clock.paused_until)
            states.append(story.dossier)
        if what == "pause":
            story.grant(PAUSE, story.clock.now() + timedelta(minutes=minutes))
        elif what == "resume" and story.standing.state_at(story.clock.now()) == PAUSED:
            story.resume()
        else:
            continue
        states.append(story.dossier)

    clock = story.standing
    pauses = pauses_of(clock, story.events)
    duration = Duration.parse(clock.within or "")
    assert story.desk.tenant.calendar.due(clock.started_at, duration, pauses) == clock.due_at
    assert clock.promised_due_at <= clock.due_at
    filed = len(story.events) - len(states) + 1
    assert states == [fold(story.events[: filed + number]) for number in range(len(states))]
