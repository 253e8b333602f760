"""Decrees on working time, drafted in the browser: what changes is shown first, and another administrator approves."""

from collections.abc import Mapping
from itertools import islice
from typing import Any, Final

from flask import Response, request

from portal.access import caller
from portal.pages.frame.forms import Filled, deed_of, faults_of, typed
from portal.pages.frame.language import language
from portal.pages.frame.page import now_at, page, pages
from portal.pages.officer import decree_form, visits
from portal.pages.officer.accounts import require_administrator
from portal.pages.officer.approving import Deciding, draft_page, saved, tried
from portal.pages.officer.decree_words import clock_words, day_words, decree_words, labels, lines_of, titles
from portal.parts import parts
from shared.application.calendar_drafts import (
    CalendarDraft,
    Section,
    approve,
    as_records,
    counting,
    draft,
    draft_of,
    drafts,
    let_go,
)
from shared.base.errors import Conflict, Invalid, NotFound, Unavailable
from shared.domain.calendar.proposing import changed_days, check
from shared.domain.calendar.records import CLOSURE_KINDS
from shared.domain.calendar.working import WorkingCalendar
from shared.domain.tenants import Tenant

_SHOWN: Final = 40
_TRIED: Final = "kelola-0"
_LOOK: Final = "lihat"
_DEEDS: Final = (_LOOK, "simpan")

blueprint = pages(
    "usulan", __name__, "/<tenant>/kelola/kalender/usulan", first=(visits.require_visit, require_administrator)
)


@blueprint.route("/baru/<kind>")
def form(tenant: str, kind: str) -> Response:
    """A new draft: of closed days, of an ordinary week, or of other hours for some weeks.

    :raises NotFound: if there is no such kind.
    """
    home, section = parts().home(tenant), _section(kind)
    now = now_at(home)
    given = {"issued": now.date().isoformat()}
    if section != "decrees":
        hours = home.calendar.as_known(now).rules.hours(now.date().toordinal())
        given |= decree_form.week_in(hours.week) if hours is not None else {}
    return _form(home, kind, Filled(given))


@blueprint.route("/baru/<kind>", methods=["POST"])
def keep(tenant: str, kind: str) -> Response:
    """Look at what a draft would change, or keep it for another administrator to approve.

    :raises NotFound: if there is no such kind, or what is asked for is none of the page's own.
    """
    home, section, deed = parts().home(tenant), _section(kind), deed_of(_DEEDS)
    filled = typed(decree_form.names(section))
    try:
        record = decree_form.record_of(filled, section)
        changes = _changes(home, section, record)
    except Invalid as error:
        return _form(home, kind, filled.with_faults(faults_of(error, {"windows": decree_form.HOURS[0]})), 422)
    if deed == _LOOK:
        return _form(home, kind, filled, changes=changes)
    runtime, why = parts().runtime, filled.value("why").strip()
    number = draft(runtime.database, tenant, section, record, caller().user, why, runtime.clock.now())
    return saved("usulan.one", number)


@blueprint.route("/<int:number>")
def one(tenant: str, number: int) -> Response:
    """A draft: what it says, what it changes, what was decided on it; with ``riwayat=ya`` the last months under it.

    :raises NotFound: if there is none of that number.
    """
    home = parts().home(tenant)
    return _one(home, draft_of(parts().runtime.database, tenant, number))


@blueprint.route("/<int:number>", methods=["POST"])
def decided(tenant: str, number: int) -> Response:
    """Approve a draft, or let it go; whoever drafted it may only take it back.

    :raises NotFound: if there is none of that number, or what is asked for is none of the page's own.
    """
    return _DECIDING.decide(tenant, number)


def kept(home: Tenant) -> list[dict[str, Any]]:
    """All drafts there ever were, for the page of the calendar."""
    return [decree_words(each, home) for each in drafts(parts().runtime.database, home.id)]


def _section(kind: str) -> Section:
    section = decree_form.KINDS.get(kind)
    if section is None:
        raise NotFound("no_such_page")
    return section


def _require_approvable(home: Tenant, found: CalendarDraft) -> None:
    """What was looked at is what is approved, and it can still be decreed.

    :raises Conflict: ``calendar_changed`` if another decree came to count since.
    :raises Invalid: if it cannot be decreed.
    """
    if request.form.get("calendar") != home.calendar.as_known(now_at(home)).version:
        raise Conflict("calendar_changed")
    _with(home, found.section, found.record)


def _changes(home: Tenant, section: Section, record: Mapping[str, Any]) -> dict[str, Any]:
    """What a draft would change: days, and open clocks.

    :raises Invalid: if it cannot be decreed.
    """
    now = now_at(home)
    days = list(changed_days(home.calendar.as_known(now), _with(home, section, record), now.date()))
    return {
        "days": [day_words(each) for each in islice(days, _SHOWN)],
        "count": len(days),
        "past": any(each.day <= now.date() for each in days),
        "moved": _clocks(home, section, record),
    }


def _with(home: Tenant, section: Section, record: Mapping[str, Any]) -> WorkingCalendar:
    """The calendar as it would be.

    :raises Invalid: if the draft cannot be decreed.
    """
    now = now_at(home)
    return check(home.calendar, as_records(section, dict(record), _TRIED, now.replace(microsecond=0)), now)


def _clocks(home: Tenant, section: Section, record: Mapping[str, Any]) -> dict[str, Any] | None:
    """The open clocks that would move; none where that cannot be told just now: nothing typed is lost for it."""
    try:
        moved = parts().gateway.moved(home.id, section, dict(record), caller())
    except Unavailable:
        return None
    return {**moved, "items": [clock_words(each, home) for each in moved["items"]]}


def _form(
    home: Tenant, kind: str, filled: Filled, status: int = 200, changes: dict[str, Any] | None = None
) -> Response:
    calendar = home.calendar.as_known(now_at(home))
    gone = {old for each in calendar.decrees for old in each.supersedes}
    standing = sorted(calendar.decrees, key=lambda each: each.issued, reverse=True)
    return page(
        "officer/decree_form.html",
        status,
        desk=True,
        form=filled,
        kind=kind,
        title=titles()[kind],
        labels=labels(),
        closures=tuple(CLOSURE_KINDS),
        hours=decree_form.HOURS,
        standing=[(each.id, f"{each.id}: {each.cited(language())}") for each in standing if each.id not in gone],
        changes=changes,
        scripts=("filing.js",),
    )


def _one(
    home: Tenant, found: CalendarDraft, given: Filled | None = None, status: int = 200, banner: str | None = None
) -> Response:
    changes, replayed = None, None
    if found.decided_at is None:
        try:
            changes = _changes(home, found.section, found.record)
        except Invalid as error:
            banner = banner or "; ".join(faults_of(error).values())
        replayed = tried(home, decree={"section": found.section, "record": found.record})
    return draft_page(
        "officer/decree.html",
        found,
        given,
        status,
        banner,
        draft=decree_words(found, home),
        says=lines_of(found),
        changes=changes,
        replayed=replayed,
        approvable=True,
        version=home.calendar.as_known(now_at(home)).version,
        seen=counting(parts().runtime.database, home.id),
    )


_DECIDING: Final = Deciding(draft_of, approve, let_go, _require_approvable, _one, "kalender.shown")
