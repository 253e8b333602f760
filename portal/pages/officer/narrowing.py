"""By what an inbox is narrowed: several words of each kind at once, all in the address, which can be kept and sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from portal.pages.frame import asked
from portal.pages.frame.language import gettext as _
from portal.pages.officer.meant import channels
from portal.pages.officer.order import GROUPS
from portal.pages.officer.words import choice_words
from shared.domain.sop.vocabulary import REPORTER, SYSTEM
from shared.domain.tenants import Tenant

STATE: Final = "keadaan"
_AS_SERVICES_CALL_IT: Final = {"langkah": "step", "kecamatan": "kecamatan", "kategori": "category", "kanal": "channel"}


@dataclass(frozen=True)
class Narrowing:
    """One kind.

    :param name: in the address.
    :param title: of the group of boxes.
    :param choices: the words, each as people read it.
    :param chosen: those that were asked for.
    :param source: whether the words are the procedure's or the lists' own, hence Indonesian on every page.
    """

    name: str
    title: str
    choices: Mapping[str, str]
    chosen: tuple[str, ...]
    source: bool


@dataclass(frozen=True)
class Narrowed:
    """All kinds that this reader can choose from."""

    kinds: tuple[Narrowing, ...]

    @property
    def address(self) -> dict[str, list[str]]:
        """What the address says of it, to be kept in links."""
        return {each.name: list(each.chosen) for each in self.kinds if each.chosen}

    @property
    def wanted(self) -> dict[str, tuple[str, ...]]:
        """The same for the services, but for the state of time, which is told by the present instant."""
        return {
            _AS_SERVICES_CALL_IT[each.name]: each.chosen for each in self.kinds if each.chosen and each.name != STATE
        }

    @property
    def states(self) -> tuple[str, ...]:
        """The states of time that were asked for."""
        return next(each.chosen for each in self.kinds if each.name == STATE)

    @property
    def told(self) -> list[str]:
        """What was asked for, in words."""
        return [each.choices[word] for each in self.kinds for word in each.chosen]


def narrowed(home: Tenant, actor: str | None) -> Narrowed:
    """What the address of this request asks for.

    :param actor: whose inbox it is; none for every desk's.
    """
    entries = home.entries
    kinds = (
        (STATE, _("Sisa waktu"), {name: group_words(name) for name in GROUPS}, False),
        ("langkah", _("Langkah"), dict(_steps(home, actor)), True),
        ("kategori", _("Kategori"), {each: each for each in sorted(entries.categories.values())}, True),
        ("kecamatan", _("Kecamatan"), {each: each for each in sorted(entries.kecamatans.values())}, True),
        ("kanal", _("Kanal"), {each: choice_words(each) for each in channels(home)}, False),
    )
    return Narrowed(
        tuple(
            Narrowing(name, title, choices, asked.several(name, choices), source)
            for name, title, choices, source in kinds
        )
    )


def group_words(name: str) -> str:
    """A state of time, as the heading of its group."""
    return {
        "late": _("Terlambat"),
        "soon": _("Segera"),
        "today": _("Hari ini"),
        "later": _("Besok dan sesudahnya"),
        "still": _("Waktunya berhenti"),
        "none": _("Tanpa batas waktu"),
    }[name]


def _steps(home: Tenant, actor: str | None) -> Iterator[tuple[str, str]]:
    """The steps at which something can lie in the inbox, of every version that may still run."""
    for sop in home.sops.values():
        for step in sop.steps:
            if step.actor == actor or (actor is None and step.actor not in (REPORTER, SYSTEM)):
                yield step.id, f"{step.printed}. {step.activity}" if step.printed else step.activity
