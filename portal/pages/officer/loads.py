"""How much lies with each office: told where a complaint is about to be sent to one."""

from collections.abc import Mapping
from typing import Any

from portal.access import caller
from portal.pages.frame import saying
from portal.pages.frame.language import gettext as _
from portal.parts import parts
from shared.base.errors import Unavailable

_SENDING = ("Dispositioned", "HelpAsked")


def loads(tenant: str, view: Mapping[str, Any]) -> dict[str, str]:
    """What lies with each office, in words; nothing where none is to be chosen, or it cannot be had just now.

    :param view: a dossier, as its reader may see it.
    """
    mine = [each for each in view["allowed"] if each["actor"] in (None, caller().actor)]
    if caller().admin or not any(each["event"] in _SENDING for each in mine):
        return {}
    try:
        cells = parts().gateway.board(tenant, caller())["cells"]
    except Unavailable:
        return {}
    found: dict[str, tuple[int, int]] = {}
    for cell in cells:
        if cell["agency"]:
            lying, late = found.get(cell["agency"], (0, 0))
            found[cell["agency"]] = (lying + cell["open"], late + cell["late"])
    return {agency: _told(*counts) for agency, counts in found.items()}


def _told(lying: int, late: int) -> str:
    if not late:
        return _("%(n)s terbuka", n=saying.number(lying))
    return _("%(n)s terbuka, %(late)s terlambat", n=saying.number(lying), late=saying.number(late))
