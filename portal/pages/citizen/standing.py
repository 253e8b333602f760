"""Which complaint it is, and where it stands, as the heading of its page says it: one sentence, by office and never by
person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.pages.frame import saying
from portal.pages.frame.ended import ended
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import instant_at
from portal.pages.frame.words import field_words, rejection_words
from shared.domain.sop.vocabulary import REPORTER
from shared.domain.tenants import Tenant


@dataclass(frozen=True)
class Which:
    """By which words a reporter of several complaints knows this one.

    Title and place are empty where they were erased, or never given.

    :param title: as the reporter wrote it, or how their message begins.
    :param place: from the landmark to the kecamatan.
    :param filed: when it was filed, in words.
    """

    title: str
    place: str
    filed: str


def which(view: Mapping[str, Any], home: Tenant, now: datetime) -> Which:
    """Which complaint a page is about, for its reporter's eyes only: title and place are their own words.

    :param view: a complaint as its reporter may read it.
    :param now: in the government's zone.
    """
    complaint = view["complaint"]
    place = complaint.get("location") or {}
    named = [place.get(name) for name in ("text", "desa", "kecamatan")]
    filed = saying.moment(instant_at(view["filed_at"], home), now)
    return Which(complaint["title"], ", ".join(each for each in named if each), filed)


def heading(view: Mapping[str, Any], home: Tenant) -> str:
    """The sentence."""
    match view["status"]:
        case "returned":
            missing = ", ".join(field_words(name) for name in view["missing"])
            return _("Anda perlu melengkapi: %(what)s", what=missing) if missing else _("Anda perlu melengkapi aduan")
        case "answered":
            office = _answered_by(view) or home.name
            return _("Sudah dijawab %(office)s", office=office)
        case "closed":
            return _("Aduan sudah ditutup") if view["answered"] else _("Aduan ditutup tanpa jawaban")
        case "withdrawn":
            return _("Aduan sudah Anda tarik")
        case "lapsed":
            return _("Aduan tidak dilanjutkan")
        case "transferred":
            where = view.get("elsewhere") or {}
            return _("Diteruskan ke %(office)s", office=where["to"]) if where else _("Diteruskan ke instansi lain")
        case "rejected":
            return _("Aduan tidak ditindaklanjuti")
        case "merged":
            return _("Aduan digabungkan dengan aduan lain yang sama")
        case _:
            if view["agency_name"] and not _at_the_desk(view, home):
                return _("Sedang ditindaklanjuti %(office)s", office=view["agency_name"])
            return _("Sedang diperiksa meja pengaduan %(office)s", office=home.name)


def _at_the_desk(view: Mapping[str, Any], home: Tenant) -> bool:
    """Whether the government's own desk has it, whichever office it was with before, or will be again."""
    sop, actor = home.sop_of(view["sop_version"]), view["actor"]
    return actor is not None and sop.has_actor(actor) and sop.actor(actor).scope == "tenant"


def remarks(view: Mapping[str, Any], home: Tenant, now: datetime) -> tuple[str, ...]:
    """What is to be added to the heading: when it ended, why that or why it waits, and until when."""
    end = ended(view, home, now)
    by_word = any(each.get("by") == REPORTER for each in view["timeline"][-1:])
    solved = (_("Menurut Anda, masalahnya sudah selesai."),) if by_word else ()
    return (*(() if end is None else (end,)), *solved, *_reasons(view, home, now))


def rated(view: Mapping[str, Any]) -> bool:
    """Whether its reporter has rated the latest answer."""
    events = [each["event"] for each in view["timeline"] if each["event"] in ("Answered", "Rated")]
    return events[-1:] == ["Rated"]


def _reasons(view: Mapping[str, Any], home: Tenant, now: datetime) -> tuple[str, ...]:
    last = view["timeline"][-1] if view["timeline"] else {}
    due = instant_at(view["due_at"], home) if view["due_at"] else None
    told: list[str] = []
    if view["status"] == "returned":
        reason = next((each["reason"] for each in reversed(view["timeline"]) if each.get("reason")), None)
        if reason:
            told.append(_("Aduan dikembalikan kepada Anda karena: %(reason)s", reason=reason))
        if due:
            told.append(_("Waktunya berhenti sampai Anda melengkapi, paling lambat %(day)s.", day=_day(due, now)))
    elif view["status"] == "transferred":
        told.append(_("Bukan wewenang %(government)s. Kami tetap memantau.", government=home.name))
        where = view.get("elsewhere") or {}
        if where and not where["heard_at"]:
            since = instant_at(where["since"], home)
            told.append(_("Sejak %(day)s; belum ada kabar dari sana.", day=_day(since, now)))
    elif view["status"] == "rejected":
        told.append(_("Alasannya: %(why)s.", why=rejection_words(last.get("why"))))
        if last.get("reason"):
            told.append(str(last["reason"]))
    elif view["status"] == "lapsed":
        told.append(_("Aduan tidak dilengkapi sampai batas waktunya."))
    elif view["status"] == "answered" and due and any(each["action"] == "reopen" for each in view["allowed"]):
        told.append(_closing(view, _day(due, now)))
    return (*told, *_outside(last, home))


def _outside(last: Mapping[str, Any], home: Tenant) -> tuple[str, ...]:
    """Why it is not for this government to handle, while somebody else looks for who does."""
    if last.get("why") != "out_of_authority" or not last.get("reason"):
        return ()
    return (_("Di luar wewenang %(government)s, karena: %(reason)s", government=home.name, reason=last["reason"]),)


def _closing(view: Mapping[str, Any], day: str) -> str:
    """When an answered complaint closes by itself, and on what condition; it differs once the answer was rated."""
    if rated(view):
        return _("Sudah Anda nilai. Aduan ditutup sendiri %(day)s, kecuali dibuka lagi.", day=day)
    return _("Tanpa tanggapan sampai %(day)s, aduan ditutup sendiri.", day=day)


def _answered_by(view: Mapping[str, Any]) -> str | None:
    answers = [each for each in view["timeline"] if each["event"] == "Answered"]
    return answers[-1]["agency_name"] if answers else view["agency_name"]


def _day(instant: datetime, now: datetime) -> str:
    return saying.long_day(instant.date(), now)
