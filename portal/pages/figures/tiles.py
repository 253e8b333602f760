"""The main figures of a month: each with what it is of, and how it differs from another month."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from portal.pages.figures.bars import difference, same_words
from portal.pages.figures.lists import list_of
from portal.pages.frame import saying
from portal.pages.frame.language import gettext as _

_NONE: Final = "-"
_NOTHING: Final = (_NONE, "0")


@dataclass(frozen=True)
class Tile:
    """One figure.

    :param counted: what its list is asked for by, if that is not the whole month.
    :param address: of the list behind it, for who may open it.
    """

    name: str
    told: str
    under: str
    counted: str | None = None
    address: str | None = None


def with_lists(told: Iterable[Tile], month: str) -> tuple[Tile, ...]:
    """The same, each leading to its list; those of nothing lead nowhere."""
    return tuple(
        each if each.told in _NOTHING else replace(each, address=list_of(month, counted=each.counted)) for each in told
    )


def tiles(recap: Mapping[str, Any], other: Mapping[str, Any] | None) -> tuple[Tile, ...]:
    """The five main figures.

    :param other: the month to compare with, if one was asked for.
    """
    within, ratings = recap["within_standard"], recap["ratings"]
    decided = within["met"] + within["missed"]
    wrong = recap["wrong_dispositions"]
    return (
        Tile(
            _("Aduan masuk"),
            saying.number(recap["filed"]),
            difference(recap["filed"], other["filed"] if other else None),
        ),
        Tile(
            _("Sudah dijawab"),
            saying.number(recap["answered"]),
            _joined(
                _("%(n)s belum", n=saying.number(recap["open"])),
                difference(recap["answered"], other["answered"] if other else None),
            ),
            "answered",
        ),
        Tile(
            _("Sesuai standar waktu"),
            saying.share(within["share"]) if within["share"] is not None else _NONE,
            _joined(
                _("%(met)s dari %(n)s", met=saying.number(within["met"]), n=saying.number(decided)),
                _points(within["share"], other["within_standard"]["share"] if other else None),
            ),
            "met",
        ),
        Tile(
            _("Salah kirim ke dinas"),
            _("kurang dari 5") if wrong is None else saying.number(wrong),
            _joined(
                _of_sent(wrong, recap.get("dispositions")),
                difference(wrong, other["wrong_dispositions"] if other and wrong is not None else None),
            ),
            "wrong_agency",
        ),
        Tile(
            _("Nilai dari pelapor"),
            _("%(mean)s dari 5", mean=saying.number(ratings["mean"])) if ratings["mean"] is not None else _NONE,
            _joined(
                _("%(n)s penilaian", n=saying.number(ratings["count"])),
                _change(ratings["mean"], other["ratings"]["mean"] if other else None),
            ),
            "rated",
        ),
    )


def finding(recap: Mapping[str, Any]) -> str:
    """The month in one sentence."""
    within = recap["within_standard"]
    told = {"filed": saying.number(recap["filed"]), "answered": saying.number(recap["answered"])}
    if within["share"] is None:
        return _("Dari %(filed)s aduan, %(answered)s sudah dijawab.", **told)
    return _(
        "Dari %(filed)s aduan, %(answered)s sudah dijawab; %(share)s dalam standar waktu.",
        share=saying.share(within["share"]),
        **told,
    )


def _joined(*told: str) -> str:
    return "; ".join(filter(None, told))


def _of_sent(wrong: int | None, sent: int | None) -> str:
    """Of how much that was sent to offices something went wrong; nothing where that is not told."""
    if wrong is None or not sent:
        return ""
    return _("%(share)s dari %(n)s yang diteruskan", share=saying.share(wrong / sent), n=saying.number(sent))


def _change(now: float | None, then: float | None) -> str:
    """How a mean differs from that of the month to compare with."""
    if now is None or then is None:
        return ""
    change = round(now - then, 2)
    if not change:
        return same_words()
    told = saying.number(abs(change))
    return _("naik %(n)s", n=told) if change > 0 else _("turun %(n)s", n=told)


def _points(now: float | None, then: float | None) -> str:
    if now is None or then is None:
        return ""
    points = round((now - then) * 100, 1)
    if not points:
        return same_words()
    told = saying.number(abs(points))
    return _("naik %(n)s poin", n=told) if points > 0 else _("turun %(n)s poin", n=told)
