"""Where a dossier is after what an officer has just done, told on the page to which that leads: its address names, as
``kini``, the role that has it now, and, as ``di``, the office.
"""

from collections.abc import Mapping
from typing import Any, Final

from portal.pages.frame import asked
from portal.pages.frame.language import gettext as _
from shared.domain.tenants import Tenant

_NOBODY: Final = "tamat"


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
