"""What a page needs to count time on by itself: how long working time runs from now, and the words for it."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from portal.pages.frame.language import gettext as _
from portal.parts import parts
from shared.domain.tenants import Tenant

_LONGEST: Final = 12 * 3600
_PLACE: Final = "{}"


@dataclass(frozen=True)
class Ticking:
    """For the script that counts on.

    :param working: seconds of working time that follow from now without a break.
    :param words: by what they stand for, as JSON; ``{}`` is where a length goes.
    """

    working: int
    words: str


def ticking(home: Tenant, now: datetime) -> Ticking | None:
    """None where the clock is simulated: it does not move by itself."""
    if parts().simulation is not None:
        return None
    return Ticking(_unbroken(home, now), json.dumps(_words(), ensure_ascii=False))


def _unbroken(home: Tenant, now: datetime) -> int:
    """The longest time from now of which every second is working time, by halving."""
    least, most = 0, _LONGEST
    while most - least > 1:
        middle = (least + most) // 2
        whole = home.calendar.between(now, now + timedelta(seconds=middle)) == middle
        least, most = (middle, most) if whole else (least, middle)
    return least


def _words() -> dict[str, object]:
    return {
        "left": _("%(length)s lagi", length=_PLACE),
        "late": _("Terlambat %(length)s", length=_PLACE),
        "under": _("Terlambat kurang dari 1 menit"),
        "units": [_units(_("jam"), _("jam (lebih dari satu)")), _units(_("menit"), _("menit (lebih dari satu)"))],
        "second": _units(_("detik"), _("detik (lebih dari satu)")),
    }


def _units(one: str, many: str) -> list[str]:
    return [one, many.partition(" (")[0]]
