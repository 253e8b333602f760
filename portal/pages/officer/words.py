"""What officers read for the names that procedures and events use."""

from collections.abc import Mapping
from typing import Any

from portal.pages.frame.language import Words, language, once_in_each_language
from portal.pages.frame.language import gettext as _
from shared.domain.sop.model import Sop
from shared.domain.tenants import Tenant
from shared.wording.labels import word


def reading_words(name: str) -> str:
    """What was read of a dossier, or why."""
    return _readings().get(name, name)


@once_in_each_language
def _readings() -> Words:
    return {
        "dossier": _("berkas"),
        "file": _("lampiran"),
        "register": _("buku register"),
        "account": _("akun warga"),
        "handling": _("menangani"),
        "helping": _("membantu menangani"),
        "oversight": _("melihat keadaannya"),
        "administration": _("mengelola sistem"),
        "question": _("menjawab pertanyaan pelapor"),
        "objection": _("memeriksa keberatan"),
        "inspection": _("pemeriksaan atau pengawasan"),
        "correction": _("membetulkan data"),
    }


def event_words(entry: Mapping[str, Any], home: Tenant) -> str:
    """What happened, as the history says it."""
    office = home.agency_name(str(entry.get("to_agency") or entry.get("agency") or ""))
    match entry["event"]:
        case "Dispositioned":
            return _("Didisposisikan ke %(office)s", office=office)
        case "HelpAsked":
            return _("Bantuan diminta dari %(office)s", office=office)
        case event:
            return _events().get(event, event)


@once_in_each_language
def _events() -> Words:
    return {
        "ComplaintFiled": _("Aduan diterima"),
        "Classified": _("Jenis dan kategori ditetapkan"),
        "Supplemented": _("Dilengkapi"),
        "Withdrawn": _("Ditarik pelapor"),
        "Lapsed": _("Tidak dilengkapi sampai batas waktu"),
        "Recalled": _("Disposisi ditarik kembali"),
        "Rejected": _("Ditolak: bukan aduan"),
        "Reinstated": _("Dilanjutkan lagi"),
        "Merged": _("Digabungkan"),
        "MemberJoined": _("Aduan lain digabungkan ke sini"),
        "MemberLeft": _("Aduan lain dilepas dari sini"),
        "Returned": _("Dikembalikan"),
        "Forwarded": _("Diteruskan"),
        "Answered": _("Dijawab"),
        "AnswerDelivered": _("Jawaban sampai ke pelapor"),
        "DeliveryFailed": _("Tidak dapat disampaikan ke pelapor"),
        "NoticeDelivered": _("Pelapor diberi tahu"),
        "CodeRenewed": _("Kode lacak baru diberikan"),
        "Replied": _("Pelapor membalas"),
        "Reopened": _("Dibuka kembali"),
        "Rated": _("Dinilai pelapor"),
        "Closed": _("Ditutup"),
        "Transferred": _("Diteruskan ke instansi lain"),
        "FileAdded": _("Berkas ditambahkan"),
        "Added": _("Pelapor menambahkan keterangan"),
        "LeaveAsked": _("Tambahan waktu diminta"),
        "LeaveGranted": _("Izin waktu diberikan"),
        "LeaveRefused": _("Permintaan waktu ditolak"),
        "Resumed": _("Waktu berjalan lagi"),
        "HelpGiven": _("Bantuan diserahkan"),
        "HelpCancelled": _("Bantuan dibatalkan"),
        "ClockWarned": _("Peringatan: waktu hampir habis"),
        "ClockBreached": _("Batas waktu terlewati"),
        "Escalated": _("Dibawa ke atasan"),
        "Noted": _("Catatan ditulis"),
        "SummaryWritten": _("Ringkasan untuk umum ditulis"),
        "SummaryGivenBack": _("Ringkasan dikembalikan kepada penulisnya"),
        "Published": _("Ringkasan terbit di halaman umum"),
        "Unpublished": _("Ringkasan ditarik dari halaman umum"),
        "DataAsked": _("Pelapor bertanya tentang data pribadinya"),
        "DataAnswered": _("Permintaan tentang data pribadi dijawab"),
        "Erased": _("Data pelapor dihapus"),
    }


def role_words(entry: Mapping[str, Any], home: Tenant) -> str:
    """Who did something: the role, and the office."""
    role = home.sop.actor(entry["actor"]).title if home.sop.has_actor(entry["actor"]) else str(entry["actor"])
    office = home.agency_name(entry["agency"])
    return f"{role}, {office}" if office else role


def task_words(item: Mapping[str, Any], sop: Sop) -> str:
    """What is to be done for a row of the inbox."""
    match item["task"]:
        case "help":
            return _("Serahkan bagian bantuan")
        case "leave":
            return _("Putuskan permintaan waktu")
        case "contact" | "call":
            return _("Hubungi pelapor")
        case "data":
            return _("Jawab permintaan tentang data pribadi")
        case _:
            return sop.step(item["step"]).activity if item["step"] else ""


