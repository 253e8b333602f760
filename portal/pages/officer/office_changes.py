"""Changes of offices in words: who made them, when and why; and the form's half of the next one."""

from collections.abc import Iterable
from typing import Any

from portal.access import caller
from portal.pages.frame import saying
from portal.pages.frame.forms import Reason, version_given
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import now_at
from portal.parts import parts
from shared.application.identity.offices import OfficeChange, Signed, changes_of
from shared.domain.contacts import Contact
from shared.domain.tenants import Tenant
from shared.wording.coded_schema import load_coded


def signed(why: str, since: int) -> Signed:
    """Who changes something now, and why.

    :param since: the number of the latest change that they saw.
    :raises Invalid: of ``why``, if no reason is given.
    """
    given = load_coded(Reason(), {"why": why})["why"]
    return Signed(account=caller().user, why=given, at=parts().runtime.clock.now(), since=since)


def written(contacts: Iterable[Contact]) -> str:
    """Contacts as they are typed: one on each line."""
    return "\n".join("; ".join(filter(None, (each.name, each.email, each.phone))) for each in contacts)


def history(home: Tenant, place: str, *, refused: bool) -> dict[str, Any]:
    """Every change of a place, the latest first, and the number of that as ``since``; 0 if there was none.

    :param refused: whether the page shows a form again: ``since`` is then what was seen when it was typed.
    """
    changes = changes_of(parts().runtime.database, home.id, place)
    latest = changes[0].number if changes else 0
    since = version_given("since") if refused else latest
    return {"changes": [_change(each, home) for each in changes], "since": since}


def _change(each: OfficeChange, home: Tenant) -> dict[str, Any]:
    words = {
        "contacts": _("kontak diubah"),
        "reach": _("kontak petugas diubah"),
        "away": _("berhalangan"),
        "back": _("tidak berhalangan lagi"),
        "opened": _("akun dibuka"),
        "shut": _("akun ditutup"),
        "renewed": _("kata sandi baru diberikan"),
        "bound": _("dihubungkan dengan akun pemerintah"),
        "unbound": _("dilepas dari akun pemerintah"),
    }
    what = words[each.what] if each.what != "contacts" or each.contacts is not None else _("berkas berlaku lagi")
    return {
        "when": saying.moment(each.at.astimezone(home.zone), now_at(home)),
        "by": each.account,
        "why": each.why,
        "what": " ".join(filter(None, (what, each.told))),
        "text": written(each.contacts) if each.contacts is not None else None,
    }
