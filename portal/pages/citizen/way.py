"""The way of a complaint through its procedure, as its reporter reads it: what was done, where it is, what comes.

The steps are those of the SOP's table, on the version under which the complaint was filed. What machines do in between
is left out; steps that the table does not have are shown once the complaint has been there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from portal.pages.frame import saying
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import instant_at
from portal.pages.frame.promise import expected
from portal.pages.frame.time_left import Running, TimeLeft, time_left
from portal.pages.frame.used_time import used
from shared.domain.sop.model import Sop, Step
from shared.domain.sop.vocabulary import FINAL_STATUSES, REPORTER, SYSTEM
from shared.domain.tenants import Tenant

State = Literal["done", "now", "later"]
_WRONG_TURNS = {"wrong_agency", "out_of_authority"}


@dataclass(frozen=True)
class StayAtStep:
    """One stay at a step.

    :param left: none while it is there.
    """

    step: str
    entered: datetime
    left: datetime | None
    due: datetime | None


@dataclass(frozen=True)
class Stop:
    """A step on the way.

    :param who: the role that acts, as the SOP calls it.
    :param lines: when, how long, what was promised.
    :param detours: where it went back, and why if that was meant for the reporter.
    """

    state: State
    title: str
    who: str
    lines: tuple[str, ...]
    detours: tuple[str, ...] = ()
    left: TimeLeft | None = None


@dataclass(frozen=True)
class Way:
    """All of it.

    :param promise: until when the whole case is promised, in words; none once that is past caring.
    :param left: how much of that time is left.
    :param case_clock: at what time of the day it ends.
    """

    stops: tuple[Stop, ...]
    now_title: str | None
    now_due: str | None
    promise: str | None
    left: TimeLeft | None
    case_clock: str | None


def way_of(view: Mapping[str, Any], home: Tenant, now: datetime) -> Way:
    """The way of a complaint.

    :param view: what its reporter may see, see :mod:`shared.domain.dossier.public_view`.
    :param now: in the government's zone.
    """
    sop = home.sop_of(view["sop_version"])
    visits = _visits(view, home)
    at = view["step"]
    stops = tuple(_stop(step, view, home, visits, now) for step in _shown(sop, visits, at))
    promised = _instant(view["promised_at"], home)
    open_case = promised is not None and not view["answered"] and view["status"] not in FINAL_STATUSES
    resting = bool((view.get("elsewhere") or {}).get("clock_rests")) or view["status"] == "returned"
    running = Running(due=promised, within=sop.case.within if sop.case else None, stands=resting)
    due = _instant(view["due_at"], home)
    return Way(
        stops=(_received(view, home, now), *stops),
        now_title=view["step_title"],
        now_due=saying.moment(due, now) if due else None,
        promise=_promise(sop, promised, now) if open_case and promised is not None and not resting else None,
        left=time_left(running, now, home.calendar) if open_case else None,
        case_clock=saying.clock(promised) if open_case and promised is not None and not resting else None,
    )


def _promise(sop: Sop, promised: datetime, now: datetime) -> str:
    when = saying.moment(promised, now)
    if expected(sop):
        return _("Diharapkan selesai paling lambat %(when)s.", when=when)
    return _("Dijanjikan dijawab paling lambat %(when)s.", when=when)


def _shown(sop: Sop, visits: Sequence[StayAtStep], at: str | None) -> list[Step]:
    been = {visit.step for visit in visits} | {at}
    return [
        step
        for step in sop.steps
        if step.actor != SYSTEM
        and (step.id != sop.filed_in or step.id in been)
        and (step.row is not None or step.id in been)
    ]


def _received(view: Mapping[str, Any], home: Tenant, now: datetime) -> Stop:
    filed = _instant(view["filed_at"], home)
    return Stop("done", _("Aduan diterima"), "", (saying.brief(filed, now),) if filed else ())


def _visits(view: Mapping[str, Any], home: Tenant) -> list[StayAtStep]:
    entries = [entry for entry in view["timeline"] if entry["to_step"]]
    ended = view["step"] is None
    last = _instant(view["timeline"][-1]["at"], home) if ended and view["timeline"] else None
    visits: list[StayAtStep] = []
    for place, entry in enumerate(entries):
        entered = _instant(entry["at"], home)
        following = entries[place + 1] if place + 1 < len(entries) else None
        left = _instant(following["at"], home) if following else last
        if entered is not None:
            visits.append(StayAtStep(entry["to_step"], entered, left, _instant(entry["due_at"], home)))
    return visits


def _stop(step: Step, view: Mapping[str, Any], home: Tenant, visits: Sequence[StayAtStep], now: datetime) -> Stop:
    sop = home.sop_of(view["sop_version"])
    mine = [visit for visit in visits if visit.step == step.id]
    here = view["step"] == step.id
    title = _("Anda menerima jawaban") if step.actor == REPORTER and step.id != sop.filed_in else step.activity
    who = "" if step.actor == REPORTER else sop.actor(step.actor).title
    detours = _detours(step.id, view, home, now)
    if here and mine:
        return _present(step, mine[-1], title, who, detours, view, home, now)
    if mine:
        return Stop("done", title, who, _past(step, mine, home, now), detours)
    standard = (saying.standard(step.within),) if step.within else ()
    return Stop("later", title, who, standard)


def _present(
    step: Step,
    visit: StayAtStep,
    title: str,
    who: str,
    detours: tuple[str, ...],
    view: Mapping[str, Any],
    home: Tenant,
    now: datetime,
) -> Stop:
    since = _("sejak %(when)s", when=saying.brief(visit.entered, now))
    due = _instant(view["due_at"], home)
    if step.actor == REPORTER or due is None:
        return Stop("now", title, who, (since,), detours)
    warn = _instant(view["warn_at"], home)
    left = time_left(Running(due=due, warn=warn, within=step.within), now, home.calendar)
    told = _("%(since)s; dijanjikan paling lambat %(when)s", since=since, when=saying.brief(due, now))
    return Stop("now", title, who, (told,), detours, left)


def _past(step: Step, visits: Sequence[StayAtStep], home: Tenant, now: datetime) -> tuple[str, ...]:
    """For each stay: when it ended, how long it took, and what was promised."""
    lines = []
    for visit in visits:
        if visit.left is None:
            continue
        done = saying.brief(visit.left, now)
        if step.within is None or step.actor == REPORTER:
            lines.append(_("selesai %(when)s", when=done))
            continue
        told = {
            "when": done,
            "length": used(step.within, visit.entered, visit.left, home),
            "standard": saying.standard(step.within),
        }
        lines.append(_("selesai %(when)s dalam %(length)s; dijanjikan %(standard)s", **told))
    return tuple(lines)


def _detours(step_id: str, view: Mapping[str, Any], home: Tenant, now: datetime) -> tuple[str, ...]:
    """Where it came back to this step, and from whom. Reasons between desks are not the reporter's."""
    told, sent = [], ""
    for entry in view["timeline"]:
        if entry["event"] == "Dispositioned":
            sent = saying.brief(instant_at(entry["at"], home), now)
        if entry["event"] not in ("Returned", "Recalled", "Reopened") or entry["to_step"] != step_id:
            continue
        at = _instant(entry["at"], home)
        when = saying.brief(at, now) if at else ""
        if entry["event"] == "Reopened" and (entry["actor"] == REPORTER or entry.get("via")):
            told.append(_("Dibuka kembali %(when)s atas permintaan pelapor.", when=when))
        elif entry["event"] == "Reopened":
            told.append(_("Dibuka kembali %(when)s.", when=when))
        elif entry["event"] == "Recalled":
            told.append(_("Pengirimannya ditarik kembali %(when)s.", when=when))
        elif entry.get("why") in _WRONG_TURNS:
            office = entry["agency_name"]
            if office and sent:
                where = {"office": office, "sent": sent, "when": when}
                told.append(_("Sempat salah alamat: dikirim ke %(office)s %(sent)s, dikembalikan %(when)s.", **where))
            else:
                told.append(_("Sempat salah alamat: dikembalikan %(when)s.", when=when))
        elif entry.get("reason"):
            told.append(_("Dikembalikan kepada Anda %(when)s karena: %(reason)s", when=when, reason=entry["reason"]))
    return tuple(told)


def _instant(text: str | None, home: Tenant) -> datetime | None:
    return instant_at(text, home) if text else None
