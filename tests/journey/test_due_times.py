"""Due times as one gets them with a wall calendar and a pencil, and what follows when they pass, in four procedures."""

from collections.abc import Iterator

import pytest

from tests.journey.installation import START, up
from tests.journey.october import October, local, play


@pytest.fixture(scope="module")
def october(tmp_path_factory: pytest.TempPathFactory) -> Iterator[October]:
    """Two months, played once."""
    with up(tmp_path_factory.mktemp("october") / "data", "--simulated-clock", START) as api:
        yield play(api)


def _due(october: October, name: str) -> dict[str, str | None]:
    return {key.removeprefix(f"{name} "): due for key, due in october.due.items() if key.startswith(f"{name} ")}


def _happened(october: October, name: str, *events: str) -> list[tuple[str, str | None]]:
    timeline = october.travellers[name].view["timeline"]
    return [(entry["event"], local(entry["at"])) for entry in timeline if entry["event"] in events]


def _late(october: October, name: str) -> list[tuple[str, str, int]]:
    clocks = october.travellers[name].view["clocks"]
    return [(c["step"], c["actor"], c["late_seconds"]) for c in clocks if c["late_seconds"] and c["target"] == "step"]


def test_bantul_minutes_carry_over_days(october: October) -> None:
    """1060 working minutes from Monday eight o'clock end on Wednesday; 660 for the unit run into the next afternoon."""
    expected = {
        "receive": "10-05T09:00",
        "case": "10-07T10:40",
        "examine": "10-05T10:30",
        "handle": "10-06T14:30",
        "verify": "10-07T08:00",
        "enter": "10-07T10:00",
        "receive_answer": "10-21T16:00",
    }

    assert expected == {key: due for key, due in _due(october, "bantul").items() if not key.startswith("late")}


def test_bantul_the_late_desk_is_charged(october: October) -> None:
    """The Secretary kept the report an hour too long; the unit, done in its last second, was in time."""
    bantul = october.travellers["bantul"]

    assert [("verify", "liaison", 3600)] == _late(october, "bantul")
    assert [("ClockBreached", "10-07T08:00")] == _happened(october, "bantul", "ClockBreached")
    assert ("satisfied", "10-07T10:00") == (bantul.clock("case")["state"], local(bantul.clock("case")["ended_at"]))


@pytest.mark.parametrize(
    ("name", "closed_at"),
    [
        ("bantul", "10-21T16:00"),  # answered on Wednesday the 7th
        ("cirebon", "10-19T16:00"),  # on Monday the 5th
        ("majalengka", "10-26T16:00"),  # on Monday the 12th
        ("trenggalek", "11-06T16:30"),  # on Friday the 23rd: closed on a Friday, half an hour later
    ],
)
def test_what_was_answered_closes_after_ten_working_days(october: October, name: str, closed_at: str) -> None:
    """Left alone by its reporter, it is closed at closing time of the tenth working day after, everywhere."""
    assert [("Closed", closed_at)] == _happened(october, name, "Closed")
    assert ("closed", None) == october.travellers[name].place()[:2]
    assert [] == [clock for clock in october.travellers[name].view["clocks"] if clock["ended_at"] is None]


def test_bantul_a_breach_climbs_the_chain(october: October) -> None:
    """An hour for the operator: at nine the Secretary is told, another hour later the head, and then nobody else."""
    events = _happened(october, "bantul late", "ClockBreached", "Escalated")

    assert [("ClockBreached", "10-05T09:00"), ("Escalated", "10-05T09:00"), ("Escalated", "10-05T10:00")] == events[:3]
    assert [("ClockBreached", "10-07T10:40")] == events[3:]
    told = october.travellers["bantul late"].view["timeline"]
    assert ["liaison", "head"] == [entry["to_actor"] for entry in told if entry["event"] == "Escalated"]
    assert ["agency-dpupkp-liaison", "agency-dpupkp-head"] == october.travellers["bantul late"].told("escalated")


def test_majalengka_days_are_days_of_the_calendar(october: October) -> None:
    """Two, thirty and thirty-four days later at the same time of day, Sundays not left out."""
    expected = {"coordinate": "10-07T08:00", "case": "11-08T08:00", "respond": "11-05T14:00"}

    assert expected == {k: v for k, v in _due(october, "majalengka").items() if " " not in k}


