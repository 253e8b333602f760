"""Figures drawn as columns: the days of a month, and the times to a first answer. Only heights are worked out here.

The numbers stand in a table below, which is open on paper: nothing is told by a column, a shade or a line alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from portal.pages.frame import saying
from portal.pages.frame.language import gettext as _

HEIGHT: Final = 100
_DAY: Final = 86_400


@dataclass(frozen=True)
class FigureColumn:
    """One of them.

    :param label: what it is about.
    :param told: its figures as they are read, one for each of the heads.
    :param first: the height of the first figure; none where it is not told.
    :param second: the height of the second, drawn as an outline; none where there is none.
    :param shaded: whether nobody worked then.
    """

    label: str
    told: tuple[str, ...]
    first: float | None
    second: float | None = None
    shaded: bool = False


@dataclass(frozen=True)
class ColumnFigure:
    """A figure of them.

    :param heads: what the figures of each column are; ``about`` what their labels are.
    :param line: behind how many columns a line stands; none without one.
    :param finding: what it shows, in one sentence.
    """

    about: str
    heads: tuple[str, ...]
    columns: tuple[FigureColumn, ...]
    finding: str
    line: int | None = None


def days(told: Sequence[Mapping[str, Any]], *, public: bool) -> ColumnFigure | None:
    """What came and what was answered, day by day; none of a month in which nothing came.

    :param told: as the spread of a month has them.
    :param public: for everybody, who are told nothing of what was answered by day.
    """
    counts = [count for each in told for count in (each["filed"], each["answered"]) if count]
    if not counts and not any(each["filed"] is None for each in told):
        return None
    top = max(counts, default=1)
    heads = (_("Aduan masuk"),) if public else (_("Aduan masuk"), _("Aduan dijawab"))
    columns = tuple(
        FigureColumn(
            saying.short_day(date.fromisoformat(each["id"])),
            tuple(_count(count) for count in (each["filed"], each["answered"])[: len(heads)]),
            None if each["filed"] is None else HEIGHT * each["filed"] / top,
            HEIGHT * each["answered"] / top if each["answered"] else None,
            each["closed"],
        )
        for each in told
    )
    return ColumnFigure(_("Hari"), heads, columns, _busiest(told))


def first_answers(told: Mapping[str, Any]) -> ColumnFigure | None:
    """How long first answers took; none where nothing was answered.

    :param told: as the spread of a month has it.
    """
    bins = told["bins"]
    known = [each["filed"] for each in bins if each["filed"]]
    if not known:
        return None
    top = max(known)
    columns = tuple(
        FigureColumn(
            span_words(each, working=told["working"]),
            (_count(each["filed"]),),
            None if each["filed"] is None else HEIGHT * each["filed"] / top,
        )
        for each in bins
    )
    return ColumnFigure(_("Lama"), (_("Banyaknya aduan"),), columns, _soon(told), told["within"])


def _count(count: int | None) -> str:
    return _("kurang dari 5") if count is None else saying.number(count)


def span_words(each: Mapping[str, Any], *, working: bool) -> str:
    """Between which times the answers of a bin came.

    :param each: as the spread of a month has it.
    """
    if each["most"] is None:
        return _("lebih dari %(length)s", length=_length(each["least"], working=working))
    return _("sampai %(length)s", length=_length(each["most"], working=working))


def _length(seconds: int, *, working: bool) -> str:
    if not working and seconds >= _DAY and seconds % (_DAY // 2) == 0:
        return _("%(n)s hari", n=saying.number(seconds / _DAY))
    return saying.length(seconds)


def _busiest(told: Sequence[Mapping[str, Any]]) -> str:
    most = max(told, key=lambda each: each["filed"] or 0)
    if not most["filed"]:
        return _("Tiap hari kurang dari lima aduan masuk.")
    when = saying.full_day(date.fromisoformat(most["id"]))
    return _("Paling banyak masuk %(when)s: %(n)s aduan.", when=when, n=saying.number(most["filed"]))


def _soon(told: Mapping[str, Any]) -> str:
    counts, within = [each["filed"] for each in told["bins"]], told["within"]
    if None in counts:
        return _("Hitungan di bawah lima tidak ditampilkan.")
    if within is None:
        return _("%(n)s aduan sudah dijawab.", n=saying.number(sum(counts)))
    soon = sum(counts[:within])
    told_of = {"n": saying.number(soon), "of": saying.number(sum(counts))}
    return _("%(n)s dari %(of)s jawaban pertama datang sebelum garis standar.", **told_of)
