"""The history of a dossier as officers read it: the latest first, what clocks did folded away."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from portal.pages.frame import saying
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import instant_at
from portal.pages.officer.kept_time import kept_times
from portal.pages.officer.words import choice_words, event_words
from shared.domain.dossier.told_reasons import reason_is_told
from shared.domain.sop.vocabulary import VIAS
from shared.domain.tenants import Tenant

CLOCKS: Final = ("ClockWarned", "ClockBreached", "Escalated")
_PRIVATE: Final = ("note", "response")
_SEEN: Final = {
    "Answered": ("text",),
    "Published": ("summary", "public_answer"),
}
"""Texts that the reporter reads, besides reasons."""
_BY_REPORTER: Final = ("Replied", "Reopened", "Rated", "Withdrawn", "Supplemented")


@dataclass(frozen=True)
class Told:
    """A text of an entry.

    :param private: not seen by the reporter.
    """

    text: str
    private: bool


@dataclass(frozen=True)
class OtherDossier:
    """A dossier that an entry is about besides its own.

    :param named: by which its page is found: its ticket, or else its id.
    """

    named: str
    words: str


@dataclass(frozen=True)
class Entry:
    """One event.

    :param version: that it gave the dossier.
    :param when: in short; ``at`` is the instant itself.
    :param by: who did it: the role, and the office.
    :param remarks: kinds, reasons by name, until when, to which unit, how much of its time a step took and whether that
        was too long.
    :param other: the complaint that this one was merged with.
    """

    version: int
    at: str
    when: str
    title: str
    by: str
    remarks: tuple[str, ...]
    texts: tuple[Told, ...]
    clock: bool
    other: OtherDossier | None = None


def history(view: Mapping[str, Any], home: Tenant, now: datetime) -> tuple[Entry, ...]:
    """All that happened, the latest first."""
    sop, kept = home.sop_of(view["sop_version"]), kept_times(view, home)
    entries = []
    for entry in reversed(view["timeline"]):
        at = instant_at(entry["at"], home)
        office = home.agency_name(entry["agency"])
        known = sop.has_actor(entry["actor"])
        role = sop.actor(entry["actor"]).title if known else _("Pengelola instalasi")
        entries.append(
            Entry(
                entry["version"],
                entry["at"],
                saying.brief(at, now),
                event_words(entry, home),
                f"{role}, {office}" if office else role,
                (*_remarks(entry), *kept.get(entry["version"], ()), *_where_and_until(entry, view, home, now)),
                tuple(_texts(entry)),
                entry["event"] in CLOCKS,
                _other(entry),
            )
        )
    return tuple(entries)


def _remarks(entry: Mapping[str, Any]) -> Iterator[str]:
    for name in ("kind", "why"):
        if entry.get(name):
            yield choice_words(entry[name])
    if entry.get("via"):
        yield _("atas kata pelapor lewat %(way)s", way=choice_words(entry["via"]))
    if entry["event"] == "DeliveryFailed" and entry["by"] in VIAS:
        yield _("lewat %(way)s", way=choice_words(entry["by"]))
    if entry.get("after"):
        yield _("sempat diterima untuk disampaikan")
    if entry.get("category"):
        yield str(entry["category"])
    if entry.get("to"):
        yield str(entry["to"])
    if entry.get("score"):
        yield _("nilai %(score)s dari 5", score=entry["score"])
    if entry.get("late_seconds"):
        yield _("terlambat %(length)s", length=saying.lateness(entry["late_seconds"]))


def _where_and_until(entry: Mapping[str, Any], view: Mapping[str, Any], home: Tenant, now: datetime) -> Iterator[str]:
    office = entry.get("to_agency") or entry["agency"] or view["agency"]
    if entry.get("to_unit") and office and home.has_agency(office):
        unit = home.agency(office).people.unit(entry["to_unit"])
        yield unit.name if unit else entry["to_unit"]
    if entry.get("until_at"):
        yield _("sampai %(when)s", when=saying.moment(instant_at(entry["until_at"], home), now))


def _other(entry: Mapping[str, Any]) -> OtherDossier | None:
    if named := entry.get("into_ticket") or entry.get("into"):
        return OtherDossier(named, entry.get("into_ticket") or _("aduan itu"))
    return OtherDossier(entry["member"], _("aduan itu")) if entry.get("member") else None


def _texts(entry: Mapping[str, Any]) -> Iterator[Told]:
    for name in ("text", "reason", "comment", "note", "response", "summary", "public_answer"):
        text = entry.get(name)
        if not text:
            continue
        told = name == "reason" and reason_is_told(entry["event"], entry.get("why"), entry["status"])
        seen = told or name in _SEEN.get(entry["event"], ()) or entry["event"] in _BY_REPORTER
        yield Told(str(text), private=name in _PRIVATE or not seen)
