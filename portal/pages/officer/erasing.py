"""Erasing a reporter's data: one administrator asks, another agrees, a service carries it out, a protocol stays."""

from datetime import datetime
from typing import Final

from flask import Response, request, url_for

from portal.access import caller
from portal.api.officers import dossier_id
from portal.api.registers import sheet_file
from portal.pages.frame import asked, saying
from portal.pages.frame.forms import Filled, deed_of, sentence_of, typed
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import now_at, page, pages
from portal.pages.officer import visits
from portal.pages.officer.accounts import require_administrator
from portal.parts import parts
from shared.application.identity.erasures import Erasures
from shared.base.errors import Conflict, NotFound
from shared.domain.complaint.spelling import ticket_of
from shared.domain.dossier.events import ERASURE_REASONS
from shared.domain.tenants import Tenant
from shared.wording.sheets.sheet import Cell, Sheet

_LONGEST: Final = 100
_CANCEL: Final = "cancel"
_DEEDS: Final = ("erase", _CANCEL)
_LINE: Final = f"{'_' * 22}  {'_' * 22}"

blueprint = pages("hapus", __name__, "/<tenant>/kelola/hapus-data", first=(visits.require_visit, require_administrator))


@blueprint.route("")
def shown(tenant: str) -> Response:
    """What was asked for and waits; and the form to ask."""
    return _page(tenant, Filled())


@blueprint.route("", methods=["POST"])
def ask(tenant: str) -> Response:
    """Ask for an erasure; nothing is erased by that."""
    form = typed(("ticket", "reason"))
    home = parts().home(tenant)
    number = ticket_of(form.value("ticket")[:_LONGEST], home.ticket_prefixes)
    reason = next((each for each in ERASURE_REASONS if each == form.value("reason")), None)
    if reason is None:
        return _page(tenant, form.with_faults({"reason": _("Pilih sebabnya")}), 422)
    try:
        dossier_id(tenant, number or "-")
    except NotFound:
        return _page(tenant, form.with_faults({"ticket": _("Tidak ada aduan dengan nomor ini")}), 404)
    try:
        _erasures().ask(tenant, number, reason, caller().user, now_at(home))
    except Conflict as error:
        return _page(tenant, form.with_faults({"ticket": sentence_of(error)}), 409)
    return Response(status=303, headers={"Location": url_for("hapus.shown", kabar="diminta")})


@blueprint.route("/<ticket>", methods=["POST"])
def decide(tenant: str, ticket: str) -> Response:
    """Agree to what another has asked for, or let it go.

    :raises NotFound: if what is asked for now is none of the page's own.
    """
    if deed_of(_DEEDS) == _CANCEL:
        return _let_go(tenant, _number(ticket, parts().home(tenant)))
    if not request.form.get("agreed"):
        told = _("Beri tanda bahwa Anda sudah memeriksanya; penghapusan tidak dapat diulang.")
        return _page(tenant, Filled(), 422, banner=told)
    home = parts().home(tenant)
    try:
        _erasures().agree(tenant, _number(ticket, home), request.form.get("mark", ""), caller().user, now_at(home))
    except (Conflict, NotFound) as error:
        return _page(tenant, Filled(), error.status, banner=sentence_of(error))
    return Response(status=303, headers={"Location": url_for("hapus.protocol", ticket=ticket)})


def _let_go(tenant: str, number: str) -> Response:
    try:
        _erasures().let_go(tenant, number)
    except (Conflict, NotFound) as error:
        return _page(tenant, Filled(), error.status, banner=sentence_of(error))
    return Response(status=303, headers={"Location": url_for("hapus.shown", kabar="dibatalkan")})


@blueprint.route("/<ticket>")
def protocol(tenant: str, ticket: str) -> Response:
    """Who asked, who agreed, when it was carried out, and where copies may still be.

    :raises NotFound: if nobody has asked for it.
    """
    home = parts().home(tenant)
    asked = _erasures().of(tenant, _number(ticket, home))
    return page(
        "officer/erased.html",
        desk=True,
        asked=asked,
        asked_at=_moment(asked.asked_at, home),
        agreed_at=_moment(asked.agreed_at, home),
        done_at=_moment(asked.done_at, home),
        why=_reason(asked.reason),
        mailed=bool(parts().runtime.settings.smtp_url),
    )


