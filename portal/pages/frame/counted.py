"""How a due time comes about, line by line: by the standard, by what it stood still for, and by being put off."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.pages.frame import saying
from portal.pages.frame.language import gettext as _
from portal.pages.frame.language import language
from shared.domain.calendar.duration import Duration
from shared.domain.calendar.pause import Pause
from shared.domain.tenants import Tenant


def counted(told: Mapping[str, Any], within: Duration, due: datetime, home: Tenant, now: datetime) -> tuple[str, ...]:
    """The lines; none where they would come to another due time, as by a decree that came while the clock ran.

    :param told: of the clock, see :func:`shared.domain.dossier.explaining.counting_view`.
    :param due: the due time that is to be explained, in the government's zone.
    :param now: likewise.
    """
    start = datetime.fromisoformat(told["counted_from"])
    explained = home.calendar.as_known(start).explain(
        start, within, [_pause(each) for each in told["pauses"]], language=language()
    )
    lines = tuple(line.text for line in explained.lines)
    if told["extended"]:
        return (*lines, _("Lalu diperpanjang; tenggatnya %(when)s.", when=saying.moment(due, now)))
    return lines if explained.due_at in (due, None) else ()


def _pause(told: Mapping[str, Any]) -> Pause:
    """Why it stood still is told elsewhere, to whom it concerns."""
    return Pause(datetime.fromisoformat(told["starts"]), told["ends"] and datetime.fromisoformat(told["ends"]))