def test_majalengka_the_national_admin_hears_of_the_countys_lateness(october: October) -> None:
    """Two hours late, counted through the night as days are, and told at the due time."""
    assert [("coordinate", "coordinator", 7200)] == _late(october, "majalengka late")[:1]
    assert [("Escalated", "10-07T08:00")] == _happened(october, "majalengka late", "Escalated")[:1]
    assert "actor-national_admin" in october.travellers["majalengka late"].told("escalated")


def test_majalengka_somebody_asks_when_nothing_comes_of_a_transfer(october: October) -> None:
    """Sixty days after it went to another authority; the reporter and the national admin are told."""
    way = october.travellers["majalengka elsewhere"]

    assert {"elsewhere": "11-05T10:00"} == _due(october, "majalengka elsewhere")
    assert [("Forwarded", "11-05T10:00")] == _happened(october, "majalengka elsewhere", "Forwarded")
    assert ("transferred", "ask", "coordinator", None) == way.place()
    assert [] == way.told("closed")
    assert "paused" == way.clock("case")["state"]


def test_trenggalek_working_days_end_at_closing_time(october: October) -> None:
    """The n-th working day after the day of receipt, Fridays at half past four; twelve hours' pause moves the case."""
    expected = {
        "register": "10-06T16:00",
        "complain": "11-05T14:00",
        "verify": "10-13T16:00",  # again, from Thursday the 8th
        "case": "12-01T12:00",  # Friday, 27 November 16:30, and two, seven and a half, and two and a half hours
        "study": "10-14T16:00",
        "memo": "10-21T16:00",
        "instruct": "10-21T16:00",  # what the memo has left
        "draft": "10-27T16:00",  # again, from Thursday the 22nd
        "review": "11-11T16:00",
    }

    assert expected == _due(october, "trenggalek")


def test_trenggalek_the_promise_of_the_case_is_kept_beside_its_due_time(october: October) -> None:
    """39 working days from filing, as promised; later by what the reporter took, as it is now."""
    case = october.travellers["trenggalek"].clock("case")

    assert ("11-27T16:30", "12-01T12:00") == (local(case["promised_due_at"]), local(case["due_at"]))


def test_trenggalek_silence_lapses(october: October) -> None:
    """Thirty days after the return, to the minute; in the last minute it was still open, a minute later too late."""
    assert {"silent, in time": 422, "silent, too late": 409} == october.statuses
    assert [("Lapsed", "11-05T14:00")] == _happened(october, "trenggalek silent", "Lapsed")
    assert ["actor-coordinator", "reporter"] == october.travellers["trenggalek silent"].told("lapsed")
    assert "cancelled" == october.travellers["trenggalek silent"].clock("case")["state"]


def test_cirebon_seconds_and_hours(october: October) -> None:
    """Fifteen seconds of wall time for the system, three working hours for PIC and admin together."""
    system = october.travellers["cirebon"].clock("step", "record")

    assert ("10-05T08:00", "10-05T08:00:15") == (local(system["started_at"]), local(system["due_at"]))
    expected = {"respond": "10-05T11:00", "case": "10-05T11:01", "gate": "10-05T11:00"}
    assert expected == {k: v for k, v in _due(october, "cirebon").items() if " " not in k}
    assert [] == _late(october, "cirebon")


def test_cirebon_hours_stop_over_the_week_end(october: October) -> None:
    """From Friday three o'clock: an hour and a half until closing, and as much on Monday; the case a minute more."""
    expected = {"respond": "10-12T09:00", "case": "10-12T09:01", "gate": "10-12T10:00"}

    assert expected == _due(october, "cirebon late")


def test_cirebon_time_used_up_is_charged_to_whoever_used_it(october: October) -> None:
    """An hour to the PIC; to the admin, for whom nothing was left, the five minutes that it lay there."""
    assert [("respond", "pic", 3600), ("gate", "coordinator", 300)] == _late(october, "cirebon late")
    case = october.travellers["cirebon late"].clock("case")
    assert ("breached", 3840) == (case["state"], case["late_seconds"])