@blueprint.route("/<ticket>.pdf")
def printed(tenant: str, ticket: str) -> Response:
    """The same to be signed and kept.

    :raises NotFound: if nobody has asked for it.
    """
    home = parts().home(tenant)
    asked = _erasures().of(tenant, _number(ticket, home))
    rows: list[list[Cell]] = [
        [_("Sebabnya"), _reason(asked.reason)],
        [_("Diminta"), f"{asked.asked_by}, {_moment(asked.asked_at, home)}"],
        [_("Disetujui"), f"{asked.agreed_by}, {_moment(asked.agreed_at, home)}" if asked.agreed_by else _("belum")],
        [_("Dilaksanakan"), _moment(asked.done_at, home) or _("belum")],
        [_("Tempat di catatan"), asked.position],
    ]
    if asked.due_at is not None:
        rows.insert(2, [_("Paling lambat"), _("%(when)s (72 jam)", when=_moment(asked.due_at, home))])
    copies = [
        _(
            "Kuncinya sudah dimusnahkan. Agar sisa kunci juga hilang dari halaman tabel dan catatan PostgreSQL, "
            "jalankan VACUUM (FULL) vault.keys; perintah aduan erase melakukannya sendiri."
        ),
        _("Cadangan basis data dari sebelum ini masih memuatnya sampai cadangan terakhir dihapus."),
        _("Surel yang sudah terkirim berada di luar jangkauan; tidak ada lagi yang menyusul.")
        if parts().runtime.settings.smtp_url
        else _("Surat di kotak keluar sudah dihapus; tidak ada lagi yang menyusul."),
    ]
    sheet = Sheet(
        title=", ".join([_("Berita acara penghapusan %(ticket)s", ticket=asked.ticket), home.name]),
        heads=[_("Hal"), _("Isi")],
        rows=rows,
        notes=[*(copies if asked.done_at else ()), _("Tanda tangan: %(line)s", line=_LINE)],
        widths=[1, 3],
    )
    return sheet_file(sheet, f"penghapusan-{asked.ticket}.pdf", "pdf")


def _number(ticket: str, home: Tenant) -> str:
    """The ticket in an address, as it is written; what is none is nobody's."""
    return ticket_of(ticket[:_LONGEST], home.ticket_prefixes) or "-"


def _moment(instant: datetime | None, home: Tenant) -> str | None:
    if instant is None:
        return None
    local = instant.astimezone(home.zone)
    return f"{saying.full_day(local.date())}, {saying.clock(local)} {saying.zone_name(home.zone)}"


def _page(tenant: str, form: Filled, status: int = 200, banner: str | None = None) -> Response:
    home = parts().home(tenant)
    now = now_at(home)
    return page(
        "officer/erasing.html",
        status,
        desk=True,
        form=form,
        banner=banner,
        reasons=[(each, _reason(each)) for each in ERASURE_REASONS],
        waiting=[
            (
                each,
                _reason(each.reason),
                saying.moment(each.asked_at.astimezone(home.zone), now),
                _moment(each.due_at, home),
                each.due_at is not None and each.due_at < now,
            )
            for each in _erasures().waiting(tenant)
        ],
        done=_done(),
    )


def _done() -> str | None:
    words = {
        "diminta": _("Permintaan tercatat. Pengelola lain yang melaksanakannya."),
        "dibatalkan": _("Permintaan dibatalkan. Tidak ada yang dihapus."),
    }
    return asked.done(words)


def _erasures() -> Erasures:
    return Erasures(parts().runtime.database)


def _reason(name: str) -> str:
    return {
        "asked": _("pelapor memintanya"),
        "retention": _("waktu penyimpanan habis"),
        "order": _("perintah pejabat berwenang"),
    }[name]
