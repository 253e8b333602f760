"""Complaints as everybody may follow them: what an office has taken up, days and not instants, no name and no place
below a village; words only where a summary was published.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from portal.open311.faults import Fault, bad, bad_field, not_found
from portal.open311.places import GENERAL, Jurisdiction
from portal.parts import parts
from shared.base.errors import AduanError
from shared.base.times import from_iso, to_iso
from shared.base.whole_numbers import whole_number
from shared.domain.complaint.spelling import ticket_of
from shared.wording.codes import field_message

SPAN: Final = timedelta(days=90)
MOST: Final = 1000
_BESIDE: Final = SPAN + timedelta(days=2)
"""How far from a date that is given all that is reckoned from it lies."""

_PAGE: Final = 100
_MOST_IDS: Final = 100
_MOST_PAGES: Final = 10_000
_STATUSES: Final = ("open", "closed")
_FILTERS: Final = ("status", "service_code", "start_date", "end_date")
_INSTANT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,30}(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?\Z")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


@dataclass(frozen=True)
class RequestsWanted:
    """What is asked for.

    :param tickets: these and nothing else; none for whatever fits the rest.
    :param ended: only what has ended, or only what has not; none for both.
    """

    tickets: tuple[str, ...] | None
    services: tuple[str, ...]
    since: datetime
    until: datetime
    ended: bool | None
    offset: int
    limit: int
    extended: bool


def wanted(place: Jurisdiction, query: Mapping[str, str]) -> RequestsWanted:
    """What a query asks for. What is blank was not asked; what nobody knows is passed over.

    Where numbers are given nothing else is looked at: by the standard they override every other filter.

    :raises Fault: naming all that is wrong with it.
    """
    faults: list[AduanError] = []
    ids = _listed(query.get("service_request_id", ""))
    if len(ids) > _MOST_IDS:
        faults.append(bad_field("service_request_id", field_message("too_many", max=_MOST_IDS)))
    if ids:
        query = {name: text for name, text in query.items() if name not in _FILTERS}
    statuses = _listed(query.get("status", "").lower())
    if any(each not in _STATUSES for each in statuses):
        faults.append(bad_field("status", "invalid"))
    since, until = span_of(query, faults)
    page, limit = _paging(query, faults)
    services = _listed(query.get("service_code", ""))
    if faults:
        raise Fault(faults)
    known = {each["service_code"] for each in place.services()}
    if any(each not in known for each in services):
        raise not_found("open311_no_service")
    prefixes = place.tenant.ticket_prefixes
    return RequestsWanted(
        tickets=tuple(ticket_of(each, prefixes) for each in ids) if ids else None,
        services=services,
        since=since,
        until=until,
        ended=None if len(set(statuses)) != 1 else statuses[0] == "closed",
        offset=page * limit,
        limit=limit,
        extended=query.get("extensions", "").lower() == "true",
    )


def shown(place: Jurisdiction, asked: RequestsWanted) -> list[dict[str, Any]]:
    """The complaints that fit, the newest first."""
    parts().freshness.catch_up(place.tenant.id, "reporting")
    categories = place.categories
    told: dict[str, Any] = {
        "tickets": list(asked.tickets) if asked.tickets is not None else None,
        "offset": asked.offset,
        "limit": asked.limit,
    }
    if asked.tickets is None:
        told |= {"since": to_iso(asked.since), "until": to_iso(asked.until), "ended": asked.ended}
        if asked.services:
            told |= {
                "categories": [categories[each] for each in asked.services if each in categories],
                "others_than": list(categories.values()) if GENERAL in asked.services else None,
            }
    found = parts().gateway.followed(place.tenant.id, told)["items"]
    return [_request(place, item, extended=asked.extended) for item in found]


def one(place: Jurisdiction, id_: str, *, extended: bool) -> list[dict[str, Any]]:
    """A complaint.

    :raises Fault: alike for what is secret, not taken up, another government's, or not there.
    """
    ticket = ticket_of(id_, place.tenant.ticket_prefixes)
    now = parts().runtime.clock.now()
    found = shown(place, RequestsWanted((ticket,), (), now, now, None, 0, 1, extended))
    if not found:
        raise not_found("open311_no_request")
    return found


def _request(place: Jurisdiction, item: Mapping[str, Any], *, extended: bool) -> dict[str, Any]:
    where = ", ".join(filter(None, (item["desa"], item["kecamatan"], place.tenant.name)))
    code = place.code_of(item["category"])
    request: dict[str, Any] = {
        "service_request_id": item["ticket"],
        "status": "closed" if item["ended"] else "open",
        "status_notes": item["public_answer"] or item["standing"],
        "service_name": place.name_of(code),
        "service_code": code,
        "description": item["summary"],
        "agency_responsible": item["agency_name"],
        "service_notice": place.promise,
        "requested_datetime": midnight(place, item["filed_on"]),
        "updated_datetime": midnight(place, item["updated_on"]),
        "expected_datetime": midnight(place, item["due_on"]),
        "address": where,
        "address_id": None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }
    if extended:
        request["extended_attributes"] = {"channel": item["channel"], "photos": []}
        request["notes"] = [
            {"datetime": midnight(place, day), "description": words, "type": kind} for day, words, kind in item["notes"]
        ]
    return request


def midnight(place: Jurisdiction, day: str | None) -> str | None:
    """A day as the standard wants an instant: its beginning, in the government's own zone."""
    return datetime.fromisoformat(day).replace(tzinfo=place.tenant.zone).isoformat() if day else None


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.strip() for each in text.split(",") if each.strip()))


