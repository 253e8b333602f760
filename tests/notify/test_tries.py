"""After which pauses a letter is tried again."""

from datetime import timedelta

import pytest

from services.notify.tries import ATTEMPTS, BY_CHANNEL, BY_MAIL, LONGEST, LONGEST_OF_REPLY, SPREAD, pause
from shared.base.randomness import SeededRandomness


def pauses(first: timedelta, longest: timedelta, seed: str = "pauses") -> list[float]:
    """All pauses of one letter, in seconds."""
    drawn = SeededRandomness(seed)
    return [pause(tries, first, longest, drawn).total_seconds() for tries in range(1, ATTEMPTS)]


@pytest.mark.parametrize(
    ("first", "longest", "least_hours", "most_hours"),
    [(BY_MAIL, LONGEST, 27, 53), (BY_CHANNEL, LONGEST, 11, 23), (BY_CHANNEL, LONGEST_OF_REPLY, 1, 3)],
    ids=["mail", "channel", "reply"],
)
def test_pauses_double_up_to_the_longest(
    first: timedelta, longest: timedelta, least_hours: float, most_hours: float
) -> None:
    """Each within its share of what it would be, and all of them together about as long as is said."""
    found = pauses(first, longest)
    even = [min(first.total_seconds() * 2**tries, longest.total_seconds()) for tries in range(ATTEMPTS - 1)]
    assert all(abs(each / middle - 1) <= SPREAD for each, middle in zip(found, even, strict=True))
    assert least_hours < sum(found) / 3600 < most_hours


def test_what_failed_together_does_not_come_back_together() -> None:
    """Pauses are drawn from the installation's own source: the same again for a run that is replayed, else not."""
    assert pauses(BY_MAIL, LONGEST) == pauses(BY_MAIL, LONGEST)
    together = {pauses(BY_MAIL, LONGEST, f"letter {number}")[0] for number in range(50)}
    assert 50 == len(together)
    assert max(together) - min(together) > BY_MAIL.total_seconds() * SPREAD
