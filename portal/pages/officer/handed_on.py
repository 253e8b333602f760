"""Where a dossier is after what an officer has just done, told on the page to which that leads: its address names, as
``kini``, the role that has it now.
"""

from collections.abc import Mapping
from typing import Any, Final

from portal.pages.frame import asked
from portal.pages.frame.language import gettext as _
from shared.domain.tenants import Tenant

_NOBODY: Final = "tamat"


def holder_of(view: Mapping[str, Any]) -> str:
    """What the address is to say of a dossier.

    :param view: as the action left it.
    """
    return _NOBODY if view["actor"] is None else str(view["actor"])


def where_now(home: Tenant) -> str | None:
    """The sentence for what the address says; none where it says nothing."""
    roles = {actor.id: actor.title for actor in home.sop.actors}
    said = asked.choice("kini", (*roles, _NOBODY))
    if said is None:
        return None
    return _("Berkasnya selesai.") if said == _NOBODY else _("Sekarang di %(role)s.", role=roles[said])
