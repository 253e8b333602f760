"""Class and category by words."""

import pytest

from shared.domain.sop.classifying import classify
from tests.sop.walker import TENANTS

CIREBON = TENANTS.get("cirebon").sop


@pytest.mark.parametrize(
    ("text", "classification", "category"),
    [
        ("Jalan rusak dan berlubang di depan pasar", "complaint", "PEKERJAAN UMUM DAN PENATAAN RUANG"),
        ("JALAN   RUSAK\nparah", "complaint", "PEKERJAAN UMUM DAN PENATAAN RUANG"),
        ("Bagaimana cara mengurus kartu keluarga?", "question", "KEPENDUDUKAN"),
        ("Usul: sebaiknya ada beasiswa untuk siswa", "suggestion", "PENDIDIKAN DAN KEBUDAYAAN"),
        ("Untuk diketahui, besok panen padi bersama petani", "information", "PERTANIAN DAN PETERNAKAN"),
        ("Lampu penerangan jalan umum mati sudah seminggu", "complaint", "PERHUBUNGAN"),
        ("Tumpukan sampah di TPS berbau busuk", "complaint", "LINGKUNGAN HIDUP DAN KEHUTANAN"),
        ("Listrik padam terus", "complaint", "ENERGI DAN SUMBER DAYA ALAM"),
        ("Mohon dibantu", "complaint", None),
        ("", "complaint", None),
        ("Perjalanan saya menyenangkan", "complaint", None),
    ],
)
def test_words(text: str, classification: str, category: str | None) -> None:
    """Whole words in any case count, longer phrases more; what gives nothing away is a complaint without category."""
    found = classify(CIREBON, text)

    assert (classification, category) == (found.classification, found.category)


def test_without_rules() -> None:
    """An SOP without rules leaves both to a person."""
    found = classify(TENANTS.get("cilacap").sop, "Jalan rusak")

    assert (None, None) == (found.classification, found.category)
