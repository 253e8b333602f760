"""What has become of complaints, one change after the other, for programs that hold complaints of their own.

Not of the standard: FixMyStreet asks for it so (``Open311/GetServiceRequestUpdates.pm``). A change is told by its day,
as everywhere here; it is in every span that touches that day, and a program knows by ``update_id`` what it has had.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from portal.open311.faults import Fault, not_found
from portal.open311.places import Jurisdiction
from portal.open311.showing import midnight, span_of
from portal.parts import parts
from shared.base.errors import AduanError
from shared.base.times import to_iso

_ANSWERED: Final = "IN_PROGRESS"
_ENDS: Final = {"transferred": "NOT_COUNCILS_RESPONSIBILITY"}
_CLOSED: Final = "CLOSED"
_MOST: Final = 1000
_FARTHEST: Final = 1_000_000
_DAY: Final = timedelta(days=1)


def updates(place: Jurisdiction, query: Mapping[str, str]) -> list[dict[str, Any]]:
    """The changes of a span of time, the oldest first.

    :param query: ``start_date``, ``end_date``, and ``api_key`` of a program.
    :raises Fault: if the government tells none, the key is wrong, or a date is.
    """
    if not place.options["updates"]:
        raise not_found("no_such_page")
    place.program(query.get("api_key", ""))
    faults: list[AduanError] = []
    since, until = span_of(query, faults)
    if faults:
        raise Fault(faults)
    parts().freshness.catch_up(place.tenant.id, "reporting")
    asked = {"changed_since": to_iso(since - _DAY), "until": to_iso(until + _DAY), "limit": _MOST}
    found = [each for item in _changed(place, asked) for each in _of(place, item)]
    # What was filed while page after page was read has moved the rest by one, and some may be there twice.
    there = {each["update_id"]: each for each in found if _touches(each, since, until)}
    return sorted(there.values(), key=lambda each: (each["updated_datetime"], each["update_id"]))


def _changed(place: Jurisdiction, asked: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """All complaints that were changed then, as many as there are."""
    for offset in range(0, _FARTHEST, _MOST):
        told = parts().gateway.followed(place.tenant.id, {**asked, "offset": offset})
        yield from told["items"]
        if not told.get("more"):
            return


def _of(place: Jurisdiction, item: Mapping[str, Any]) -> list[dict[str, Any]]:
    """That it was received a program knows, or is none of its affairs.

    The same may happen again: an answer after a reopening, and the end after that; each by its day.
    """
    ended = max((day for day, _words, kind in item["notes"] if kind == "closed"), default=None)
    told = []
    for day, words, kind in item["notes"]:
        if kind == "received":
            continue
        over = ended is not None and kind != "answered" and day >= ended
        answer = item["public_answer"] if kind == "published" else None
        told.append(
            {
                "update_id": f"{item['ticket']}-{kind}-{day}",
                "service_request_id": item["ticket"],
                "status": _ENDS.get(item["status"], _CLOSED) if over else _ANSWERED,
                "description": answer or words,
                "updated_datetime": midnight(place, day),
                "media_url": None,
            }
        )
    return told


def _touches(update: Mapping[str, Any], since: datetime, until: datetime) -> bool:
    at = datetime.fromisoformat(update["updated_datetime"])
    return at <= until and since < at + _DAY
