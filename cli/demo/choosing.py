"""What people in the demo decide. What an SOP lets a holder do is done at least once, if a month gives time."""

import random
from dataclasses import dataclass, field
from typing import Any

from shared.domain.dossier.arranged import ARRANGED
from shared.domain.tenants import Tenant

_REASONS = {
    "incomplete": "Mohon dilengkapi data yang belum diisi agar aduan dapat kami teruskan.",
    "wrong_agency": "Bukan kewenangan perangkat daerah kami, mohon didisposisikan ulang.",
    "out_of_authority": "Bukan kewenangan pemerintah kabupaten.",
    "rework": "Jawaban belum menyebut waktu pelaksanaan, mohon diperbaiki.",
}
_ORDER = (
    "supplement",
    "return",
    "transfer",
    "classify",
    "interim",
    "answer",
    "approve",
    "dispose",
    "forward",
    "ask",
    "reopen",
    "reject",
    "merge",
    "reply",
    "rate",
)
"""What a holder takes up, in this order. Telling by hand, leave and help are for those who look for them."""
_TURNS = ("reject", "merge")
"""What ends a complaint without an answer: shown once."""
_ANSWERS = (
    "Terima kasih atas laporannya. Petugas kami sudah meninjau lokasi dan perbaikan dijadwalkan minggu ini.",
    "Terima kasih. Laporan Bapak/Ibu sudah kami tindak lanjuti, pekerjaan selesai dikerjakan kemarin sore.",
    "Kami mohon maaf atas ketidaknyamanannya. Penanganan sudah dilakukan dan akan kami pantau.",
    "Terima kasih atas pertanyaannya. Persyaratan lengkap dapat dilihat di kantor kami pada jam kerja, tanpa biaya.",
)


WORD_BACK = "Terima kasih atas balasannya. Jadwal pekerjaan kami sampaikan begitu ditetapkan."


@dataclass
class Story:
    """One complaint on its way, and what its people have in mind.

    :param left_out: what was left out at first.
    :param wrong_agency: whether the coordinator will send it astray once.
    :param elsewhere: whether it is not the county's own matter.
    :param chance: decides what its people do; its own, so that it does not matter who acts first at an instant.
    :param done: the actions taken, each with its step.
    """

    tenant: str
    receipt: dict[str, Any]
    category: str
    kind: str
    left_out: dict[str, Any]
    wrong_agency: bool
    elsewhere: bool
    chance: random.Random
    done: list[tuple[str, str]] = field(default_factory=list)


