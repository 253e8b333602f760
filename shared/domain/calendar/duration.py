"""A time standard as an SOP states it: an exact whole number of a named unit, and the kind of time it runs in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, Self, cast, get_args

from shared.base.whole_numbers import whole_number

Unit = Literal["s", "min", "h", "d", "wd"]
TimeKind = Literal["working", "wall"]

SECONDS: Final[Mapping[Unit, int]] = {"s": 1, "min": 60, "h": 3600}
_LONGEST_SECONDS: Final = 100 * 366 * 86_400

_WORDS: Final[Mapping[Unit, tuple[str, ...]]] = {
    "s": ("s", "sec", "secs", "second", "seconds", "detik", "dtk"),
    "min": ("min", "mins", "minute", "minutes", "menit", "mnt"),
    "h": ("h", "hr", "hrs", "hour", "hours", "jam"),
    "d": ("d", "day", "days", "hari", "hari kalender", "calendar day", "calendar days"),
    "wd": ("wd", "hk", "hari kerja", "working day", "working days"),
}
_UNIT_WORDS: Final = {word: unit for unit, words in _WORDS.items() for word in words}
_TIME_WORDS: Final[Mapping[str, TimeKind]] = {
    "working": "working",
    "kerja": "working",
    "wall": "wall",
    "kalender": "wall",
}
_NATURAL_TIME: Final[Mapping[Unit, TimeKind]] = {
    "s": "working",
    "min": "working",
    "h": "working",
    "d": "wall",
    "wd": "working",
}
# Stands for a kind of time left out; __post_init__ replaces it, so that readers always find one of the two.
_UNSAID: Final = cast(TimeKind, "")
_PART: Final = re.compile(r"(?P<amount>[-+]?[0-9][0-9.,]*)\s*(?P<words>[^\W\d_]+(?:\s+[^\W\d_]+)*)\s*")
_REMEDY: Final = "write a whole number and a unit, e.g. `15 s`, `15 min`, `3 h`, `2 d`, `3 wd`, `15 s wall`"


class DurationError(ValueError):
    """A text or number that is no time standard; the message says what to write instead."""


@dataclass(frozen=True)
class Duration:
    """A time standard.

    :param amount: how many units; a whole number, zero or more.
    :param unit: ``s``, ``min``, ``h``, ``d`` (calendar days) or ``wd`` (working days).
    :param time: ``working`` (the clock runs in opening hours only) or ``wall`` (it never stops). Left out: working for
        seconds, minutes, hours and working days, wall for calendar days; the two kinds of day allow nothing else.
    :raises DurationError: for anything else.
    """

    amount: int
    unit: Unit
    time: TimeKind = _UNSAID

    def __post_init__(self) -> None:
        if self.unit not in get_args(Unit):
            raise DurationError(f"{self.unit!r} is no unit: {_REMEDY}")
        if isinstance(self.amount, bool) or not isinstance(self.amount, int):
            raise DurationError(f"the amount {self.amount!r} is not a whole number: {_REMEDY}")
        if self.amount < 0:
            raise DurationError(f"a time standard of {self.amount} {self.unit} lies in the past: it must be 0 or more")
        if not self.time:
            object.__setattr__(self, "time", _NATURAL_TIME[self.unit])
        if self.time not in get_args(TimeKind):
            raise DurationError(f"{self.time!r} is no kind of time: write `working` or `wall`")
        if self.unit in ("d", "wd") and self.time != _NATURAL_TIME[self.unit]:
            meant = "`wd` (working days)" if self.unit == "d" else "`d` (calendar days)"
            raise DurationError(f"{self.amount} {self.unit} cannot run in {self.time} time: {meant} is meant?")
        if self.amount * SECONDS.get(self.unit, 86_400) > _LONGEST_SECONDS:
            raise DurationError(f"{self.amount} {self.unit} is longer than a hundred years")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a time standard, e.g. ``135 min``, ``15 s wall``, ``2 h 15 min``, ``3 hari kerja``, ``15 menit``.

        Indonesian and English unit words mean the same. Bare ``hari`` is a calendar day. Several parts of seconds,
        minutes and hours add up, in the smallest unit named.

        :raises DurationError: if the text is anything else, with what to write instead.
        """
        return cast("Self", _read(text))

    @classmethod
    def _of(cls, text: str) -> Self:
        parts: list[Self] = []
        place = 0
        stripped = text.strip()
        while place < len(stripped):
            match = _PART.match(stripped, place)
            if match is None:
                raise DurationError(f"{text!r} is not understood as a time standard: {_REMEDY}")
            parts.append(cls._part(text, match["amount"], " ".join(match["words"].lower().split())))
            place = match.end()
        if not parts:
            raise DurationError(f"a time standard is missing: {_REMEDY}")
        return parts[0] if len(parts) == 1 else cls._sum(text, parts)

    @property
    def seconds(self) -> int:
        """The amount in seconds.

        :raises DurationError: for days, whose length depends on the calendar.
        """
        if self.unit not in SECONDS:
            raise DurationError(f"{self} has no fixed number of seconds: its length depends on the calendar")
        return self.amount * SECONDS[self.unit]

    def __str__(self) -> str:
        """The shortest text that :meth:`parse` reads back as the same duration."""
        suffix = "" if self.time == _NATURAL_TIME[self.unit] else f" {self.time}"
        return f"{self.amount} {self.unit}{suffix}"

    @classmethod
    def _part(cls, text: str, amount: str, words: str) -> Self:
        unit, time = _UNIT_WORDS.get(words), _UNSAID
        if unit is None:
            head, _, last = words.rpartition(" ")
            unit = _UNIT_WORDS.get(head)
            time = _TIME_WORDS.get(last, time)
            if unit is None or not time:
                raise DurationError(f"{words!r} in {text!r} is no unit: {_REMEDY}")
        number = whole_number(amount.lstrip("-+"))
        if number is None:
            raise DurationError(f"{amount!r} in {text!r} is not a whole number: use a smaller unit, e.g. `90 min`")
        return cls(-number if amount.startswith("-") else number, unit, time)

    @classmethod
    def _sum(cls, text: str, parts: list[Self]) -> Self:
        # The kind of time may be said once, at the end: "1 jam 30 menit kalender".
        time = parts[-1].time
        if any(part.unit not in SECONDS for part in parts):
            raise DurationError(f"{text!r} mixes days with other units: state it in one unit")
        smallest = min((part.unit for part in parts), key=lambda unit: SECONDS[unit])
        return cls(sum(part.seconds for part in parts) // SECONDS[smallest], smallest, time)


@lru_cache(512)  # procedures name some dozens, and each clock that is shown tells one of them
def _read(text: str) -> Duration:
    return Duration._of(text)  # noqa: SLF001 - its own, kept for the next that asks
