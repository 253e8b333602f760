"""``aduan bench soak`` as long as it is meant to be."""

import pytest

from benchmarks.soak import report

PER_SECOND = 5.0
"""Complaints: over a hundred times what a nation files, and less than half of the full load of two cores that other
tests use too."""

pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.rabbitmq, pytest.mark.chaos]


def test_nothing_is_lost_and_nothing_grows_in_twenty_minutes() -> None:
    """Everything is restarted in turn, then all is quiet; what is outstanding, lost, there twice or grows ends it."""
    print(report(minutes=20, per_second=PER_SECOND))  # noqa: T201
