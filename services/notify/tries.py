"""How often a letter is tried, and after which pauses: twice as long each time, and never all of them at one moment."""

from datetime import timedelta
from typing import Final

from shared.base.randomness import Randomness

ATTEMPTS: Final = 18
"""With the pauses doubling up to the longest, a letter is tried for about 40 hours by mail, and 20 by a channel."""
BY_MAIL: Final = timedelta(minutes=1)
"""Mail servers that put strangers off for a while (greylisting) count against whoever is back at once."""
BY_CHANNEL: Final = timedelta(seconds=2)
"""A provider that is called over HTTP is mostly back in a moment, and its account rests by itself when it is not."""
LONGEST: Final = timedelta(hours=4)
LONGEST_OF_REPLY: Final = timedelta(minutes=15)
"""Somebody waits for it at the other end."""
SPREAD: Final = 0.3
"""By which share a pause is shorter or longer than it would be: what failed together does not come back together."""
_DRAWN_BYTES: Final = 4


def pause(tries: int, first: timedelta, longest: timedelta, randomness: Randomness) -> timedelta:
    """How long is waited after so many tries.

    :param tries: from 1.
    :param first: after the first; each further pause is twice as long.
    :param longest: beyond which none grows, but for the share by which it is drawn longer.
    :param randomness: of the installation, so that a run can be replayed.
    """
    drawn = int.from_bytes(randomness.bytes(_DRAWN_BYTES)) / (256**_DRAWN_BYTES - 1)
    return min(first * 2 ** min(tries - 1, 30), longest) * (1 - SPREAD + 2 * SPREAD * drawn)
