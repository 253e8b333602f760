"""What the parts of a recap are called, in Indonesian and in English."""

from typing import Final

from shared.wording.days import month_names

LANGUAGES: Final = ("id", "en")

_LABELS: Final[dict[str, tuple[str, str]]] = {
    "heading": ("Rekap aduan", "Recap of complaints"),
    "counted_by": ("Menurut waktu aduan masuk; keadaan per", "By the time of filing; as of"),
    "part_of": ("Bagian", "Part of"),
    "filed": ("Aduan masuk", "Filed"),
    "answered": ("Telah dijawab", "Answered"),
    "open": ("Belum dijawab", "Not yet answered"),
    "lapsed": ("Tidak dilengkapi pelapor", "Lapsed"),
    "withdrawn": ("Dicabut pelapor", "Withdrawn"),
    "transferred": ("Disampaikan ke instansi lain", "Transferred"),
    "delivered": ("Jawaban tersampaikan", "Answers delivered"),
    "delivery_failures": ("Gagal disampaikan", "Deliveries failed"),
    "within_standard": ("Sesuai standar waktu", "Within standard"),
    "missed": ("Melampaui standar waktu", "Beyond standard"),
    "undecided": ("Standar belum dapat dinilai", "Standard undecided"),
    "share": ("Bagian sesuai standar", "Share within standard"),
    "all_steps_in_time": ("Semua langkah tepat waktu", "All steps in time"),
    "first_mean": ("Jawaban pertama, rata-rata", "First answer, mean"),
    "first_median": ("Jawaban pertama, median", "First answer, median"),
    "total_mean": ("Jawaban terakhir, rata-rata", "Last answer, mean"),
    "total_median": ("Jawaban terakhir, median", "Last answer, median"),
    "dispositions": ("Disposisi", "Dispositions"),
    "returned_incomplete": ("Dikembalikan: tidak lengkap", "Returned: incomplete"),
    "returned_wrong_agency": ("Dikembalikan: salah perangkat daerah", "Returned: wrong agency"),
    "returned_out_of_authority": ("Dikembalikan: di luar kewenangan", "Returned: out of authority"),
    "returned_rework": ("Dikembalikan: diperbaiki", "Returned: rework"),
    "supplements": ("Dilengkapi pelapor", "Supplemented"),
    "interim_answers": ("Tanggapan sementara", "Interim answers"),
    "replies": ("Balasan pelapor", "Replies"),
    "reopened": ("Dibuka kembali", "Reopened"),
    "ratings": ("Penilaian", "Ratings"),
    "asked": ("Diminta menilai", "Asked to rate"),
    "satisfaction": ("Indeks kepuasan (25-100) / penilai", "Satisfaction index (25-100) / answers"),
    "not_reached": ("Jawaban belum sampai", "Answers not delivered yet"),
    "rejected": ("Bukan aduan", "Not a complaint"),
    "merged": ("Digabungkan", "Merged"),
    "closed_unanswered": ("Selesai tanpa jawaban", "Closed without an answer"),
    "mean_rating": ("Nilai rata-rata (1-5)", "Mean rating (1-5)"),
    "suggested_agency": ("Saran dinas yang tepat / dinilai", "Agencies suggested rightly / judged"),
    "suggested_category": ("Saran kategori yang tepat / dinilai", "Categories suggested rightly / judged"),
    "data_access": ("Salinan data: diminta / terlambat / terbuka", "Copies of data: asked / late / open"),
    "data_correction": ("Pembetulan data: diminta / terlambat / terbuka", "Corrections: asked / late / open"),
    "data_erasure": ("Penghapusan data: diminta / terlambat / terbuka", "Erasures: asked / late / open"),
    "suggested_merges": ("Gabungan yang sudah disarankan / semua", "Merges that had been suggested / all"),
    "by_status": ("Menurut status", "By status"),
    "by_agency": ("Menurut perangkat daerah", "By agency"),
    "by_category": ("Menurut kategori", "By category"),
    "by_channel": ("Menurut saluran", "By channel"),
    "by_kecamatan": ("Menurut kecamatan", "By kecamatan"),
    "by_classification": ("Menurut jenis", "By class"),
    "holders": ("Waktu di tangan pelaksana", "Time in each holder's hands"),
    "steps": ("Waktu menurut langkah", "Time by step"),
    "holder": ("Pelaksana", "Holder"),
    "step": ("Langkah", "Step"),
    "held": ("Berkas", "Held"),
    "mean_working": ("Rata-rata kerja", "Mean working"),
    "breached": ("Terlambat", "Breached"),
    "own_late": ("Telat sendiri", "Own lateness"),
    "imposed_late": ("Telat dibebankan", "Imposed lateness"),
    "caused": ("Dikirim sia-sia", "Sent in vain"),
    "median": ("Median", "Median"),
    "col_filed": ("Masuk", "Filed"),
    "col_answered": ("Dijawab", "Answered"),
    "col_within": ("Sesuai", "Within"),
    "col_beyond": ("Melampaui", "Beyond"),
    "none": ("(belum ditentukan)", "(not set)"),
    "working": ("jam kerja", "working time"),
}
_STATUSES: Final[dict[str, tuple[str, str]]] = {
    "returned": ("dikembalikan kepada pelapor", "returned"),
    "in_progress": ("dalam proses", "in progress"),
    "answered": ("telah dijawab", "answered"),
    "closed": ("selesai", "closed"),
    "withdrawn": ("dicabut pelapor", "withdrawn"),
    "lapsed": ("tidak dilanjutkan", "lapsed"),
    "transferred": ("disampaikan ke instansi lain", "transferred"),
    "rejected": ("tidak ditindaklanjuti", "rejected"),
    "merged": ("digabungkan", "merged"),
    "complaint": ("aduan", "complaint"),
    "question": ("pertanyaan", "question"),
    "information": ("informasi", "information"),
    "suggestion": ("saran", "suggestion"),
}
_CHANNELS: Final[dict[str, tuple[str, str]]] = {
    "web": ("situs", "website"),
    "app": ("aplikasi", "application"),
    "api": ("layanan lain", "another service"),
    "open311": ("Open311", "Open311"),
    "whatsapp": ("WhatsApp", "WhatsApp"),
    "sms": ("SMS", "SMS"),
    "email": ("surel", "e-mail"),
    "telephone": ("telepon", "telephone"),
    "counter": ("datang ke meja", "at the desk"),
    "letter": ("surat", "letter"),
    "csv": ("tabel", "table"),
}
"""Those that every government has; a procedure may have names of its own for them."""
_UNITS: Final = (("hari", "d"), ("jam", "h"), ("mnt", "min"), ("dtk", "s"))


