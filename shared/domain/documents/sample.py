"""What a document says of no dossier: with which templates are tried before anybody needs them."""

from typing import Any, Final

_LINK: Final = "https://aduan.example/kabupaten/lacak/ADU-2026-000001"
SAMPLE: Final[dict[str, Any]] = {
    "government": "Kabupaten Contoh",
    "number": "1/2026",
    "date": "5 Oktober 2026",
    "signer": {"title": "Koordinator"},
    "ticket": "ADU-2026-000001",
    "title": "Jalan rusak",
    "message": "Jalan utama desa berlubang.\nMohon diperbaiki.",
    "location": "Hanum, Dayeuhluhur",
    "filed": "5 Oktober 2026 pukul 08.00 WIB",
    "reporter": "Siti Rahayu",
    "addressee": "Siti Rahayu",
    "recipient": "Dinas Pekerjaan Umum",
    "disposed": "5 Oktober 2026 pukul 08.15 WIB",
    "instruction": "Mohon ditindaklanjuti.",
    "due": "5 Oktober 2026 pukul 09.00 WIB",
    "answer": "Sudah kami tambal.\nTerima kasih.",
    "note": "Catatan.",
    "code": "ABCDEFGHJK",
    "renewed": "Kode yang diberikan sebelumnya tidak berlaku lagi.",
    "link": _LINK,
    "fingerprint": "0" * 64,
}
"""Every value of :func:`shared.domain.documents.values.values_of`, none of them blank."""
