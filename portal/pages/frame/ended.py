"""When a complaint ended, in the same words for its reporter and for those who handled it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.pages.frame import saying
from portal.pages.frame.language import gettext as _
from portal.pages.frame.rendering import instant_at
from shared.domain.sop.vocabulary import FINAL_STATUSES
from shared.domain.tenants import Tenant


def ended(view: Mapping[str, Any], home: Tenant, now: datetime) -> str | None:
    """The sentence; none while it runs.

    :param view: with its timeline, of which each entry tells the state that it led to.
    :param now: in the government's zone.
    """
    if view["status"] not in FINAL_STATUSES:
        return None
    at = _ended_at(view)
    return None if at is None else _("Berakhir %(when)s.", when=saying.moment(instant_at(at, home), now))


def _ended_at(view: Mapping[str, Any]) -> str | None:
    """When it came to the state in which it is: what came afterwards has not changed that."""
    at = None
    for entry in reversed(view["timeline"]):
        if entry["status"] != view["status"]:
            break
        at = entry["at"]
    return at
