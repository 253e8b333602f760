"""Indonesian for what the templates are given: instants, fields."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from shared.domain.dossier.event_name import EventName
from shared.domain.sop.vocabulary import LeaveWhy, Way
from shared.wording.days import date_text, day_names

_FIELDS = {
    "reporter.name": "nama pelapor",
    "reporter.address": "alamat pelapor",
    "reporter.phone": "nomor telepon pelapor",
    "reporter.email": "alamat surel pelapor",
    "reporter.identity": "nomor identitas pelapor",
    "title": "judul aduan",
    "message": "isi aduan",
    "category": "kategori aduan",
    "classification": "jenis aduan",
    "location.kecamatan": "kecamatan tempat kejadian",
    "location.desa": "desa atau kelurahan tempat kejadian",
    "location.text": "patokan tempat kejadian",
    "occurred_at": "waktu kejadian",
    "attachments": "data pendukung",
}

_LEAVES: Final[dict[LeaveWhy, str]] = {
    "other_agency": "menunggu instansi lain",
    "court": "menunggu putusan pengadilan",
    "force_majeure": "keadaan memaksa",
    "goods": "menunggu ketersediaan barang",
    "budget": "menunggu ketersediaan anggaran",
}
_ANY_LETTER: Final = "Pemberitahuan"
_LETTERS: Final[dict[EventName, str]] = {
    "ComplaintFiled": "Tanda terima",
    "Returned": "Permintaan kelengkapan",
    "Answered": "Jawaban",
    "Transferred": "Pemberitahuan penyampaian kepada instansi lain",
    "Rejected": "Pemberitahuan bahwa kiriman tidak ditindaklanjuti",
    "Merged": "Pemberitahuan penggabungan",
    "Withdrawn": "Pemberitahuan pencabutan",
    "DataAnswered": "Jawaban atas permintaan tentang data pribadi",
    "Lapsed": "Pemberitahuan bahwa aduan tidak dilanjutkan",
    "Closed": "Pemberitahuan penutupan",
    "Reinstated": "Pemberitahuan bahwa aduan dilanjutkan lagi",
}


_WAYS: Final[dict[Way, str]] = {"email": "surel", "whatsapp": "WhatsApp", "sms": "SMS", "channel": "saluran lain"}
"""By which a letter goes."""


def instant_text(instant: datetime | None, zone: ZoneInfo) -> str | None:
    """An instant as people there write it, e.g. ``Senin, 5 Oktober 2026 pukul 08.45 WIB``."""
    if instant is None:
        return None
    local = instant.astimezone(zone)
    day = f"{day_names('id')[local.weekday()]}, {date_text(local, 'id')}"
    seconds = f".{local.second:02}" if local.second else ""
    return f"{day} pukul {local.hour:02}.{local.minute:02}{seconds} {local.tzname()}"


def field_text(name: str) -> str:
    """What a complaint's field is called; its own name if we have no word for it."""
    return _FIELDS.get(name, name.replace("_", " ").replace(".", " "))


def leave_text(why: LeaveWhy) -> str:
    """What a desk waits for, as the reporter reads it."""
    return _LEAVES[why]


def way_text(way: Way) -> str | None:
    """What a way is called by which a letter was to go; none if there was none."""
    return _WAYS.get(way)


def letter_text(about: EventName | None) -> str:
    """What a letter about an event is called."""
    return _LETTERS.get(about, _ANY_LETTER) if about else _ANY_LETTER
