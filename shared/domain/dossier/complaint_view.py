"""What a complaint says, as far as its reader may know who reported; and what it is called."""

from collections.abc import Mapping
from typing import Any

from shared.base.shortening import shortened
from shared.base.times import from_iso
from shared.domain.complaint.sides import AS_WRITTEN
from shared.domain.tenants import Tenant

_TITLE_LENGTH = 80
_LONGEST_TITLE = 200
_SAID = (
    "title",
    "message",
    "additions",
    "location",
    "attachments",
    "category",
    "classification",
    "privacy",
    "channel",
    "occurred_at",
)
_OF_THE_REPORTER = ("reporter", AS_WRITTEN)
REPORTER_SHOWN = ("name", "address", "phone", "email", "identity")
"""What officers see of a reporter. By which conversation a channel writes to them is the channels' affair alone."""


def title_of(complaint: Mapping[str, Any]) -> str:
    """The complaint's title, or the beginning of its message."""
    title = " ".join(str(complaint.get("title") or "").split())
    if title:
        return shortened(title, _LONGEST_TITLE)
    return shortened(" ".join(str(complaint.get("message") or "").split()), _TITLE_LENGTH)


def said_by_reporter(complaint: Mapping[str, Any], tenant: Tenant, *, known: bool) -> dict[str, Any]:
    """What a complaint says, and what it is called.

    :param known: whether its reader may know who reported; else no name, no address and no contact is told.
    """
    said = {**given_view(complaint, tenant, known=known), "title": title_of(complaint)}
    return {"reporter": {}, **said} if known else said


def given_view(given: Mapping[str, Any], tenant: Tenant, *, known: bool) -> dict[str, Any]:
    """What a reporter gave, at once or in all.

    :param known: whether its reader may know who reported; else words in the place of a listed name, which may be
        somebody's name, are left out too.
    """
    given = given if known else {**given, **_listed(given, tenant)}
    names = (*_SAID, *(_OF_THE_REPORTER if known else ()))
    shown = {name: given[name] for name in names if given.get(name)}
    if "reporter" in shown:
        shown["reporter"] = {name: shown["reporter"][name] for name in REPORTER_SHOWN if shown["reporter"].get(name)}
    if "occurred_at" in shown:
        shown["occurred_at"] = tenant.local(from_iso(shown["occurred_at"]))
    if "additions" in shown:
        shown["additions"] = [{**each, "at": tenant.local(from_iso(each["at"]))} for each in shown["additions"]]
    return shown


def _listed(given: Mapping[str, Any], tenant: Tenant) -> dict[str, Any]:
    """Names of places and categories, where the lists have them: earlier events hold any words in clear."""
    place = dict(given.get("location") or {})
    for name, entry in (("kecamatan", tenant.entries.kecamatan), ("desa", tenant.entries.desa)):
        if name in place and entry(place[name]) is None:
            del place[name]
    return {"location": place, "category": tenant.entries.category(given.get("category"))}
