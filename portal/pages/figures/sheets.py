"""A month's or a year's figures as a table to print or to reckon with."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from portal.pages.frame import saying
from portal.pages.frame.language import gettext as _
from portal.pages.officer.words import choice_words
from shared.domain.tenants import Tenant
from shared.wording.sheets.sheet import Cell, Sheet

_COUNTS: Final = ("filed", "answered", "within_standard", "beyond_standard")
_YEAR: Final = (*_COUNTS, "wrong_dispositions", "reopened")


def year_sheet(told: Mapping[str, Any], home: Tenant) -> Sheet:
    """Twelve months beneath one another, and their sum."""
    months = told["months"]
    rows: list[list[Cell]] = [[saying.month(each["id"]), *(each[name] for name in _YEAR)] for each in months]
    total: list[Cell] = [_("Setahun"), *(sum(each[name] or 0 for each in months) for name in _YEAR)]
    heads = [_("Bulan"), *_heads(), _("Disposisi keliru"), _("Dibuka lagi")]
    return Sheet(
        title=_title(home, _("Rekap aduan %(year)s", year=told["year"])),
        heads=heads,
        rows=[*rows, total],
        notes=_notes(told),
        widths=[24, *(16 for _each in heads[1:])],
    )


def month_sheet(recap: Mapping[str, Any], home: Tenant) -> Sheet:
    """Everything of the month's page, each figure with what it is of."""
    return Sheet(
        title=_title(home, _("Rekap aduan %(month)s", month=saying.month(recap["month"]))),
        heads=[_("Bagian"), _("Nama"), *_heads()],
        rows=list(_month_rows(recap)),
        notes=_notes(recap),
        widths=[28, 40, 14, 14, 14, 14],
    )


def _month_rows(recap: Mapping[str, Any]) -> Iterator[list[Cell]]:
    within = recap["within_standard"]
    yield [_("Semua"), None, recap["filed"], recap["answered"], within["met"], within["missed"]]
    for name, words in (
        ("open", _("Masih berjalan")),
        ("wrong_dispositions", _("Disposisi keliru")),
        ("reopened", _("Dibuka lagi")),
    ):
        yield [words, None, recap[name], None, None, None]
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
        yield [_("Dikembalikan, menurut sebabnya"), choice_words(why), count, None, None, None]
    for score, count in (recap["ratings"].get("scores") or {}).items():
        yield [_("Penilaian, 1 sampai 5"), score, count, None, None, None]


def _heads() -> list[str]:
    return [_("Aduan masuk"), _("Aduan dijawab"), _("Dalam batas waktu"), _("Lewat batas waktu")]


def _title(home: Tenant, what: str) -> str:
    return f"{what}, {home.name}"


def _notes(told: Mapping[str, Any]) -> list[str]:
    part = [_("Bagian dinas Anda saja.")] if told.get("agency") else []
    return [*part, _("Dihitung menurut tanggal masuk; keadaan per %(when)s.", when=told["as_of"])]
