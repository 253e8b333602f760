"""What an action is called on its form, and what its reporter will read of it."""

from collections.abc import Mapping
from typing import Any

from portal.pages.frame.language import Words, once_in_each_language
from portal.pages.frame.language import gettext as _
from shared.domain.dossier.told_reasons import reason_is_told
from shared.domain.sop.model import Sop
from shared.domain.sop.vocabulary import END, SAME


def action_words(allowed: Mapping[str, Any], sop: Sop) -> str:
    """What an action is called on its form: a verb, with whom it goes to where it goes on."""
    to = allowed.get("to")
    moves = to not in (None, END, SAME)
    role = sop.actor(sop.step(str(to)).actor).title if moves else ""
    if allowed["event"] == "Answered" and allowed["action"] == "answer":
        return _("Kirim balasan ke pelapor") if allowed.get("kind") == "balasan" else _("Kirim jawaban ke pelapor")
    if allowed["event"] == "Forwarded" and moves and allowed["action"] not in ("approve", "ask"):
        return _("Teruskan ke %(role)s", role=role)
    return _verbs().get(allowed["action"], allowed["action"].replace("_", " ").capitalize())


@once_in_each_language
def _verbs() -> Words:
    return {
        "dispose": _("Disposisikan ke dinas"),
        "return": _("Kembalikan, dengan alasan"),
        "classify": _("Tetapkan jenis dan kategori"),
        "transfer": _("Teruskan ke instansi lain yang berwenang"),
        "interim": _("Kirim jawaban sementara ke pelapor (waktu tetap berjalan)"),
        "approve": _("Setujui dan kirim jawaban"),
        "recall": _("Tarik kembali disposisi"),
        "reject": _("Tolak: bukan aduan"),
        "merge": _("Gabungkan dengan aduan lain"),
        "reinstate": _("Lanjutkan lagi aduan ini"),
        "deliver": _("Catat bagaimana pelapor diberi tahu"),
        "renew_code": _("Beri kode lacak baru"),
        "supplement": _("Lengkapi atas kata pelapor"),
        "reply": _("Catat balasan pelapor"),
        "withdraw": _("Catat penarikan oleh pelapor"),
        "rate": _("Catat penilaian pelapor"),
        "close": _("Tutup: selesai menurut pelapor"),
        "reopen": _("Buka kembali"),
        "ask_leave": _("Minta tambahan waktu atau jeda"),
        "grant_leave": _("Beri izin waktu"),
        "refuse_leave": _("Tolak permintaan waktu"),
        "resume": _("Jalankan lagi waktunya"),
        "ask_help": _("Minta bantuan dinas lain"),
        "give_help": _("Serahkan bagian bantuan"),
        "cancel_help": _("Batalkan bantuan"),
        "ask": _("Tanyakan kepada instansi yang menangani"),
    }


def seen_by_reporter(allowed: Mapping[str, Any]) -> str | None:
    """What the reporter will read after an action; none if nothing."""
    return {
        "Dispositioned": _("dinas yang menangani, dan sampai kapan"),
        "Returned": _returned_words(allowed.get("why")),
        "Answered": _("tulisan ini, persis seperti ditulis"),
        "Transferred": _("instansi tujuan dan alasan ini"),
        "Rejected": _("alasan ini"),
        "Supplemented": _("tulisan ini, sebagai keterangan mereka sendiri"),
        "Replied": _("tulisan ini, sebagai balasan mereka sendiri"),
        "LeaveGranted": _("bahwa waktunya diperpanjang atau berhenti, dan sampai kapan"),
    }.get(allowed["event"])


def _returned_words(why: str | None) -> str | None:
    if why == "incomplete":
        return _("alasan ini, dan apa yang perlu dilengkapi")
    return _("alasan ini") if reason_is_told("Returned", why) else None
