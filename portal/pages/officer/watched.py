"""What coordinators watch: the lists behind the board's figures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Response

from portal.access import caller
from portal.gateway import PageAsked
from portal.pages.frame import asked, saying
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import instant_at, now_at, page, pages
from portal.pages.officer import visits
from portal.pages.officer.order import row_of
from portal.pages.officer.own_choices import per_page
from portal.pages.officer.ticking import ticking
from portal.pages.officer.words import status_words
from portal.parts import parts
from shared.domain.tenants import Tenant

blueprint = pages("watched", __name__, "/<tenant>/papan", first=(visits.require_visit,))


@dataclass(frozen=True)
class BoardList:
    """A list of the board's.

    :param kind: as the services call it.
    :param title: its heading.
    :param told: what it holds, in a sentence.
    :param none: what is said where it holds nothing.
    """

    kind: str
    title: Callable[[], str]
    told: Callable[[], str]
    none: Callable[[], str]


_TASKS: Final[Mapping[str, BoardList]] = {
    "terlambat": BoardList(
        "late",
        lambda: _("Terlambat"),
        lambda: _("Tugas yang sudah lewat tenggatnya, yang paling lama lebih dulu."),
        lambda: _("Tidak ada yang terlambat."),
    ),
    "segera": BoardList(
        "soon",
        lambda: _("Segera jatuh tempo"),
        lambda: _("Tugas yang hampir lewat tenggatnya, yang paling dekat lebih dulu."),
        lambda: _("Tidak ada yang segera jatuh tempo."),
    ),
    "menunggu-pelapor": BoardList(
        "waiting",
        lambda: _("Menunggu pelapor"),
        lambda: _("Aduan yang menunggu pelapor melengkapi atau menanggapi, dengan sisa waktunya."),
        lambda: _("Tidak ada yang menunggu pelapor."),
    ),
}
_RETURNED: Final[Mapping[str, BoardList]] = {
    "dikembalikan": BoardList(
        "returned",
        lambda: _("Dikembalikan dinas"),
        lambda: _("Aduan yang pernah dikembalikan dan belum dijawab, yang paling lama masuk lebih dulu."),
        lambda: _("Tidak ada yang dikembalikan."),
    ),
    "memantul": BoardList(
        "bounced",
        lambda: _("Memantul antardinas"),
        lambda: _("Aduan yang dua kali atau lebih dikembalikan dinas dan belum dijawab."),
        lambda: _("Tidak ada yang memantul."),
    ),
}


@blueprint.route(f"/<any({', '.join(repr(name) for name in _TASKS)}):kind>")
def tasks(tenant: str, kind: str) -> Response:
    """Tasks that are late, nearly late, or wait for the reporter; of one office, role or step where one is named."""
    home = parts().home(tenant)
    wanted = {
        "agency": asked.choice("dinas", {each.id for each in home.agencies}),
        "actor": asked.choice("peran", _roles(home)),
        "step": asked.choice("langkah", {step.id for sop in home.sops.values() for step in sop.steps}),
    }
    parts().freshness.catch_up(tenant, "routing")
    found = parts().gateway.watched(
        tenant, _TASKS[kind].kind, wanted, PageAsked(asked.one("sesudah"), per_page()), caller()
    )
    now = now_at(home)
    return page(
        "officer/watched.html",
        desk=True,
        kind=kind,
        watched=_TASKS[kind],
        rows=[(row_of(item, home, now), status_words(item["status"])) for item in found["items"]],
        more=found["next"],
        narrowed=_narrowed(wanted, home),
        asked_for={"dinas": wanted["agency"], "peran": wanted["actor"], "langkah": wanted["step"]},
        ticking=ticking(home, now),
        scripts=("minutes.js",),
    )


@blueprint.route(f"/<any({', '.join(_RETURNED)}):kind>")
def returned(tenant: str, kind: str) -> Response:
    """Complaints that came back from an office, or go to and fro between offices."""
    home = parts().home(tenant)
    parts().freshness.catch_up(tenant, "reporting")
    found = parts().gateway.returned(
        tenant, _RETURNED[kind].kind, PageAsked(asked.one("sesudah"), per_page()), caller()
    )
    now = now_at(home)
    return page(
        "officer/returned.html",
        desk=True,
        kind=kind,
        watched=_RETURNED[kind],
        rows=[
            {**item, "back": _back(item["returns"]), "filed": saying.brief(instant_at(item["filed_at"], home), now)}
            for item in found["items"]
        ],
        more=found["next"],
        status_words=status_words,
    )


def _back(returns: Mapping[str, int]) -> list[str]:
    """Why a complaint came back, and how often."""
    words = {
        "wrong_agency": _("salah dinas"),
        "out_of_authority": _("bukan wewenang"),
        "rework": _("perlu diperbaiki"),
    }
    return [f"{words[why]} ({saying.number(times)}\N{MULTIPLICATION SIGN})" for why, times in returns.items() if times]


def _roles(home: Tenant) -> set[str]:
    return {actor.id for sop in home.sops.values() for actor in sop.actors}


def _narrowed(wanted: Mapping[str, str | None], home: Tenant) -> list[str]:
    """What a list was narrowed to, in words."""
    agency, actor, step = wanted["agency"], wanted["actor"], wanted["step"]
    told: list[Any] = [home.agency_name(agency) if agency else None]
    told += [home.sop.actor(actor).title if home.sop.has_actor(actor) else actor] if actor else []
    told += [home.sop.step(step).activity if home.sop.has_step(step) else step] if step else []
    return [each for each in told if each]
