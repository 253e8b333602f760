"""The dated records a calendar is made of: closed days, working weeks and periods with other hours, by their decrees.

A record is never edited once it is in force: a later one supersedes it, and both stay, so that every promise made in
between can be reproduced.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from shared.domain.calendar.week import Week

ClosureKind = Literal["national_holiday", "collective_leave", "local_holiday", "closure"]
CLOSURE_KINDS: Final[Mapping[ClosureKind, Mapping[str, str]]] = {
    "national_holiday": {"id": "libur nasional", "en": "national holiday"},
    "collective_leave": {"id": "cuti bersama", "en": "collective leave"},
    "local_holiday": {"id": "libur daerah", "en": "local holiday"},
    "closure": {"id": "kantor tutup", "en": "office closed"},
}


@dataclass(frozen=True, kw_only=True)
class Decree:
    """The legal basis of a record.

    :param id: a name that other records refer to; part of the calendar's version.
    :param instrument: what kind of act, and whose.
    :param number: its number, as cited; none while it is not known.
    :param issued: its date of issue.
    :param approved_by: who signed or approved it.
    :param known_from: the local day from whose first second the calendar counts with it. The date of issue, unless
        the record reached this installation later: promises made in between did not know it.
    :param supersedes: ids of earlier decrees of which nothing remains in force.
    :param confirmed: whether number, date and content were seen in a source.
    :param note: what the administrator should know, e.g. what is not confirmed.
    :param followed_by: acts that repeat it for a smaller circle (a Keppres on civil servants' leave), for information.
    :param known_at: the whole second from which the calendar counts with it, where that is known better than by a day:
        of what was decreed in the browser.
    """

    id: str
    instrument: str
    number: str | None
    issued: date
    approved_by: tuple[str, ...]
    known_from: date
    supersedes: tuple[str, ...] = ()
    confirmed: bool = True
    note: str | None = None
    followed_by: tuple[str, ...] = ()
    known_at: datetime | None = None

    def cited(self, language: str = "id") -> str:
        """The decree as one cites it, with its date of issue."""
        number, of = ("Nomor", "tanggal") if language == "id" else ("Number", "of")
        numbered = f"{self.instrument} {number} {self.number}" if self.number else self.instrument
        doubt = "" if self.confirmed else (" (belum dipastikan)" if language == "id" else " (not confirmed)")
        return f"{numbered}, {of} {self.issued:%d-%m-%Y}{doubt}"


@dataclass(frozen=True)
class Closure:
    """One local day on which the office is closed although its week may say otherwise."""

    day: date
    name: str
    kind: ClosureKind
    decree: Decree


@dataclass(frozen=True)
class ClosureRecord:
    """The days that one decree closes, and those earlier closed that it makes working days again."""

    decree: Decree
    closures: tuple[Closure, ...]
    revokes: frozenset[date] = frozenset()


@dataclass(frozen=True)
class WeekRecord:
    """The ordinary working week from a day on.

    :param starts: the first day it holds; none = from the beginning.
    """

    decree: Decree
    starts: date | None
    week: Week


@dataclass(frozen=True)
class PeriodRecord:
    """Other hours from one day to another, both included (Ramadan). It goes before every ordinary week."""

    decree: Decree
    name: str
    starts: date
    ends: date
    week: Week


@dataclass(frozen=True)
class Records:
    """The records of one file. Those of a file read later (the tenant's own) go before those of one read earlier."""

    closures: tuple[ClosureRecord, ...] = ()
    weeks: tuple[WeekRecord, ...] = ()
    periods: tuple[PeriodRecord, ...] = ()

    @property
    def decrees(self) -> tuple[Decree, ...]:
        """The legal bases of all records, in the order of the file."""
        dated: tuple[WeekRecord | PeriodRecord | ClosureRecord, ...] = (*self.weeks, *self.periods, *self.closures)
        return tuple(record.decree for record in dated)


Decreed = Callable[[str], tuple[Records, ...]]
"""What a government has decreed elsewhere than in its file, by its name: the very same answer while nothing is new."""


def nothing_else(tenant_id: str) -> tuple[Records, ...]:
    """Only the files count."""
    del tenant_id
    return ()