def field_label(name: str) -> str:
    """A field of an action; one that only the SOP knows by its own name."""
    return _fields().get(name, name.replace("_", " ").capitalize())


@once_in_each_language
def _fields() -> Words:
    return {
        "agency": _("Dinas"),
        "unit": _("Bidang atau seksi"),
        "note": _("Catatan dalam, tidak dilihat pelapor"),
        "reason": _("Alasan"),
        "response": _("Hasil tindak lanjut, untuk dasar jawaban"),
        "text": _("Jawaban"),
        "to": _("Instansi tujuan"),
        "why": _("Sebabnya"),
        "kind": _("Yang diminta"),
        "until": _("Sampai tanggal"),
        "via": _("Bagaimana pelapor menyampaikannya"),
        "way": _("Bagaimana pelapor diberi tahu"),
        "classification": _("Jenis"),
        "category": _("Kategori"),
        "score": _("Nilai, 1 sampai 5"),
        "comment": _("Komentar pelapor"),
        "despite": _("Alasan diteruskan walau belum lengkap"),
        "into": _("Nomor tiket aduan yang dilanjutkan"),
        "of": _("Yang diberitahukan"),
        "asked": _("Permintaan"),
        "part": _("Bagian"),
        "message": _("Keterangan tambahan"),
        "files": _("Berkas"),
        "summary": _("Ringkasan untuk umum"),
        "public_answer": _("Jawaban untuk umum"),
    }


def choice_words(name: str) -> str:
    """A choice of a list, as people say it; of channels and classes as everywhere."""
    return _choices().get(name) or word(name, language())


@once_in_each_language
def _choices() -> Words:
    return {
        "spam": _("pesan berulang atau tidak terkait"),
        "insult": _("makian"),
        "advertisement": _("iklan"),
        "no_complaint": _("bukan aduan"),
        "answered_before": _("sudah pernah dijawab"),
        "pause": _("jeda: waktunya berhenti"),
        "extension": _("tambahan waktu"),
        "other_agency": _("menunggu instansi lain"),
        "court": _("menunggu pengadilan"),
        "force_majeure": _("keadaan kahar"),
        "goods": _("menunggu barang"),
        "budget": _("menunggu anggaran"),
        "photo": _("foto"),
        "document": _("dokumen"),
        "documentation": _("dokumentasi penanganan"),
        "nota_dinas": _("nota dinas"),
        "disposition_sheet": _("lembar disposisi"),
        "answer_letter": _("surat jawaban"),
        "receipt": _("tanda terima"),
        "recording": _("rekaman"),
        "incomplete": _("belum lengkap"),
        "wrong_agency": _("salah alamat"),
        "out_of_authority": _("di luar kewenangan"),
        "rework": _("diperbaiki"),
        "interim": _("sementara"),
        "final": _("akhir"),
        "balasan": _("balasan"),
        "step": _("langkah ini"),
        "case": _("seluruh aduan"),
        "reply": _("tanggapan pelapor"),
        "help": _("bantuan"),
        "data": _("data pribadi"),
        "done": _("dipenuhi"),
        "refused": _("ditolak"),
    }


def status_words(status: str) -> str:
    """Where a dossier stands."""
    return _statuses().get(status, status)


@once_in_each_language
def _statuses() -> Words:
    return {
        "returned": _("dikembalikan ke pelapor"),
        "in_progress": _("masih berjalan"),
        "answered": _("sudah dijawab"),
        "closed": _("ditutup"),
        "withdrawn": _("ditarik pelapor"),
        "lapsed": _("tidak dilanjutkan"),
        "transferred": _("di instansi lain"),
        "rejected": _("bukan aduan"),
        "merged": _("digabungkan"),
    }


def counted_words(name: str) -> str:
    """What a recap counts, as its list is called."""
    return _counted().get(name, name)


@once_in_each_language
def _counted() -> Words:
    return {
        "answered": _("sudah dijawab"),
        "met": _("sesuai standar waktu"),
        "missed": _("lewat standar waktu"),
        "rated": _("dinilai pelapor"),
        "reopened": _("dibuka lagi"),
        "incomplete": _("dikembalikan: belum lengkap"),
        "wrong_agency": _("dikembalikan: salah alamat"),
        "out_of_authority": _("dikembalikan: di luar kewenangan"),
        "rework": _("dikembalikan: diperbaiki"),
    }


def mark_of(privacy: str) -> str | None:
    """The mark of a reporter who is not to be named; none where the name may be known."""
    return _marks().get(privacy)


@once_in_each_language
def _marks() -> Words:
    return {"anonymous": _("Anonim"), "secret": _("Rahasia")}
