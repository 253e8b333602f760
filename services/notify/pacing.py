"""How fast, and whether at all: letters per second of an account, and a breaker for one that is ill.

Both are of the machine's time and of this process: they spare a provider, and decide nothing.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from shared.channels.carrier import LONGEST_WAIT_SECONDS

_FAILURES: Final = 5
_WITHIN_SECONDS: Final = 60.0
_FIRST_PAUSE_SECONDS: Final = 30.0
_LONGEST_PAUSE_SECONDS: Final = 900.0


@dataclass
class Pace:
    """One account's.

    :param rate: letters per second.
    :param burst: how many may go at once after a silence; a second's worth unless given.
    :param monotonic: the machine's clock.
    """

    rate: float
    burst: float = 0.0
    monotonic: Callable[[], float] = time.monotonic
    _tokens: float = 0.0
    _filled: float | None = None
    _failures: list[float] = field(default_factory=list)
    _shut_until: float = 0.0
    _pause: float = _FIRST_PAUSE_SECONDS
    _on_trial: bool = False
    _too_often: int = 0

    def __post_init__(self) -> None:
        self._tokens = self._most  # who has been silent may speak at once

    @property
    def _most(self) -> float:
        return max(1.0, self.burst or self.rate)

    def wait_seconds(self) -> float:
        """How long the next letter has to wait; 0 if it may go now, and is then counted."""
        wait = self.waits()
        if wait == 0:
            self.take()
        return wait

    def waits(self) -> float:
        """How long the next letter has to wait; 0 if it may go now."""
        now = self.monotonic()
        if now < self._shut_until:
            return self._shut_until - now
        self._fill(now)
        return 0.0 if self._tokens >= 1.0 else (1.0 - self._tokens) / self.rate

    def take(self) -> None:
        """A letter goes."""
        self._tokens -= 1.0

    @property
    def is_rested(self) -> bool:
        """Whether as many may go at once as ever."""
        self._fill(self.monotonic())
        return self._tokens >= self._most and not self.is_ill

    def _fill(self, now: float) -> None:
        filled = now if self._filled is None else self._filled
        self._tokens = min(self._most, self._tokens + (now - filled) * self.rate)
        self._filled = now

    @property
    def is_ill(self) -> bool:
        """Whether letters are held back because the account is ill, or the person was written to too often."""
        return self.monotonic() < self._shut_until

    def went_well(self) -> None:
        """A letter was taken: the account is well."""
        self._failures.clear()
        self._pause = _FIRST_PAUSE_SECONDS
        self._on_trial = False
        self._too_often = 0

    def too_often(self, base: float) -> float:
        """The provider says that one person is written to too often: the n-th time in a row nothing goes for base^n s.

        :param base: in seconds.
        :returns: for how many seconds nothing goes now.
        """
        self._too_often += 1
        pause = min(base**self._too_often, LONGEST_WAIT_SECONDS)
        self._shut_until = self.monotonic() + pause
        return pause

    def failed(self, *, shut: bool) -> None:
        """The network or the provider failed, or said that nothing of ours is taken.

        After a pause one letter tries whether that is over: if that fails too, the next pause begins.

        :param shut: that it said so: once is enough.
        """
        now = self.monotonic()
        self._failures = [at for at in self._failures if now - at < _WITHIN_SECONDS] + [now]
        if shut or self._on_trial or len(self._failures) >= _FAILURES:
            self._on_trial = True
            self._shut_until = now + self._pause
            self._pause = min(self._pause * 2, _LONGEST_PAUSE_SECONDS)
            self._failures.clear()
