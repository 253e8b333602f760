"""The nation's year, as much of it as a test has time for."""

import pytest

from benchmarks.nation import Stretch, measure, told
from benchmarks.servers import servers


def test_what_a_complaint_adds_is_told_of_the_longest_log() -> None:
    """By where it lies, the most first; what did not grow is left out."""
    short = Stretch(1, complaints=2, events=16, late=[0.1, 0.2], sizes={"sla": (8192, 0)})
    long = Stretch(
        2, complaints=10, events=80, behind=[3, 7], sizes={"vault": (0, 0), "sla": (20, 20), "intake": (9, 90)}
    )
    text = told([short, long], 1.0)

    assert text.index("intake: 1 bytes of tables, 9 of indexes") < text.index("sla: 2 bytes of tables, 2 of indexes")
    assert "8.0 events" in text
    assert "12.0 million events" in text
    assert "vault" not in text
    assert "4.8 complaints a second" in text


@pytest.mark.chaos
def test_a_stretch_is_replayed_and_everything_done_afterwards() -> None:
    """Complaints are filed and answered, nothing stays behind the log, and every figure is there."""
    with servers() as given:
        text = measure(given, 0.03, burst_seconds=0.5, instances=(1, 2))

    assert 2 == text.count(" MB ")
    assert "eventstore.events" in text
