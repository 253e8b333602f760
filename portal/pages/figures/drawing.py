"""The figures of a month: each with its rule, what it shows in a sentence, and its numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from portal.pages.figures import bars, columns
from portal.pages.figures.lists import list_of
from portal.pages.frame import saying
from portal.pages.frame.language import gettext as _
from portal.pages.officer.words import choice_words
from portal.parts import parts
from shared.base.caller import Caller
from shared.base.errors import Unavailable
from shared.domain.calendar.duration import SECONDS
from shared.domain.sop.model import Sop
from shared.domain.tenants import Tenant

TARGET: Final = 0.85
"""The share in time that is drawn as a line."""
_FEWEST: Final = 5
"""Counts below this are not told to everybody."""


def figures(
    recap: Mapping[str, Any],
    home: Tenant,
    *,
    spread: Mapping[str, Any] | None,
    other: Mapping[str, Any] | None = None,
    public: bool = False,
    by_share: bool = False,
) -> list[dict[str, Any]]:
    """The figures of a recap: a title, what is to be known of it, what it shows, and its bars or columns.

    :param spread: how the month spreads over days and times; figures of these are left out without it.
    :param other: the month to compare with, drawn as marks, if one was asked for.
    :param public: for everybody, who cannot open the lists.
    :param by_share: offices by their share in time, instead of the alphabet.
    """
    of_all = _("Bagian dari %(n)s aduan yang masuk.", n=saying.number(recap["filed"]))
    found = [
        *(_spread(spread, home, public=public) if spread else ()),
        _publicly_in_time(recap) if public else _in_time(recap, by_share=by_share),
        *(_steps(recap, spread, home) if spread else ()),
    ]
    for name, title in (
        ("by_agency", _("Menurut dinas")),
        ("by_category", _("Tentang apa aduannya")),
        ("by_channel", _("Lewat mana masuknya")),
        ("by_kecamatan", _("Menurut kecamatan")),
    ):
        found.append(_figure(title, of_all, _counted(name, recap, other, public=public)))
    if not public:
        found += _officers(recap, other)
    scores = recap["ratings"].get("scores") or {}
    if recap["ratings"]["count"] >= bars.FEW or not public:
        found.append(_figure(_("Penilaian, 1 sampai 5"), "", _scores(scores, other), _rated(recap)))
    if recap["reopened"] is not None and not (public and 0 < recap["reopened"] < _FEWEST):
        again = _reopened(recap, public=public)
        found.append(_figure(_("Dibuka lagi sesudah dijawab"), _("Bagian dari yang dijawab."), again, ""))
    return [each for each in found if each.get("bars") or each.get("columns")]


def _spread(spread: Mapping[str, Any], home: Tenant, *, public: bool) -> list[dict[str, Any]]:
    rule = _("Batang: masuk. Latar: hari tutup.")
    if not public:
        rule = _("Batang: masuk. Garis tepi: dijawab, dari aduan bulan ini. Latar: hari tutup.")
    case = home.sop.case
    first = _("Dari masuk sampai jawaban pertama, menurut waktu kalender.")
    if spread["first_answer"]["working"]:
        first = _("Dari masuk sampai jawaban pertama, dalam waktu kerja.")
    if case is not None:
        first += " " + _("Standar: %(length)s.", length=saying.standard(case.within))
    return [
        _columns(_("Hari demi hari"), rule, columns.days(spread["days"], public=public)),
        _columns(_("Lama sampai jawaban pertama"), first, columns.first_answers(spread["first_answer"])),
    ]


def _in_time(recap: Mapping[str, Any], *, by_share: bool) -> dict[str, Any]:
    return {**_by_office(bars.in_time(recap["holders"], TARGET, by_share=by_share)), "by_share": by_share}


def _publicly_in_time(recap: Mapping[str, Any]) -> dict[str, Any]:
    return _by_office(bars.publicly_in_time(recap.get("own_hands", ()), TARGET))


def _by_office(drawn: tuple[bars.Bar, ...]) -> dict[str, Any]:
    return _figure(_("Tepat waktu menurut dinas"), _("Hanya waktu di tangan sendiri."), drawn, bars.reached(drawn))


def _steps(recap: Mapping[str, Any], spread: Mapping[str, Any], home: Tenant) -> list[dict[str, Any]]:
    rule = _("Waktu kerja. Batang: separuh selesai secepat itu; bingkai: 9 dari 10; garis tegak: standar.")
    drawn = bars.step_times(recap["steps"], _standards(home.sop), spread["steps"])
    return [_figure(_("Di langkah mana waktu terpakai"), rule, drawn, bars.slowest(drawn))]


def _counted(
    name: str, recap: Mapping[str, Any], other: Mapping[str, Any] | None, *, public: bool
) -> tuple[bars.Bar, ...]:
    """The complaints of each agency, category, channel or sub-district; officers may open their lists."""
    rows = named_channels(recap[name]) if name == "by_channel" else recap[name]
    drawn = bars.counts(rows, unnamed(), other=other[name] if other else None)
    kind = name.removeprefix("by_")
    return drawn if public else bars.with_addresses(drawn, _lists(rows, kind, recap["month"]))


def _officers(recap: Mapping[str, Any], other: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """What is told to officers only."""
    unset = unnamed()
    returned = [{"id": why, "name": choice_words(why), "filed": count} for why, count in recap["returned"].items()]
    then = [{"id": why, "filed": count} for why, count in other["returned"].items()] if other else None
    by_why = bars.counts(returned, unset, other=then)
    lists = {each["name"]: list_of(recap["month"], counted=each["id"]) for each in returned if each["filed"]}
    senders = caused(recap["holders"])
    before = caused(other["holders"]) if other else None
    rule = _("Saran yang sama dengan keputusan petugas; dinilai sebelum keputusannya diketahui.")
    asked = _("Yang diminta pada bulan ini; paling lambat 3 x 24 jam.")
    sent = _("Siapa yang meneruskannya dengan keliru.")
    about_data = bars.about_data(recap.get("data_requests", {}))
    return [
        _figure(_("Dikembalikan, menurut sebabnya"), "", bars.with_addresses(by_why, lists)),
        _figure(_("Dikembalikan, menurut siapa penyebabnya"), sent, bars.counts(senders, unset, other=before)),
        _figure(_("Saran yang tepat"), rule, bars.hits(recap["suggestions"]), ""),
        _figure(_("Permintaan tentang data pribadi"), asked, about_data, ""),
    ]


def _scores(scores: Mapping[str, int | None], other: Mapping[str, Any] | None) -> tuple[bars.Bar, ...]:
    rated = [{"id": score, "name": score, "filed": count} for score, count in scores.items()]
    then = (other["ratings"].get("scores") or {}) if other else None
    before = None if then is None else [{"id": score, "filed": count} for score, count in then.items()]
    return bars.counts(rated, unnamed(), other=before)


def unnamed() -> str:
    """What complaints without an agency, a category or a place are counted under."""
    return _("(belum ditentukan)")


def _figure(title: str, rule: str, drawn: tuple[bars.Bar, ...], told: str | None = None) -> dict[str, Any]:
    return {
        "title": title,
        "rule": rule,
        "bars": drawn,
        "finding": bars.most_of(drawn, unnamed()) if told is None else told,
    }


def _columns(title: str, rule: str, drawn: columns.ColumnFigure | None) -> dict[str, Any]:
    return {"title": title, "rule": rule, "columns": drawn}


def caused(holders: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Who had sent on what came back, most first."""
    rows = [
        {"id": f"{each['actor']}/{each['agency']}", "name": _holder(each), "filed": each["caused"]}
        for each in holders
        if each["caused"]
    ]
    return sorted(rows, key=lambda row: (-int(str(row["filed"])), str(row["name"])))