def span_of(query: Mapping[str, str], faults: list[AduanError]) -> tuple[datetime, datetime]:
    """From when to when: given by both ends, by one and ninety days, or the last ninety days.

    :param faults: takes what is wrong with it.
    """
    now = parts().runtime.clock.now()
    given: dict[str, datetime] = {}
    for name in ("start_date", "end_date"):
        text = query.get(name, "").replace(" ", "+")  # a plus that nobody escaped
        if not text:
            continue
        written = _INSTANT.match(text)
        if _DAY.match(text) or (written and not written["zone"]):
            faults.append(bad_field(name, "instant_without_offset"))
        elif written and (at := _reckoned(text)):
            given[name] = at
        else:
            faults.append(bad_field(name, "not_an_instant"))
    since, until = given.get("start_date"), given.get("end_date")
    until = until or (since + SPAN if since else now + timedelta(minutes=1))
    since = since or until - SPAN
    if since > until:
        faults.append(bad("open311_dates_turned_round"))
    elif until - since > SPAN + timedelta(days=1):
        faults.append(bad("open311_span_too_long", {"days": SPAN.days}))
    return since, until


def _reckoned(text: str) -> datetime | None:
    """The instant; none if there is no such one, or no span can begin or end there: the first and last days of the
    calendar have nothing beside them.
    """
    try:
        at = from_iso(text)
        return at if at - _BESIDE < at + _BESIDE else None
    except (ValueError, OverflowError):
        return None


def _paging(query: Mapping[str, str], faults: list[AduanError]) -> tuple[int, int]:
    """From which page, counted from 0, and how many are on one."""
    page, size = _number(query, "page", 1, _MOST_PAGES, faults), _number(query, "page_size", 1, MOST, faults)
    if page is None and size is None:
        return 0, MOST
    return (page or 1) - 1, size or _PAGE


def _number(query: Mapping[str, str], name: str, least: int, most: int, faults: list[AduanError]) -> int | None:
    text = query.get(name, "").strip()
    if not text:
        return None
    number = whole_number(text, most)
    if number is not None and least <= number:
        return number
    faults.append(bad_field(name, field_message("out_of_range", min=least, max=most)))
    return None
