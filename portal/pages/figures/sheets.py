"""A month's or a year's figures as a table to print or to reckon with."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from portal.pages.figures import bars, columns
from portal.pages.figures.drawing import caused
from portal.pages.frame import saying
from portal.pages.frame.language import gettext as _
from portal.pages.officer.words import choice_words
from shared.domain.tenants import Tenant
from shared.wording.sheets.sheet import Cell, Sheet

_COUNTS: Final = ("filed", "answered", "within_standard", "beyond_standard")
_YEAR: Final = (*_COUNTS, "wrong_dispositions", "reopened")
_MINUTE: Final = 60

_Rows = Iterator[list[Cell]]


def year_sheet(told: Mapping[str, Any], home: Tenant) -> Sheet:
    """Twelve months beneath one another, and their sum."""
    months = told["months"]
    rows: list[list[Cell]] = [
        [saying.month(each["id"]), *(each[name] for name in _YEAR), each["rating"]] for each in months
    ]
    total: list[Cell] = [_("Setahun"), *(sum(each[name] or 0 for each in months) for name in _YEAR), None]
    heads = [_("Bulan"), _("Aduan masuk"), *_heads(), _("Disposisi keliru"), _("Dibuka lagi"), _("Nilai dari pelapor")]
    return Sheet(
        title=_title(home, _("Rekap aduan %(year)s", year=told["year"])),
        heads=heads,
        rows=[*rows, total],
        notes=_notes(told),
        widths=[24, *(16 for _each in heads[1:])],
    )


def month_sheet(recap: Mapping[str, Any], home: Tenant, spread: Mapping[str, Any] | None) -> Sheet:
    """Everything of the month's page, each figure with what it is of.

    :param spread: how the month spreads over days and times; the sheet is without these where it cannot be had.
    """
    heads = [_("Bagian"), _("Nama"), _("Banyaknya"), *_heads()]
    heads += [_("Separuh selesai dalam (menit kerja)"), _("9 dari 10 selesai dalam (menit kerja)")]
    rows = [*_month_rows(recap), *_hands(recap)]
    if spread is not None:
        rows += [*_steps(recap, spread), *_days(spread), *_first_answers(spread)]
    return Sheet(
        title=_title(home, _("Rekap aduan %(month)s", month=saying.month(recap["month"]))),
        heads=heads,
        rows=[row + [None] * (len(heads) - len(row)) for row in rows],
        notes=_notes(recap),
        widths=[28, 40, 14, 14, 14, 14, 16, 16],
    )


def _hands(recap: Mapping[str, Any]) -> _Rows:
    """How the time in each office's own hands went, and who had sent on what came back."""
    words = f"{_('Tepat waktu menurut dinas')}. {_('Hanya waktu di tangan sendiri.')}"
    for name, held, late in bars.own_hands(recap["holders"]):
        yield [words, name, held, None, None, late]
    for each in caused(recap["holders"]):
        yield [_("Dikembalikan, menurut siapa penyebabnya"), each["name"], each["filed"]]


def _steps(recap: Mapping[str, Any], spread: Mapping[str, Any]) -> _Rows:
    took = {each["step"]: each for each in spread["steps"]}
    for each in recap["steps"]:
        times = took.get(each["step"])
        minutes = [round(times[which] / _MINUTE, 1) for which in ("median", "ninth")] if times else []
        name = f"{each['printed']} {each['title']}" if each["printed"] else each["title"]
        yield [_("Di langkah mana waktu terpakai"), name, each["held"], None, None, each["breached"], *minutes]


def _days(spread: Mapping[str, Any]) -> _Rows:
    """Days as a spreadsheet reckons with them."""
    for each in spread["days"]:
        yield [_("Hari demi hari"), each["id"], each["filed"], each["answered"]]


def _first_answers(spread: Mapping[str, Any]) -> _Rows:
    first = spread["first_answer"]
    for each in first["bins"]:
        length = columns.span_words(each, working=first["working"])
        yield [_("Lama sampai jawaban pertama"), length, each["filed"]]


def _month_rows(recap: Mapping[str, Any]) -> _Rows:
    within, ratings = recap["within_standard"], recap["ratings"]
    yield [_("Semua"), None, recap["filed"], recap["answered"], within["met"], within["missed"]]
    for name, words in (
        ("open", _("Masih berjalan")),
        ("wrong_dispositions", _("Disposisi keliru")),
        ("reopened", _("Dibuka lagi")),
    ):
        yield [words, None, recap[name]]
    for part, words in (
        ("by_agency", _("Menurut dinas")),
        ("by_category", _("Tentang apa aduannya")),
        ("by_channel", _("Lewat mana masuknya")),
        ("by_kecamatan", _("Menurut kecamatan")),
    ):
        for each in recap[part]:
            name = each.get("name") or each["id"] or _("(belum ditentukan)")
            shown = choice_words(name) if part == "by_channel" and name == each["id"] else name
            yield [words, shown, *(each.get(count) for count in _COUNTS)]
    for why, count in recap["returned"].items():
        yield [_("Dikembalikan, menurut sebabnya"), choice_words(why), count]
    mean = _("%(mean)s dari 5", mean=saying.number(ratings["mean"])) if ratings["mean"] is not None else None
    yield [_("Nilai dari pelapor"), mean, ratings["count"]]
    for score, count in (ratings.get("scores") or {}).items():
        yield [_("Penilaian, 1 sampai 5"), score, count]
    words = _("Permintaan tentang data pribadi")
    for kind, each in recap.get("data_requests", {}).items():
        yield [words, bars.data_words(kind), each["asked"], each["asked"] - each["open"], None, each["late"]]


def _heads() -> list[str]:
    return [_("Aduan dijawab"), _("Dalam batas waktu"), _("Lewat batas waktu")]


def _title(home: Tenant, what: str) -> str:
    return f"{what}, {home.name}"


def _notes(told: Mapping[str, Any]) -> list[str]:
    part = [_("Bagian dinas Anda saja.")] if told.get("agency") else []
    return [*part, _("Dihitung menurut tanggal masuk; keadaan per %(when)s.", when=told["as_of"])]
