"""What citizens read for the names that programs use."""

from portal.pages.frame.language import Words, once_in_each_language
from portal.pages.frame.language import gettext as _
from shared.domain.complaint.identity import identity_oddity


def field_words(name: str) -> str:
    """A field of the complaint, as a citizen calls it."""
    return _fields().get(name, name)


@once_in_each_language
def _fields() -> Words:
    return {
        "message": _("apa yang terjadi"),
        "title": _("judul"),
        "kind": _("apa yang diminta"),
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
    }


def identity_words(number: str | None) -> str:
    """What is odd about the number of an identity; blank if nothing is, or there is none."""
    return _oddities()[oddity] if number and (oddity := identity_oddity(number)) else ""


@once_in_each_language
def _oddities() -> Words:
    return {
        "length": _("NIK terdiri atas 16 angka."),
        "region": _("Enam angka pertama NIK menunjuk wilayah, dan wilayah itu tidak ada."),
        "date": _("Angka ke-7 sampai ke-12 NIK adalah tanggal lahir, dan tanggal itu tidak ada."),
    }


def privacy_words(privacy: str) -> str:
    """What a choice of privacy means, in one line."""
    return _privacies().get(privacy, privacy)


@once_in_each_language
def _privacies() -> Words:
    return {
        "open": _("Terbuka: dinas yang menangani boleh tahu nama Anda"),
        "anonymous": _("Anonim: dinas tidak melihat nama Anda"),
        "secret": _("Rahasia: dinas tidak melihat nama Anda, dan tidak muncul di halaman umum"),
    }


def score_words() -> list[str]:
    """What the ratings 1 to 5 are called, in this order."""
    return _("Buruk,Kurang,Cukup,Baik,Sangat baik").split(",")


def rejection_words(why: str | None) -> str:
    """Why something is no complaint for this government."""
    return _rejections().get(why or "", why or "")


@once_in_each_language
def _rejections() -> Words:
    return {
        "spam": _("bukan aduan (pesan berulang atau tidak terkait)"),
        "insult": _("isinya bukan aduan yang dapat ditangani"),
        "advertisement": _("isinya iklan"),
        "no_complaint": _("isinya bukan aduan"),
        "answered_before": _("sudah pernah dijawab"),
    }
