"""What others have done to a dossier while somebody looked at it, in a line."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from portal.pages.frame import saying
from portal.pages.frame.page import instant_at
from portal.pages.officer.history import CLOCKS
from portal.pages.officer.words import event_words, role_words
from shared.domain.tenants import Tenant


def done_meanwhile(entries: Iterable[Mapping[str, Any]], home: Tenant, now: datetime) -> str:
    """All of it, the first first, without what clocks did; blank if that was all.

    :param entries: of the timeline, or as :meth:`portal.gateway.Gateway.latest` tells them.
    """
    return "; ".join(deed_words(each, home, now) for each in entries if each["event"] not in CLOCKS)


def deed_words(entry: Mapping[str, Any], home: Tenant, now: datetime) -> str:
    """What was done, by whom and when: ``Diteruskan (Admin OPD, Dinas Perhubungan), 08.46``."""
    when = saying.brief(instant_at(entry["at"], home), now)
    return f"{event_words(entry, home)} ({role_words(entry, home)}), {when}"
