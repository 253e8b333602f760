"""Drafts of decrees in words: what they say, which days and clocks they change, and what became of them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.pages.frame import saying
from portal.pages.frame.language import gettext as _
from portal.pages.frame.language import language
from portal.pages.frame.page import instant_at, now_at
from portal.pages.officer.approving import draft_words
from shared.application.calendar_drafts import CalendarDraft, as_records
from shared.domain.calendar.proposing import ChangedDay
from shared.domain.calendar.records import CLOSURE_KINDS
from shared.domain.calendar.week import DAYS
from shared.domain.tenants import Tenant


def day_words(changed: ChangedDay) -> dict[str, Any]:
    """A day that a draft changes."""
    return {
        "day": saying.full_day(changed.day),
        "before": ", ".join(map(str, changed.before)),
        "after": ", ".join(map(str, changed.after)),
        "name": changed.name,
    }


def clock_words(item: Mapping[str, Any], home: Tenant) -> dict[str, Any]:
    """A clock that would move."""
    now = now_at(home)
    told = {name: saying.moment(instant_at(item[name], home), now) for name in ("promised", "before", "after")}
    what = item["step"] or (_("Seluruh aduan") if item["target"] == "case" else _("Waktu lain"))
    return {**item, **told, "what": what}


def decree_words(found: CalendarDraft, home: Tenant) -> dict[str, Any]:
    """A draft as a decree is cited, who drafted it, and what was decided on it."""
    wanted = as_records(found.section, found.record, found.id, found.drafted_at.replace(microsecond=0))
    [decree] = wanted.decrees
    return {**draft_words(found, home), "cited": decree.cited(language())}


def lines_of(found: CalendarDraft) -> list[tuple[str, str]]:
    """What a draft says, line by line."""
    record, names = found.record, labels()
    lines = [(names[name], str(record[name])) for name in ("note", "name") if record.get(name)]
    lines += [(names["supersedes"], ", ".join(record["supersedes"]))] if record["supersedes"] else []
    lines += [
        (CLOSURE_KINDS[kind][language()], "; ".join(f"{when} {name}" for when, name in record[kind].items()))
        for kind in CLOSURE_KINDS
        if record.get(kind)
    ]
    if record.get("revokes"):
        lines.append((names["revokes"], "; ".join(record["revokes"])))
    if when := record.get("from") or record.get("days"):
        lines.append((names["from"], str(when)))
    for day in DAYS if "windows" in record else ():
        lines.append((names[f"hours-{day}"], ", ".join(record["windows"].get(day, ())) or _("tutup")))
    return lines


def titles() -> dict[str, str]:
    """What each kind of draft is called."""
    return {
        "hari": _("Usulkan hari tutup atau hari kerja"),
        "minggu": _("Usulkan jam kerja biasa"),
        "masa": _("Usulkan jam kerja suatu masa"),
    }


def labels() -> dict[str, str]:
    """The fields of its form."""
    days = {f"hours-{name}": saying.weekday(date(2024, 1, number)) for number, name in enumerate(DAYS, 1)}
    return {
        "instrument": _("Jenis keputusan dan penetapnya"),
        "number": _("Nomor"),
        "issued": _("Tanggal ditetapkan"),
        "approved_by": _("Ditetapkan oleh"),
        "supersedes": _("Menggantikan"),
        "note": _("Keterangan"),
        "why": _("Mengapa diusulkan?"),
        "revokes": _("Hari tutup yang menjadi hari kerja lagi"),
        "name": _("Nama masa"),
        "from": _("Sejak"),
        "to": _("Sampai dengan"),
        **{kind: names[language()].capitalize() for kind, names in CLOSURE_KINDS.items()},
        **days,
    }
