"""The government's offices: their desks, who holds them and how they are reached, what lies there."""

from typing import Any, Final

from flask import Response, url_for

from portal.access import caller
from portal.pages.frame import asked, saying
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import now_at, page, pages
from portal.pages.officer import office_desk, visits
from portal.pages.officer.accounts import require_administrator
from portal.pages.officer.staffing import (
    ALL_AWAY,
    NOBODY,
    UNKNOWN,
    UNREACHED,
    HeldDesk,
    StaffedOffice,
    Staffing,
    lying_at,
)
from portal.parts import parts
from shared.application.identity.people import People, StaffMember
from shared.base.errors import Unavailable
from shared.channels.installed import channels_of
from shared.channels.settings import EMAIL, OFFICER_KINDS
from shared.domain.tenants import Tenant

_AMISS: Final = "perlu"
"""Only where something is amiss."""

_FIRST: Final = (visits.require_visit, require_administrator)
blueprint = pages("instansi", __name__, "/<tenant>/kelola/instansi", first=_FIRST)


@blueprint.route("")
def shown(tenant: str) -> Response:
    """Every office; with ``tampil=perlu`` those where something is amiss."""
    home = parts().home(tenant)
    now = now_at(home)
    staff = People(parts().runtime.database).staff(home.id, now.date())
    offices = Staffing(home, staff, _lying(home), _phones_told(home)).offices()
    desks = [desk for office in offices for desk in office.desks]
    said = {"disimpan": _("Tersimpan. Surat yang dikirim mulai sekarang pergi ke sana.")}
    amiss = asked.choice("tampil", (_AMISS,)) == _AMISS
    return page(
        "officer/agencies.html",
        desk=True,
        offices=[_office(each) for each in offices if each.amiss or not amiss],
        only_amiss=amiss,
        amiss=sum(office.amiss for office in offices),
        unheld=sum(NOBODY in desk.marks for desk in desks),
        unreached=sum(UNREACHED in desk.marks for desk in desks),
        counted=all(desk.open is not None for desk in desks),
        every=url_for("instansi.shown"),
        amiss_only=url_for("instansi.shown", tampil=_AMISS),
        done=asked.done(said),
        as_of=saying.moment(now, now),
    )


def _lying(home: Tenant) -> dict[tuple[str | None, str], tuple[int, int]] | None:
    """What lies where; none where that cannot be told just now."""
    try:
        parts().freshness.catch_up(home.id, "routing")
        return lying_at(parts().gateway.board(home.id, caller())["cells"])
    except Unavailable:
        return None


def _phones_told(home: Tenant) -> bool:
    """Whether a channel by which officers' telephones are written to is connected, and wanted for that."""
    book = channels_of(parts().runtime).book(home.id)
    found = [each.id for each in book.channels if each.kind in OFFICER_KINDS]
    return bool(found) and (book.officer_ways is None or any(each != EMAIL for each in book.officer_ways))


def _office(office: StaffedOffice) -> dict[str, Any]:
    return {
        "id": office.id or "pemerintah",
        "name": office.name,
        "gone": office.gone,
        "mailbox": office.mailbox,
        "own": office.id is None,
        "categories": office.categories,
        "open_address": url_for("everything.shown", agency=office.id, state="open"),
        "mailbox_address": url_for("dinas.desk", office=office.id, desk=office_desk.MAILBOX) if office.id else None,
        "units": [
            (
                each.name,
                _ways(each.emails, each.phones),
                url_for("dinas.desk", office=office.id, desk=f"{office_desk.UNIT}{each.id}"),
            )
            for each in office.units
        ],
        "desks": [_desk(office, each) for each in office.desks],
    }


def _desk(office: StaffedOffice, desk: HeldDesk) -> dict[str, Any]:
    words = {
        NOBODY: _("Tidak ada yang memegang meja ini"),
        ALL_AWAY: _("Semua berhalangan, tidak ada yang mewakili"),
        UNREACHED: _("Meja tanpa kontak"),
        UNKNOWN: _("Tidak ada lagi dalam prosedur atau daftar dinas"),
    }
    ways = _ways(desk.emails, desk.phones)
    known = UNKNOWN not in desk.marks and not office.gone
    listed = UNKNOWN not in desk.marks and bool(desk.late)
    return {
        "title": desk.title,
        "marks": [words[mark] for mark in desk.marks],
        "staff": [_account(each) for each in desk.staff],
        "ways": [*ways, _("kotak surat dinas")] if desk.office_mailbox else ways,
        "open": saying.number(desk.open) if desk.open is not None else None,
        "late": saying.number(desk.late) if desk.late is not None else None,
        "any_late": bool(desk.late),
        "address": url_for("dinas.desk", office=office.id or office_desk.OWN, desk=desk.actor) if known else None,
        "late_address": _late(office.id, desk.actor) if listed else None,
    }


def _late(office: str | None, actor: str) -> str:
    return url_for("watched.tasks", kind="terlambat", dinas=office, peran=actor)


def _account(staff: StaffMember) -> dict[str, Any]:
    """An account, with the kinds of ways to its officer; addresses are never shown."""
    return {
        "name": staff.username,
        "shut": staff.disabled,
        "ways": _ways(int(staff.by_email), int(staff.by_phone)),
        "away": saying.full_day(staff.away_until) if staff.away_until is not None else None,
        "deputy": staff.deputy,
    }


def _ways(emails: int, phones: int) -> list[str]:
    told = ((emails, _("surat-el")), (phones, _("telepon")))
    return [name if amount == 1 else f"{name} ({amount})" for amount, name in told if amount]