class Chooser:
    """Decides for everybody in one tenant.

    :param tenant: its agencies.
    """

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self.used: set[tuple[str, str]] = set()
        self.tickets: list[str] = []

    def officer(self, story: Story, view: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
        """What the officer who holds the dossier does, with its fields; none to let it lie."""
        # The view also tells what its reader may do besides.
        mine = [each for each in view["allowed"] if each["actor"] == view["actor"] and each["action"] not in ARRANGED]
        offered = {each["action"]: each for each in mine}
        for name in self._by_inclination(offered, view["step"]):
            if self._inclined(story, view, offered[name]):
                return name, self._fields(story, view, offered[name])
        return None

    def files(self, view: dict[str, Any], action: str) -> list[str]:
        """The kinds of files that an action needs."""
        named = (each for each in view["allowed"] if (each["action"], each["actor"]) == (action, view["actor"]))
        return [kind for each in named for kind in each["needs_files"]]

    def reporter(self, story: Story, offered: dict[str, Any], *, returned: bool) -> tuple[str, dict[str, Any]] | None:
        """What the reporter does; none to stay silent."""
        chances = {"supplement": 0.85, "withdraw": 0.05} if returned else {"rate": 0.5, "reply": 0.12, "reopen": 0.1}
        for name, chance in chances.items():
            if name not in offered or (name != "supplement" and ("reporter", name) in story.done):
                continue
            if self._unused("reporter", name) or story.chance.random() < chance:
                return name, self._reporter_fields(story, name)
        return None

    def note(self, story: Story, step: str, action: str) -> None:
        """Remember what was done."""
        story.done.append((step, action))
        self.used.add((step, action))

    def _by_inclination(self, offered: dict[str, Any], step: str) -> list[str]:
        """Exceptions first, what was never done before what was; then what moves the dossier on."""
        names = sorted((name for name in offered if name in _ORDER), key=_ORDER.index)
        return sorted(names, key=lambda name: not self._unused(step, name))

    def _inclined(self, story: Story, view: dict[str, Any], action: dict[str, Any]) -> bool:
        name, step = action["action"], view["step"]
        if "via" in action["needs"] or "way" in action["needs"] or name in _TURNS:
            return self._told(story, view, name)
        if name == "return":
            match action.get("why"):
                case "incomplete":
                    return bool(view["missing"])
                case "wrong_agency" if view["agency"] is not None:
                    return self._astray(story, view)
                case "out_of_authority":
                    return story.elsewhere and (step, name) not in story.done
                case _:
                    return (step, name) not in story.done and self._sometimes(story, step, name, 0.2)
        if view["missing"] and any(each.get("why") == "incomplete" for each in view["allowed"]):
            return False
        if name == "transfer":
            return story.elsewhere or self._unused(step, name)
        if name in ("classify", "interim", "reopen"):
            return (step, name) not in story.done and self._sometimes(story, step, name, 0.15)
        if name == "answer" and len(view["allowed"]) > 1 and any(a["action"] == "forward" for a in view["allowed"]):
            return story.kind == "question" or self._unused(step, name)
        return True

    def _told(self, story: Story, view: dict[str, Any], name: str) -> bool:
        """Whether the reporter has told the officer something by telephone, or it comes out as no complaint at all."""
        if name == "merge" and self._another(story) is None:
            return False
        if name == "deliver":
            return bool(view.get("untold"))
        if name == "supplement":
            return bool(view["missing"]) and bool(story.left_out) and self._sometimes(story, view["step"], name, 0.3)
        return name != "withdraw" and self._unused(view["step"], name)

    def _another(self, story: Story) -> str | None:
        """Another complaint of the month, which may be about the same thing."""
        return next((each for each in reversed(self.tickets) if each != story.receipt["ticket"]), None)

    def _astray(self, story: Story, view: dict[str, Any]) -> bool:
        """Sent to a wrong agency by the coordinator, or, where no person disposes, by the category's keywords."""
        if not story.wrong_agency or (view["step"], "return") in story.done:
            return False
        by_person = any(name == "dispose" for _, name in story.done)
        return not by_person or view["agency"] != self._right_agency(story)

    def _fields(self, story: Story, view: dict[str, Any], action: dict[str, Any]) -> dict[str, Any]:
        wanted = {*action["needs"], *({"response"} & set(action["optional"]) if view["actor"] != "operator" else ())}
        values = {
            "agency": lambda: self._agency(story),
            "reason": lambda: _REASONS.get(str(action.get("why")), _REASONS["wrong_agency"]),
            "text": lambda: WORD_BACK if action.get("kind") == "balasan" else story.chance.choice(_ANSWERS),
            "why": lambda: "no_complaint",
            "into": lambda: self._another(story),
            "via": lambda: "telephone",
            "way": lambda: "telephone",
            "score": lambda: 4,
            "response": lambda: story.chance.choice(_ANSWERS),
            "note": lambda: "Mohon segera ditindaklanjuti.",
            "to": lambda: "Kementerian terkait",
            "category": lambda: story.category,
            "classification": lambda: story.kind,
        }
        if action["action"] == "classify":
            wanted |= {"category"}
        fields = {name: values[name]() for name in sorted(wanted) if name in values}
        return fields | story.left_out if action["event"] == "Supplemented" else fields

    def _agency(self, story: Story) -> str:
        right = self._right_agency(story)
        if story.wrong_agency and not any(name == "dispose" for _, name in story.done):
            return story.chance.choice([each.id for each in self._tenant.agencies if each.id != right])
        return right

    def _right_agency(self, story: Story) -> str:
        return (self._tenant.agency_for(story.category) or self._tenant.agencies[0]).id

    def _reporter_fields(self, story: Story, name: str) -> dict[str, Any]:
        return {
            "supplement": story.left_out,
            "withdraw": {"reason": "Sudah diselesaikan sendiri oleh warga."},
            "reply": {"text": "Terima kasih, tetapi kapan tepatnya akan dikerjakan?"},
            "reopen": {"reason": "Belum ada perubahan di lapangan."},
            "rate": {"score": story.chance.choices([5, 4, 3, 2, 1], [40, 30, 15, 10, 5])[0]},
        }[name]

    def _sometimes(self, story: Story, step: str, name: str, chance: float) -> bool:
        return self._unused(step, name) or story.chance.random() < chance

    def _unused(self, step: str, name: str) -> bool:
        return (step, name) not in self.used
