"""What people in the demo say: the fields of what they do."""

from collections.abc import Callable, Mapping
from typing import Any

from cli.demo.story import PlayedStory, Plot, Reachability
from shared.domain.tenants import Tenant

_REASONS = {
    "incomplete": "Mohon dilengkapi data yang belum diisi agar aduan dapat kami teruskan.",
    "wrong_agency": "Bukan kewenangan perangkat daerah kami, mohon didisposisikan ulang.",
    "out_of_authority": "Bukan kewenangan pemerintah kabupaten.",
    "rework": "Jawaban belum menyebut waktu pelaksanaan, mohon diperbaiki.",
    "recall": "Disposisi keliru, kami alihkan ke perangkat daerah yang berwenang.",
    "reject": "Isi laporan berupa iklan, tidak ada yang dapat kami tindak lanjuti.",
    "reinstate": "Setelah dibaca kembali, laporan ini memang aduan warga.",
    "merge": "Pokok dan lokasi aduan sama dengan laporan sebelumnya.",
    "reopen": "Pelapor menyampaikan bahwa keadaan di lapangan belum berubah.",
    "transfer": "Kewenangan instansi vertikal.",
}
_ANSWERS = (
    "Terima kasih atas laporannya. Petugas kami sudah meninjau lokasi dan perbaikan dijadwalkan minggu ini.",
    "Terima kasih. Laporan Bapak/Ibu sudah kami tindak lanjuti, pekerjaan selesai dikerjakan kemarin sore.",
    "Kami mohon maaf atas ketidaknyamanannya. Penanganan sudah dilakukan dan akan kami pantau.",
    "Terima kasih atas pertanyaannya. Persyaratan lengkap dapat dilihat di kantor kami pada jam kerja, tanpa biaya.",
)
WORD_BACK = "Terima kasih atas balasannya. Jadwal pekerjaan kami sampaikan begitu ditetapkan."
DESPITE = "Pokok aduan dan lokasinya jelas, kelengkapan menyusul."
BY_TELEPHONE = "Dibacakan lewat telepon, pelapor mengerti."

REPORTERS = {
    "withdraw": {"reason": "Sudah diselesaikan sendiri oleh warga."},
    "reply": {"text": "Terima kasih, tetapi kapan tepatnya akan dikerjakan?"},
    "reopen": {"reason": "Belum ada perubahan di lapangan."},
}
"""What reporters say with an action, by its name."""


class ActionWords:
    """Gives what an action needs.

    :param tenant: its agencies.
    """

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def of(self, story: PlayedStory, view: Mapping[str, Any], action: Mapping[str, Any]) -> dict[str, Any] | None:
        """The fields of an officer's action; none if somebody in the demo would not know what to say.

        :param action: as the API offers it.
        """
        values: dict[str, Callable[[], Any]] = {
            "agency": lambda: self.agency(story),
            "reason": lambda: _REASONS.get(action["action"]) or _REASONS.get(action.get("why") or "wrong_agency"),
            "text": lambda: WORD_BACK if action.get("kind") == "balasan" else story.chance.choice(_ANSWERS),
            "why": lambda: "spam" if story.plot is Plot.SPAM else "no_complaint",
            "via": lambda: "telephone",
            "way": lambda: "telephone",
            "score": lambda: 4,
            "response": lambda: story.chance.choice(_ANSWERS),
            "note": lambda: "Mohon segera ditindaklanjuti.",
            "to": lambda: "Kementerian terkait",
            "category": lambda: story.category,
            "classification": lambda: story.kind,
            "despite": lambda: DESPITE,
        }
        if any(name not in values for name in action["needs"]):
            return None
        wanted = set(action["needs"])
        # A draft to be approved is the agency's own: what the operator of a first desk adds would be no answer yet.
        wanted |= {"response"} & set(action["optional"]) if view["actor"] != "operator" else set()
        if action["event"] == "Classified":
            wanted |= {"category"}
        if action["event"] == "Dispositioned" and view["missing"]:
            wanted |= {"despite"} & set(action["optional"])
        fields = {name: values[name]() for name in sorted(wanted)}
        return fields | story.left_out if action["event"] == "Supplemented" else fields

    def agency(self, story: PlayedStory) -> str:
        """Where a person sends it: astray once, if that is its part."""
        right = self.right_agency(story)
        if story.role.wrong_agency and not any(story.did(name) for name in ("dispose", "recall", "return")):
            return self.another(story, right)
        return right

    def right_agency(self, story: PlayedStory) -> str:
        """Who handles its category."""
        return (self._tenant.agency_for(story.category) or self._tenant.agencies[0]).id

    def another(self, story: PlayedStory, than: str | None) -> str:
        """Some other agency."""
        return story.chance.choice([each.id for each in self._tenant.agencies if each.id != than])


def way_to(story: PlayedStory) -> tuple[str, str] | None:
    """How an officer tells a reporter something, and what they note of it; none if there is no way."""
    return ("telephone", BY_TELEPHONE) if story.role.reach is Reachability.TELEPHONE else None
