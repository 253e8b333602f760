"""What a reporter has just done to their complaint and what follows, in words: its page says it once, on top."""

from typing import Final

from portal.pages.frame.language import Words, once_in_each_language
from portal.pages.frame.language import gettext as _

RESPONDED: Final = {"ya": "nilai", "tutup": "tutup", "belum": "buka", "tanya": "tanya"}
"""What was done by each answer to "is it solved?"."""


@once_in_each_language
def done_words() -> Words:
    """The sentences, by what stands for them in the address."""
    return {
        "lengkapi": _("Kelengkapan Anda sudah kami terima. Petugas memeriksanya."),
        "balas": _("Balasan Anda sudah kami terima. Petugas yang menangani membacanya."),
        "tambah": _("Keterangan Anda sudah kami terima. Petugas yang menangani membacanya."),
        "nilai": _("Penilaian Anda sudah kami catat."),
        "tutup": _("Tanggapan Anda sudah kami catat, dan aduan ditutup."),
        "buka": _("Permintaan Anda sudah kami terima. Aduan dibuka lagi."),
        "tanya": _("Pertanyaan Anda sudah kami terima. Petugas yang menangani membacanya."),
        "tarik": _("Aduan sudah ditarik. Tidak ada lagi yang perlu Anda lakukan."),
        "foto": _("Berkas Anda sudah kami terima. Petugas yang menangani melihatnya."),
        "data": _("Permintaan Anda sudah kami terima. Sampai kapan dijawab, tertulis di bawah."),
    }
