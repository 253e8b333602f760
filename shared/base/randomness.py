"""Where ids and secrets come from, so that a run can be replayed exactly."""

import hashlib
import os
from typing import Protocol
from uuid import UUID


class Randomness(Protocol):
    """A source of unpredictable bytes."""

    def bytes(self, count: int) -> bytes:
        """``count`` random bytes."""


class SystemRandomness:
    """The operating system's generator: the only one fit for keys in use."""

    def bytes(self, count: int) -> bytes:
        """``count`` bytes from the operating system."""
        return os.urandom(count)


class SeededRandomness:
    """A reproducible source for tests and benchmarks. Never for keys that protect anybody.

    :param seed: the same seed gives the same bytes in the same order.
    """

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._drawn = 0

    def bytes(self, count: int) -> bytes:
        """The next ``count`` bytes of the sequence."""
        drawn = b""
        while len(drawn) < count:
            drawn += hashlib.sha256(f"{self._seed}:{self._drawn}".encode()).digest()
            self._drawn += 1
        return drawn[:count]


def new_uuid(randomness: Randomness) -> UUID:
    """A random (version 4) UUID from the given source."""
    return UUID(bytes=randomness.bytes(16), version=4)
