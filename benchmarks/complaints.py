"""What the benchmarks file: complete complaints of ordinary length, so that no step is skipped for want of a field."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from shared.domain.all_tenants import Tenants
from shared.platform.settings import PROJECT

_TENANTS = Tenants(PROJECT / "tenants")
TENANT = next(
    each for each in _TENANTS.ids() if _TENANTS.get(each).sop.step(_TENANTS.get(each).sop.start).automatic is None
)
"""The first whose complaints begin before a person: automatic steps would be measured with them."""

CHANNEL = "whatsapp"

_MESSAGES = (
    (
        "Lampu penerangan jalan di depan balai desa mati sejak hari Senin, sehingga warga yang pulang malam "
        "merasa tidak aman. Mohon segera diperbaiki."
    ),
    (
        "Jalan menuju pasar berlubang cukup dalam di dua titik dan tergenang air setiap hujan. Sudah ada pengendara "
        "motor yang terjatuh minggu lalu."
    ),
    (
        "Sampah di tempat penampungan sementara belum diangkut selama lima hari dan baunya mengganggu anak-anak "
        "sekolah yang lewat setiap pagi."
    ),
    (
        "Air dari saluran irigasi tidak sampai ke sawah kami sejak pintu air rusak, padahal sudah masuk masa tanam. "
        "Kami mohon petugas memeriksanya."
    ),
    (
        "Antrean di puskesmas sangat panjang karena hanya satu loket yang dibuka. Orang tua dan ibu hamil menunggu "
        "lebih dari tiga jam."
    ),
)
_NAMES = ("Siti Rahayu", "Agus Santoso", "Dewi Handayani", "Slamet Riyadi", "Tri Wulandari")
_CATEGORIES = ("PERHUBUNGAN", "INFRASTRUKTUR", "LINGKUNGAN", "PERTANIAN", "KESEHATAN")


def complaints(count: int) -> Iterator[dict[str, Any]]:
    """So many complaints, none of which was filed before."""
    run = uuid4().hex
    for number in range(count):
        kind = number % len(_MESSAGES)
        yield {
            "external_id": f"{run}-{number}",
            "title": _MESSAGES[kind][:40],
            "message": _MESSAGES[kind],
            "reporter": {
                "name": _NAMES[kind],
                "address": f"RT {number % 9 + 1:02d}/RW {number % 7 + 1:02d}",
                "phone": f"08{number:010d}",
                "email": f"warga{number}@example.id",
            },
            "location": {"kecamatan": "Kroya", "desa": "Mujur"},
            "category": _CATEGORIES[kind],
        }