def _holder(each: Mapping[str, Any]) -> str:
    return ", ".join(filter(None, (each["title"], each["agency_name"])))


def _reopened(recap: Mapping[str, Any], *, public: bool) -> tuple[bars.Bar, ...]:
    answered = recap["ever_answered"] if "ever_answered" in recap else recap["answered"]
    if not answered:
        return ()
    told = bars.share_of(_("Dibuka lagi"), min(recap["reopened"], answered), answered, None)
    if public or not recap["reopened"]:
        return (told,)
    return (replace(told, address=list_of(recap["month"], counted="reopened")),)


def _rated(recap: Mapping[str, Any]) -> str:
    """How many of those who could rate did."""
    count, of = recap["ratings"]["count"], max(recap["answered"], recap["ratings"]["count"])
    if not of:
        return ""
    told = {"n": saying.number(count), "of": saying.number(of), "share": saying.share(count / of)}
    return _("%(n)s dari %(of)s aduan yang dijawab dinilai (%(share)s).", **told)


def spread_of(tenant: str, month: str, who: Caller | None) -> Mapping[str, Any] | None:
    """How a month spreads; the page is shown without it where it cannot be had.

    :param who: within what they may read; none for what everybody may.
    """
    try:
        return parts().gateway.spread(tenant, month, who)
    except Unavailable:
        return None


def _standards(sop: Sop) -> dict[str, tuple[int, str]]:
    """The standards that can be measured in working seconds."""
    return {
        step.id: (step.within.seconds, saying.standard(step.within))
        for step in sop.steps
        if step.within is not None and step.within.unit in SECONDS and step.within.time == "working"
    }


def named_channels(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Channels: the SOP's own names, else ours."""
    return [{**row, "name": row["name"] if row.get("name") != row["id"] else choice_words(row["id"])} for row in rows]


def _lists(rows: list[dict[str, Any]], kind: str, month: str) -> dict[str, str]:
    """The list behind each row: of what was filed in the month."""
    return {str(row.get("name") or row["id"]): list_of(month, **{kind: row["id"]}) for row in rows if row["id"]}
