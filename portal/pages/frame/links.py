"""What officers find above every page of theirs."""

from flask import g

from portal.pages.frame.language import gettext as _
from portal.pages.frame.language import once_in_each_language
from shared.application.identity.sessions import ends_at
from shared.base.clock import SystemClock


def desk_links() -> list[tuple[str, str]]:
    """Pages by endpoint, with what they are called."""
    if g.get("caller") is None:
        return []
    links = [
        ("inbox.shown", _("Kotak masuk")),
        ("everything.shown", _("Semua aduan")),
        ("board.shown", _("Papan")),
        ("recap.present", _("Rekap") if g.caller.agency is None else _("Bulan dinas saya")),
    ]
    if g.caller.agency is None:
        links.append(("publishing.shown", _("Terbitkan")))
    if g.caller.admin:
        return [
            *links,
            ("sops_kept.shown", _("Prosedur")),
            ("accounts.shown", _("Akun petugas")),
            ("instansi.shown", _("Dinas dan meja")),
            ("pembacaan.shown", _("Pembacaan")),
            ("kalender.shown", _("Kalender")),
            ("kata.shown", _("Kata")),
            ("surat.shown", _("Surat")),
            ("hapus.shown", _("Hapus data")),
            ("audit.find", _("Audit berkas")),
            ("pusat.shown", _("Semua pemerintah")),
            ("andai.form", _("Coba rancangan")),
        ]
    own = [("cocok.form", _("Identitas warga"))] if g.caller.agency is None else []
    return [*links, ("registering.form", _("Daftarkan aduan")), *own, ("account.shown", _("Akun saya"))]


def visit_left() -> int:
    """Seconds until the visit ends if nothing is done, by the machine's clock."""
    return max(0, int((ends_at(g.visit) - SystemClock().now()).total_seconds()))


@once_in_each_language
def key_words() -> list[tuple[tuple[str, ...], str]]:
    """Keys for who works all day, with what they do."""
    return [
        (("J", "K"), _("pindah baris")),
        (("Enter",), _("buka")),
        (("X",), _("pilih baris")),
        (("/",), _("cari")),
        (("A",), _("tindakan pertama")),
        (("N",), _("Tulis catatan")),
        (("[", "]"), _("sebelumnya, berikutnya")),
        (("G", "M"), _("Kotak masuk")),
        (("G", "P"), _("Papan")),
        (("G", "R"), _("Rekap")),
        (("Ctrl+Enter",), _("kirim")),
    ]
