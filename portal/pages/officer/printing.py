"""Who took a dossier on paper: it leaves the building, and who reads it there may ask who that was."""

from datetime import datetime

from portal.access import caller
from portal.pages.frame import saying
from portal.pages.frame.language import gettext as _
from portal.pages.officer.words import role_words
from shared.domain.tenants import Tenant


def printed_by(home: Tenant, now: datetime) -> str:
    """``Dicetak oleh siti (Kepala OPD, Dinas Perhubungan), Senin, ...``: the present officer, at an instant.

    :param now: in the government's zone.
    """
    who = caller()
    role = _("Pengelola instalasi") if who.admin else role_words({"actor": who.actor, "agency": who.agency}, home)
    return _("Dicetak oleh %(user)s (%(role)s), %(when)s.", user=who.user, role=role, when=saying.moment(now, now))
