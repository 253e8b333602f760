"""A dossier as a file to be kept: what its printed page says, for the same reader."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from flask import Response, request

from portal.access import caller
from portal.api.officers import dossier_id
from portal.api.registers import sheet_file
from portal.pages.frame import saying
from portal.pages.frame.given_links import given_links
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import instant_at, now_at, pages
from portal.pages.frame.words import field_words
from portal.pages.officer import reasons, visits
from portal.pages.officer.clocks import clocks
from portal.pages.officer.history import history
from portal.pages.officer.printing import printed_by
from portal.pages.officer.words import choice_words, role_words, status_words
from portal.parts import parts
from shared.domain.dossier.complaint_view import REPORTER_SHOWN
from shared.domain.tenants import Tenant
from shared.wording.sheets.sheet import Cell, Sheet

blueprint = pages("kertas", __name__, "/<tenant>/berkas/<ticket>/cetak.pdf", first=(visits.require_visit,))


@blueprint.route("")
def kept(tenant: str, ticket: str) -> Response:
    """The complaint, its way and its clocks, with what the reader may know of the reporter."""
    if reasons.must_say():
        return reasons.ask_of(tenant, ticket, request.path)
    home = parts().home(tenant)
    now = now_at(home)
    view = parts().gateway.dossier(tenant, dossier_id(tenant, ticket), caller(), reasons.said_why())
    sheet = Sheet(
        title=f"{view['ticket']}, {home.name}",
        heads=[_("Waktu"), _("Hal"), _("Isi")],
        rows=rows_of(view, home, now),
        notes=[printed_by(home, now)],
        widths=[3, 5, 12],
    )
    return sheet_file(sheet, f"{view['ticket']}.pdf", "pdf")


def rows_of(view: Mapping[str, Any], home: Tenant, now: datetime) -> list[list[Cell]]:
    """What stands on it: when, what, and the words.

    :param view: the dossier as its reader may see it.
    """
    return [*_complaint(view, home, now), *_way(view, home, now), *_clocks(view, home, now)]


def _complaint(view: Mapping[str, Any], home: Tenant, now: datetime) -> Iterator[list[Cell]]:
    complaint = view["complaint"]
    filed = saying.moment(instant_at(view["filed_at"], home), now)
    if complaint.get("title"):
        yield [filed, _("Judul"), complaint["title"]]
    yield [filed, _("Isi aduan"), complaint.get("message") or _("Isi aduan sudah dihapus.")]
    for each in complaint.get("additions") or ():
        yield [None, _("Isi aduan"), each.get("text") or each.get("message")]
    yield [None, _("Tempat"), _place(complaint.get("location") or {}) or _("(belum diisi)")]
    for each in given_links(complaint.get("attachments")):
        yield [None, _("Tautan dari pelapor"), each]
    reporter = complaint.get("reporter") or {}
    for name in REPORTER_SHOWN:
        if reporter.get(name):
            words = field_words(f"reporter.{name}")
            yield [None, words[:1].upper() + words[1:], str(reporter[name])]
    if "reporter" not in complaint:
        yield [None, _("Pelapor"), _("Nama hanya diketahui meja pengaduan.")]
    yield [None, _("Keadaan"), status_words(view["status"])]
    if view["actor"] is not None:
        yield [None, _("Sekarang di"), role_words(view, home)]
    category = view["category"] or _("(belum ditetapkan)")
    if view["classification"]:
        category = f"{category}; {choice_words(view['classification'])}"
    yield [None, _("Kategori"), category]
    if view["agency_name"]:
        yield [None, _("Dinas"), view["agency_name"]]
    yield [None, _("Lewat mana masuknya"), choice_words(view["channel"])]


def _place(location: Mapping[str, Any]) -> str:
    words = ", ".join(filter(None, (location.get(name) for name in ("text", "desa", "kecamatan"))))
    if location.get("lat") is None or location.get("lon") is None:
        return words
    return f"{words} ({location['lat']:.5f}, {location['lon']:.5f})".strip()


def _way(view: Mapping[str, Any], home: Tenant, now: datetime) -> Iterator[list[Cell]]:
    for each in reversed(history(view, home, now)):
        hidden = _("Catatan dalam, tidak dilihat pelapor")
        texts = [f"[{hidden}] {told.text}" if told.private else told.text for told in each.texts]
        besides = [*each.remarks, *([each.other.words] if each.other else [])]
        yield [each.when, each.title, "\n".join(["; ".join([each.by, *besides]), *texts])]


def _clocks(view: Mapping[str, Any], home: Tenant, now: datetime) -> Iterator[list[Cell]]:
    for each in clocks(view, home, now):
        yield [each.due, each.title, "\n".join(filter(None, (each.outcome, *each.lines)))]
