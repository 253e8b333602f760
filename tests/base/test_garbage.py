"""Python's search for objects that hold one another, in processes that serve for long."""

import gc
from collections.abc import Iterator

import pytest

from shared.platform.garbage import rarely_collected


@pytest.fixture(autouse=True)
def _nothing_frozen() -> Iterator[None]:
    """As a process begins; a run of tests has frozen what it was made of, and searches seldom itself."""
    seldom = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    gc.unfreeze()
    yield
    gc.freeze()
    gc.set_threshold(*seldom)


def test_what_was_there_at_the_start_is_not_searched_while_a_process_serves() -> None:
    """Searched seldom and not at all below the start; what comes later and holds itself is freed all the same."""
    before = gc.get_threshold(), gc.get_freeze_count()
    with rarely_collected():
        assert gc.get_threshold()[0] > before[0][0]
        assert gc.get_freeze_count() > 1_000
        ring: list[object] = []
        ring.append(ring)
        del ring
        assert gc.collect() >= 1
    assert before == (gc.get_threshold(), gc.get_freeze_count())
