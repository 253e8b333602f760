"""Opening windows of a day and of a week, in local time."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Self

DAY_SECONDS: Final = 86_400
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WINDOW: Final = re.compile(r"^([0-9]{2})[:.]([0-5][0-9])\s*-\s*([0-9]{2})[:.]([0-5][0-9])$")


@dataclass(frozen=True, order=True)
class Window:
    """An opening window ``[opens, closes)``, half-open: at the closing second the office is closed.

    :param opens: seconds after local midnight.
    :param closes: seconds after local midnight; 86,400 (written 24:00) is the next midnight, so that
        ``00:00-24:00`` leaves no minute out.
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= DAY_SECONDS:
            raise ValueError(f"a window must open before it closes, within one day (00:00-24:00): {self}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``07:30-12:00``; a window over midnight is written as two, one of each day.

        :raises ValueError: if the text is no window.
        """
        match = _WINDOW.match(text.strip())
        if match is None:
            raise ValueError(f"{text!r} is not a window: write HH:MM-HH:MM, e.g. 07:30-12:00")
        hours, minutes, end_hours, end_minutes = map(int, match.groups())
        return cls(hours * 3600 + minutes * 60, end_hours * 3600 + end_minutes * 60)

    def __str__(self) -> str:
        return f"{_clock(self.opens)}-{_clock(self.closes)}"


@dataclass(frozen=True)
class Week:
    """The windows of the seven days, Monday first; each day's in order and apart from each other."""

    days: tuple[tuple[Window, ...], ...]

    def __post_init__(self) -> None:
        if len(self.days) != len(DAYS):
            raise ValueError("a week has seven days")
        for name, windows in zip(DAYS, self.days, strict=True):
            for earlier, later in pairwise(windows):
                if later.opens < earlier.closes:
                    raise ValueError(f"windows of {name} overlap or are out of order: {earlier}, {later}")

    @property
    def seconds(self) -> int:
        """Open seconds in the week."""
        return sum(window.closes - window.opens for windows in self.days for window in windows)

    def as_text(self) -> dict[str, list[str]]:
        """The week as it is written in a file; the same for equal weeks."""
        return {name: [str(window) for window in windows] for name, windows in zip(DAYS, self.days, strict=True)}


def _clock(second: int) -> str:
    hours, rest = divmod(second, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")
