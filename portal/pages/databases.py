"""The databases of an installation as its administrators' pages ask them: all of them, also where one is away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from flask import current_app

from portal.at_once import at_once
from portal.elsewhere import Home, State
from portal.pages.frame.language import gettext as _
from portal.parts import EXTENSION, HOMES, Parts

_LOOK_SECONDS: Final = 5.0  # more than each of them takes for its own look
_SILENT: Final[State] = "the database does not answer"


@dataclass(frozen=True)
class DatabaseRoom:
    """One database with its services.

    :param parts: of the application that answers for it.
    :param named: its governments; empty where there is one database only.
    :param told: asks how it stands.
    """

    parts: Parts
    named: str
    told: Callable[[], State]


def rooms() -> list[DatabaseRoom]:
    """All of them, the one of the portal's own first; nothing is asked of them yet."""
    homes: tuple[Home, ...] = current_app.extensions.get(HOMES, ())
    if not homes:
        return [DatabaseRoom(current_app.extensions[EXTENSION], "", lambda: "ok")]
    return [DatabaseRoom(home.app.extensions[EXTENSION], home.named, home.told) for home in homes]


def states(every: list[DatabaseRoom]) -> list[State]:
    """How each of them stands."""
    return [told or _SILENT for told in at_once([room.told for room in every], _LOOK_SECONDS)]


def in_words(state: State) -> str | None:
    """What is wrong, for whoever reads a page; none if nothing is."""
    words: Mapping[State, str | None] = {
        "ok": None,
        "not there yet": _("Basis datanya belum dapat dipakai sejak proses ini mulai."),
        "the database does not answer": _("Basis datanya tidak menjawab."),
        "the broker does not answer": _("Penyalur pesannya tidak menjawab."),
    }
    return words[state]
