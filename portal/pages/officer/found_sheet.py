"""What was found among all complaints, as a table to be kept: what the list says, and nobody's name."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.pages.frame.language import gettext as _
from portal.pages.officer.words import choice_words, mark_of, status_words
from shared.domain.tenants import Tenant
from shared.wording.sheets.sheet import Cell, Sheet


def found_sheet(items: Sequence[Mapping[str, Any]], home: Tenant) -> Sheet:
    """One line for each.

    :param items: as the search tells them.
    """
    return Sheet(
        title=f"{_('Semua aduan')}, {home.name}",
        heads=[
            _("Nomor tiket"),
            _("Aduan"),
            _("Keadaan"),
            _("Langkah"),
            _("Dinas"),
            _("Kategori"),
            _("Kecamatan"),
            _("Desa atau kelurahan"),
            _("Kanal"),
            _("Kerahasiaan"),
            _("Masuk pada"),
            _("Dijawab pada"),
            _("Selesai pada"),
        ],
        rows=[_row(each, home) for each in items],
    )


def _row(each: Mapping[str, Any], home: Tenant) -> list[Cell]:
    """Instants as the services tell them: a spreadsheet reckons with these."""
    step = each["step"]
    return [
        each["ticket"],
        each["title"],
        status_words(each["status"]),
        home.sop.step(step).activity if step and home.sop.has_step(step) else step,
        each["agency_name"],
        each["category"],
        each["kecamatan"],
        each["desa"],
        choice_words(each["channel"]),
        mark_of(each["privacy"]) or _("Terbuka"),
        each["filed_at"],
        each["answered_at"],
        each["ended_at"],
    ]
