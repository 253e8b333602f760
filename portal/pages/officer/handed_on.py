"""Where an action leads its officer, and what they read there: the address names what was done, and where the dossier
is now, as ``kini`` the role that has it and as ``di`` the office.
"""

from collections.abc import Mapping
from typing import Any, Final

from flask import url_for

from portal.access import caller
from portal.pages.frame import asked
from portal.pages.frame.language import gettext as _
from portal.pages.officer.history import CLOCKS, Entry
from shared.domain.complaint.spelling import ticket_of
from shared.domain.tenants import Tenant

_NOBODY: Final = "tamat"


def onward(ticket: str, view: Mapping[str, Any], next_one: str | None, home: Tenant) -> str:
    """The address of the dossier while it is still the officer's, else of the next task, or of the inbox; with what was
    done, to be said there.

    :param ticket: as the address of the action names it.
    :param view: as the action left the dossier.
    :param next_one: the ticket of the next task; none for who goes back to the inbox.
    """
    mine = view["actor"] == caller().actor and (view["agency"] == caller().agency or caller().agency is None)
    if mine and "timeline" in view:
        did = max(each["version"] for each in view["timeline"] if each["event"] not in CLOCKS)
        return url_for("dossier.shown", ticket=ticket, kabar="sudah", versi=did)
    number, now_with = ticket_of(ticket, home.ticket_prefixes), told_of(view, home)
    if next_one is not None:
        return url_for("dossier.shown", ticket=next_one, dari=number, **now_with)
    return url_for("inbox.shown", selesai=number, **now_with)


def done_words(happened: tuple[Entry, ...]) -> dict[str, str]:
    """What was just done, by what stands for it in the address; an action by its version, since others follow it."""
    version = asked.choice("versi", [str(each.version) for each in happened])
    words = {
        "berkas": _("Berkasnya ada di sini sekarang."),
        "catatan": _("Catatan disimpan. Pelapor tidak melihatnya."),
    }
    did = next((f"{each.title}, {each.when}" for each in happened if str(each.version) == version), None)
    return words if did is None else {**words, "sudah": _("Sudah: %(what)s. Berkas masih pada Anda.", what=did)}


def told_of(view: Mapping[str, Any], home: Tenant) -> dict[str, Any]:
    """What the address is to say of a dossier; nothing of a role that only a version before this procedure knows.

    :param view: as the action left it.
    """
    role, office = view["actor"], view["agency"]
    if role is None:
        return {"kini": _NOBODY}
    if not home.sop.has_actor(role):
        return {}
    in_office = home.sop.actor(role).scope == "agency" and office is not None and home.has_agency(office)
    return {"kini": role, "di": office} if in_office else {"kini": role}


def where_now(home: Tenant) -> str | None:
    """The sentence for what the address says; none where it says nothing."""
    roles = {actor.id: actor.title for actor in home.sop.actors}
    said = asked.choice("kini", (*roles, _NOBODY))
    office = asked.choice("di", [agency.id for agency in home.agencies])
    if said is None:
        return None
    if said == _NOBODY:
        return _("Berkasnya selesai.")
    return _("Sekarang di %(role)s.", role=", ".join(filter(None, (roles[said], home.agency_name(office)))))
