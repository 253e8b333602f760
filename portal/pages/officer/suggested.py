"""What may help with a dossier: complaints like it, and where such ones went. The officer decides."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from portal.access import caller
from portal.pages.frame import saying
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import instant_at
from portal.pages.officer.words import mark_of, status_words
from portal.parts import parts
from shared.base.errors import Unavailable
from shared.domain.dossier.event_name import EventName
from shared.domain.tenants import Tenant

_HELPED: Final[frozenset[EventName]] = frozenset({"Dispositioned", "Merged", "Classified"})
_LEAST_JUDGED: Final = 5


def suggested(tenant: str, view: Mapping[str, Any], home: Tenant, now: datetime) -> dict[str, Any] | None:
    """What is shown to who may send the complaint to an agency, merge or classify it; none to anybody else.

    :param view: the dossier, as its reader sees it.
    :returns: ``away`` where suggestions cannot be had just now: the dossier is there without them.
    """
    if caller().admin or not any(each["event"] in _HELPED for each in view["allowed"]):
        return None
    parts().freshness.catch_up(tenant, "reporting")
    try:
        found = parts().gateway.suggestions(tenant, view["id"], caller())
    except Unavailable:
        return {"away": True}
    return {
        "away": False,
        "alike": [_alike(each, home, now) for each in found["alike"]],
        "agencies": [{"name": each["name"], "why": _why(each["by"])} for each in found["agencies"]],
        "categories": [{"name": each["id"], "why": _why(each["by"])} for each in found["categories"]],
        "hits": _hits(found["hits"]["agency"]),
    }


def _alike(each: Mapping[str, Any], home: Tenant, now: datetime) -> dict[str, Any]:
    return {
        "ticket": each["ticket"],
        "title": each["title"],
        "mark": mark_of(each["privacy"]),
        "told": [
            status_words(each["status"]),
            saying.moment(instant_at(each["filed_at"], home), now),
            _("kata mirip %(share)s", share=saying.share(each["text"])),
            *([_("jarak %(n)s m", n=saying.number(each["metres"]))] if each["metres"] is not None else []),
        ],
        "twice": each["sent_twice"],
    }


def _why(by: str) -> str:
    if by == "words":
        return _("menurut kata-katanya")
    return _("menurut kategorinya") if by == "category" else _("menurut aduan lalu")


def _hits(counted: Mapping[str, int]) -> str | None:
    if counted["judged"] < _LEAST_JUDGED:
        return None
    return _(
        "Dari %(judged)s saran terakhir menurut aduan lalu, %(first)s tepat.",
        judged=saying.number(counted["judged"]),
        first=saying.number(counted["first"]),
    )