def label(name: str, language: str) -> str:
    """A part's name.

    :raises KeyError: if there is no such part.
    """
    return _LABELS[name][LANGUAGES.index(language)]


def word(name: str, language: str) -> str:
    """A status, a class or a general channel as people say it; itself if it is none of them."""
    known = _STATUSES.get(name) or _CHANNELS.get(name)
    return known[LANGUAGES.index(language)] if known else name


def month_name(month: str, language: str) -> str:
    """``2026-10`` as ``Oktober 2026``."""
    year, _, number = month.partition("-")
    return f"{month_names(language)[int(number) - 1]} {year}"


def duration(seconds: int | None, language: str, *, days: bool = True) -> str:
    """A length of time in its two greatest units, e.g. ``2 jam 15 mnt``; a dash for none.

    :param days: false for working time, in which nobody knows how long a day is.
    """
    if seconds is None:
        return "-"
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    day, hour = divmod(hours, 24) if days else (0, hours)
    units = (unit[LANGUAGES.index(language)] for unit in _UNITS)
    parts = list(zip((day, hour, minute, second), units, strict=True))
    first = next((place for place, (amount, _) in enumerate(parts) if amount), len(parts) - 1)
    told = [f"{amount} {unit}" for amount, unit in parts[first : first + 2] if amount]
    return " ".join(told) or f"0 {parts[-1][1]}"
