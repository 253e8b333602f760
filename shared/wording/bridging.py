"""What is said of the places where two systems disagree about a complaint, in Indonesian and in English."""

from typing import Final

_SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "not_here": (
        "Belum tercatat di sini, atau sudah dihapus atas permintaan pelapor. Impor tabelnya, atau lihat sebab ditolak.",
        "It is not filed here, or was erased as its reporter asked. Import the table; if it is refused, see why.",
    ),
    "closed_there": (
        "Di sana sudah selesai, di sini masih berjalan. Periksa apakah pelapor sudah dijawab di sana.",
        "It is finished there and still open here. See whether the reporter was answered there.",
    ),
    "open_there": (
        "Di sini sudah dijawab, di sana masih berjalan. Masukkan jawabannya dengan `aduan bridge export`.",
        "It is answered here and still open there. Bring the answer over by `aduan bridge export`.",
    ),
    "ended_here": (
        "Di sini berakhir tanpa jawaban, di sana masih berjalan. Beri tahu sistem sana.",
        "It has ended here without an answer and is still open there. Tell the other system.",
    ),
    "text_differs": (
        "Isinya di sana berubah sesudah tercatat di sini. Catat perubahannya sebagai tambahan.",
        "Its text there has changed since it was filed here. Record the change as an addition.",
    ),
    "agency_differs": (
        "Di sana dan di sini didisposisikan ke instansi yang berbeda.",
        "It is with different offices there and here.",
    ),
    "also_here": (
        "Orang yang sama mengirim tulisan yang sama lewat jalan lain: {tickets}. Gabungkan bila memang satu.",
        "The same person sent the same words in another way: {tickets}. Merge them if they are one.",
    ),
}
_PLACE: Final = {"id": 0, "en": 1}


def conflict_sentence(code: str, language: str = "id", **values: str) -> str:
    """What a disagreement means, and what to do.

    :param code: see :data:`shared.domain.complaint.bridging.Conflict`.
    :raises KeyError: if there is no such code.
    """
    return _SENTENCES[code][_PLACE[language]].format(**values)
