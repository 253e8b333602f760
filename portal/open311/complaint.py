"""What a program posts, in our own words: its fields as those of a complaint."""

import re
from typing import Any, Final

from portal.open311.faults import Fault, bad, bad_field
from portal.open311.places import GENERAL, NEAR_KM, Jurisdiction
from portal.open311.posting import Posted
from shared.base.errors import AduanError, Invalid, NotFound
from shared.domain.complaint.schema import load_submission
from shared.domain.complaint.sides import MOST_PLACE
from shared.wording.codes import field_message

CHANNEL: Final = "open311"
MOST_DESCRIPTION: Final = 4000
_DEGREES: Final = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{0,30})?\Z")
_NOTHING: Final = "-"
"""In the place of what is missing, which is told by another name."""
_THEIRS: Final = {"message": "description", "privacy": "attribute[privacy]"}
"""What a program calls a field of ours that may be refused."""


def complaint_of(place: Jurisdiction, asked: Posted) -> dict[str, Any]:
    """The complaint of a post, as every door takes it; without an ``external_id``.

    :raises Fault: naming all that is wrong with it, by the program's own names.
    """
    faults: list[AduanError] = []
    code = asked.get("service_code")
    category = None
    if not code:
        faults.append(bad("open311_field_needed", {"field": "service_code"}))
    elif code != GENERAL:
        category = place.categories.get(code)
        if category is None:
            faults.append(NotFound("open311_no_service"))
    description = asked.get("description")
    if not description:
        faults.append(bad("open311_field_needed", {"field": "description"}))
    elif len(description) > MOST_DESCRIPTION:
        faults.append(bad_field("description", field_message("too_long", max=MOST_DESCRIPTION)))
    name = asked.attributes.get("name") or " ".join(filter(None, (asked.get("first_name"), asked.get("last_name"))))
    given = {**asked.attributes, "name": name}
    missing = [each["code"] for each in place.attributes() if not given.get(each["code"])]
    faults += [bad("open311_field_needed", {"field": f"attribute[{each}]"}) for each in missing]
    location, words = _location(place, asked, faults)
    reporter = {
        "name": name,
        "email": asked.get("email"),
        "phone": asked.get("phone"),
        "address": given.get("address"),
        "identity": given.get("identity"),
    }
    complaint: dict[str, Any] = {
        "channel": CHANNEL,
        "title": given.get("title"),
        "message": "\n".join(
            filter(None, (description or _NOTHING, f"Lokasi: {words}" if len(words) > MOST_PLACE else ""))
        ),
        "category": category,
        "location": location,
        "reporter": {key: value for key, value in reporter.items() if value},
        "privacy": given.get("privacy") or (None if name else "anonymous"),
        "attachments": [url] if (url := asked.get("media_url")) else None,
    }
    try:
        loaded = load_submission({key: value for key, value in complaint.items() if value})
    except Invalid as invalid:
        theirs = {_THEIRS.get(field, field): told for field, told in invalid.fields.items()}
        raise Fault([*faults, Invalid(invalid.code, invalid.params, fields=theirs)]) from None
    if faults:
        raise Fault(faults)
    return loaded


def _location(place: Jurisdiction, asked: Posted, faults: list[AduanError]) -> tuple[dict[str, Any], str]:
    """Where it is: a point, words, or the name of a sub-district, perhaps with a village's behind a stroke.

    :returns: also words that are too long for a place: they go with the message.
    """
    location: dict[str, Any] = _point(place, asked, faults)
    if id_ := asked.get("address_id"):
        entries = place.tenant.entries
        kecamatan, _, desa = (part.strip() for part in id_.partition("/"))
        location |= {"kecamatan": entries.kecamatan(kecamatan), **({"desa": entries.desa(desa)} if desa else {})}
        if None in location.values():
            faults.append(bad_field("address_id", "invalid"))
    words = " ".join(asked.get("address_string").split())
    if not location and not words:
        faults.append(bad("open311_location_needed"))
    if words and len(words) <= MOST_PLACE:
        return {**location, "text": words}, ""
    return location, words


def _point(place: Jurisdiction, asked: Posted, faults: list[AduanError]) -> dict[str, Any]:
    """A point, whole and not far from the government."""
    point: dict[str, Any] = {}
    wrong: list[AduanError] = []
    for short, long, most in (("lat", "lat", 90), ("lon", "long", 180)):
        if given := asked.get(long):
            # Python would read "1_0" as a number, too.
            point[short] = float(given) if _DEGREES.match(given) else most + 1.0
            if not -most <= point[short] <= most:
                wrong.append(bad_field(long, field_message("out_of_range", min=-most, max=most)))
    faults += wrong
    if len(point) == 2 and not wrong and not place.is_near(point["lat"], point["lon"]):
        faults.append(bad("open311_too_far", {"km": NEAR_KM, "government": place.tenant.name}))
    if len(point) == 1:
        faults.append(bad("open311_field_needed", {"field": "long" if "lat" in point else "lat"}))
    return point
