"""``aduan clock explain``: the sum behind every due time of a ticket."""

import re

from tests.cli.command import Ran, aduan_here, settings_of
from tests.fixtures.office import Office


def _explained(office: Office, ticket: str, *options: str) -> Ran:
    return aduan_here("clock", "explain", ticket, *options, **settings_of(office))


def test_the_sum_is_printed(office: Office) -> None:
    """1060 working minutes, window by window over three days, and the promise that they come to."""
    receipt = office.file("bantul", category="PERHUBUNGAN")
    office.run_system(receipt)

    ran = _explained(office, receipt.ticket, "--language", "en")

    assert 0 == ran.status, ran.err
    case, step = ran.out.strip().split("\n\n")
    assert [
        "case:1  case  classify    1060 min  running",
        "Standard 1060 min of working time, from Monday 05-10-2026 08:00 WIB; calendar bantul",
        "Monday 05-10-2026, 08:00-12:00: 240 min; total 240 min",
        "Monday 05-10-2026, 13:00-16:00: 180 min; total 420 min",
        "Tuesday 06-10-2026, 07:30-12:00: 270 min; total 690 min",
        "Tuesday 06-10-2026, 13:00-16:00: 180 min; total 870 min",
        "Wednesday 07-10-2026, 07:30-10:40: 190 min; total 1060 min",
        "Due Wednesday 07-10-2026 10:40 WIB",
        "promised 2026-10-07T10:40:00+07:00",
    ] == [re.sub(r"(calendar \w+) .*", r"\1", line) for line in case.splitlines()]
    assert step.splitlines()[0] == "step:3  step  receive  operator dishub  60 min  running"
    assert step.splitlines()[-1] == "promised 2026-10-05T09:00:00+07:00"


def test_a_pause_is_in_the_sum(office: Office) -> None:
    """What the reporter took is left out of the count, and the promise stands beside the due time."""
    receipt = office.file("cilacap")
    office.later(minutes=10)
    office.act(receipt, "coordinator", "return", reason="Alamat kurang jelas")
    office.later(minutes=30)
    office.say(receipt, "supplement", title="Jalan rusak")

    ran = _explained(office, receipt.ticket)

    assert 0 == ran.status, ran.err
    case = next(part for part in ran.out.split("\n\n") if part.strip().startswith("case:"))
    assert "promised 2026-10-05T10:15:00+07:00" in case
    assert "after pauses 2026-10-05T10:45:00+07:00" in case
    assert "pause" in _explained(office, receipt.ticket, "--language", "en").out


def test_shared_time_is_counted_from_its_start(office: Office) -> None:
    """The admin's time is what the PIC has left: the sum begins with the PIC's, and says when the admin received it."""
    receipt = office.file("cirebon", category="PERHUBUNGAN")
    office.run_system(receipt)
    office.later(minutes=90)
    office.act(receipt, "pic", "answer", text="Selesai")

    ran = _explained(office, receipt.ticket, "--language", "en")

    assert 0 == ran.status, ran.err
    gate = next(part for part in ran.out.split("\n\n") if "gate  coordinator" in part)
    assert "from Monday 05-10-2026 08:00 WIB" in gate
    assert "time shared with the holder before, received 2026-10-05T09:30:00+07:00" in gate
    assert "promised 2026-10-05T11:00:00+07:00" in gate


def test_an_unknown_ticket_is_told_in_a_line(office: Office) -> None:
    """Status 2, one line, no trace."""
    ran = _explained(office, "CLP-2026-999999")

    assert (2, 1) == (ran.status, len(ran.err.strip().splitlines()))
    assert ran.err.startswith("aduan: ")
    assert "" == ran.out
