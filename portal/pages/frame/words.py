"""What citizens read for the names that programs use."""

from portal.pages.frame.language import gettext as _


def field_words(name: str) -> str:
    """A field of the complaint, as a citizen calls it."""
    return {
        "message": _("apa yang terjadi"),
        "title": _("judul"),
        "category": _("kategori"),
        "attachments": _("foto atau bukti"),
        "photos": _("foto"),
        "privacy": _("siapa yang boleh tahu nama Anda"),
        "location": _("tempat"),
        "location.kecamatan": _("kecamatan"),
        "location.desa": _("desa atau kelurahan"),
        "location.text": _("patokan atau jalan"),
        "reporter.name": _("nama"),
        "reporter.address": _("alamat"),
        "reporter.identity": _("NIK"),
        "reporter.phone": _("nomor WhatsApp"),
        "reporter.email": _("surel"),
    }.get(name, name)


def privacy_words(privacy: str) -> str:
    """What a choice of privacy means, in one line."""
    return {
        "open": _("Terbuka: dinas yang menangani boleh tahu nama Anda"),
        "anonymous": _("Anonim: dinas tidak melihat nama Anda"),
        "secret": _("Rahasia: dinas tidak melihat nama Anda, dan tidak muncul di halaman umum"),
    }.get(privacy, privacy)


def rejection_words(why: str | None) -> str:
    """Why something is no complaint for this government."""
    return {
        "spam": _("bukan aduan (pesan berulang atau tidak terkait)"),
        "insult": _("isinya bukan aduan yang dapat ditangani"),
        "advertisement": _("isinya iklan"),
        "no_complaint": _("isinya bukan aduan"),
        "answered_before": _("sudah pernah dijawab"),
    }.get(why or "", why or "")
