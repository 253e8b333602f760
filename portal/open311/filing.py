"""What a program posts, as a complaint: through the same door as every other, and once however often it is sent."""

import hmac
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from flask import request
from werkzeug.datastructures import MultiDict

from portal import tries
from portal.arguments import check_unpacked, once_each
from portal.correlation import request_id
from portal.gateway import OUTCOME_UNKNOWN
from portal.open311.faults import Fault, bad, bad_field
from portal.open311.photos import add_photos, most_bytes, sent, too_many
from portal.open311.places import GENERAL, NEAR_KM, Jurisdiction
from portal.parts import parts
from shared.application.identity.allowances import Allowance
from shared.application.identity.attempts import Attempts, Limits
from shared.base.blank import trimmed
from shared.base.clock import SystemClock
from shared.base.errors import AduanError, Invalid, NotFound, Unavailable
from shared.base.strict_json import parsed
from shared.channels.installed import channels_of
from shared.channels.posts import keep_post
from shared.domain.complaint.schema import load_submission
from shared.domain.complaint.sides import MOST_PLACE
from shared.platform.purposes import Lasting
from shared.wording.codes import field_message

CHANNEL: Final = "open311"
MOST_DESCRIPTION: Final = 4000
_MOST_JSON: Final = 64 * 1024
_ROOM: Final = 64 * 1024
_SECONDS: Final = 600
"""Within so long the same post again is the first one: programs repeat after a time-out."""
_POSTS: Final = Allowance(30, timedelta(minutes=1))
_GUESSES: Final = Limits(from_one_place=60, at_one_account=100_000, by_one_address=60, window=timedelta(minutes=1))
"""At keys: few programs have one, and none of them tries."""
_OWN: Final = 8
"""Digits, up to the first hyphen: few programs have a key."""
_ATTRIBUTE: Final = re.compile(r"attribute\[([A-Za-z0-9_]{1,50})\](?:\[\])?\Z")
_DEGREES: Final = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{0,30})?\Z")
_HALF: Final = re.compile(r"[\ud800-\udfff]")
"""Half a letter, as a cut emoji leaves it: JSON can name it, and UTF-8 cannot write it."""
_NOTHING: Final = "-"
"""In the place of what is missing, which is told by another name."""
_THEIRS: Final = {"message": "description", "privacy": "attribute[privacy]"}
"""What a program calls a field of ours that may be refused."""


@dataclass(frozen=True)
class Posted:
    """What was said, by the standard's own names; what is blank was not said.

    :param attributes: by their codes.
    """

    fields: Mapping[str, str]
    attributes: Mapping[str, str]

    def get(self, name: str) -> str:
        """A field; blank if it was not given."""
        return self.fields.get(name, "")


def posted() -> Posted:
    """What this request says, as a form, a form with files, or JSON.

    :raises Fault: if it is none of them.
    :raises WrongKind: if it is packed.
    :raises Invalid: naming a field that was given twice.
    """
    check_unpacked(request)
    if request.mimetype == "multipart/form-data":
        request.max_content_length = most_bytes() + _ROOM
    asked: dict[str, Any] = once(request.args)
    said: dict[str, Any] = _json() if request.mimetype == "application/json" else once(request.form)
    twice = [name for name in asked if name in said and asked[name] != said[name]]
    if twice:
        raise Invalid("invalid_fields", fields={name: ["given_twice"] for name in twice})
    given = {**asked, **said}
    fields = {name: _text(value) for name, value in given.items() if isinstance(value, str | int | float)}
    attributes = {found[1]: text for name, text in fields.items() if (found := _ATTRIBUTE.match(name)) and text}
    nested = given.get("attribute")
    if isinstance(nested, Mapping):
        attributes |= {str(name): text for name, each in nested.items() if (text := _text(each))}
    return Posted({name: text for name, text in fields.items() if text and not _ATTRIBUTE.match(name)}, attributes)


def file(place: Jurisdiction, asked: Posted) -> dict[str, Any]:
    """File it.

    :returns: ``service_request_id``, or a ``token`` where the answer did not come in time; never both.
    :raises Fault: naming all that is wrong with it.
    :raises TooManyAttempts: see :func:`admitted`.
    :raises Unavailable: if nobody can say what became of it.
    """
    with admitted(place, asked) as program:
        return _filed(place, program, asked)


def _filed(place: Jurisdiction, program: str, asked: Posted) -> dict[str, Any]:
    complaint = _complaint(place, asked)
    mark = _mark(place, program, asked)
    told = too_many()
    try:
        if _was_filed_before(place, program, asked):
            mark = _mark(place, program, asked, back=1)
        complaint["external_id"] = f"{CHANNEL}:{mark}"
        receipt = parts().gateway.file_for_program(place.tenant.id, complaint, CHANNEL, request_id())
    except Unavailable as lost:
        if lost.code != OUTCOME_UNKNOWN:
            raise
        # Its files need a ticket, and nobody knows whether it was filed: both are seen to as soon as that is known.
        files = [(each.filename or "", each.stream.read()) for each in sent()]
        keep_post(channels_of(parts().runtime), place.tenant.id, CHANNEL, mark, complaint, files, _request())
        return {"token": str(mark), **_answer(place, told)}
    parts().freshness.wrote(place.tenant.id, receipt["position"])
    # Also of a post that is repeated: the first may have been ended before its files were added. The same is one file.
    told += add_photos(place.tenant.id, receipt)
    return {"service_request_id": receipt["ticket"], **_answer(place, told)}


@contextmanager
def admitted(place: Jurisdiction, asked: Posted) -> Iterator[str]:
    """The program that posts this, by its key; each post is counted that is not turned away by a fault of ours.

    :raises Fault: if the key is nobody's.
    :raises TooManyAttempts: if the program posts too often, or keys were guessed at.
    """
    guesses = Attempts(parts().runtime.database, SystemClock(), _GUESSES)
    address = f"{CHANNEL}/{tries.place()}"
    guesses.check(CHANNEL, address)
    try:
        program = place.program(asked.get("api_key"))
    except Fault:
        guesses.count(CHANNEL, address)
        raise
    with tries.carried_out(tries.count(_POSTS, CHANNEL, "too_many_posts", whose=f"{place.id}/{program}")):
        yield program


def ticket_of(place: Jurisdiction, token: str) -> str:
    """The ticket of a post whose answer did not come in time.

    :raises Fault: if there is no such post, or it is not there yet.
    """
    try:
        found = parts().gateway.filed(place.tenant.id, CHANNEL, f"{CHANNEL}:{UUID(token)}")
    except (ValueError, NotFound):
        raise Fault([NotFound("open311_no_token")]) from None
    return str(found["ticket"])


def _answer(place: Jurisdiction, told: list[str]) -> dict[str, Any]:
    promised = [place.promise] if place.promise else []
    return {"service_notice": " ".join(promised + told) or None, "account_id": None}


def _complaint(place: Jurisdiction, asked: Posted) -> dict[str, Any]:
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


def _was_filed_before(place: Jurisdiction, program: str, asked: Posted) -> bool:
    """Whether the very same post came a moment ago, in the span of time before this."""
    mark = _mark(place, program, asked, back=1)
    try:
        parts().gateway.filed(place.tenant.id, CHANNEL, f"{CHANNEL}:{mark}")
    except NotFound:
        return False
    return True


def _mark(place: Jurisdiction, program: str, asked: Posted, back: int = 0) -> UUID:
    """By what a post is known again: all that it says, who says it, and about when. Nobody else can make it up."""
    span = int(SystemClock().now().timestamp()) // _SECONDS - back
    fields = {name: text for name, text in asked.fields.items() if name != "api_key"}
    said = json.dumps([place.id, program, span, fields, dict(asked.attributes)], sort_keys=True).encode()
    own = bytes.fromhex(program_mark(place, program))
    rest = hmac.new(parts().runtime.key(Lasting.POSTS_OF_OPEN311), said, sha256).digest()
    return UUID(bytes=(own + rest)[:16], version=5)


def program_mark(place: Jurisdiction, program: str) -> str:
    """How the ids begin of all that a program files: by it a complaint is known as its own."""
    said = json.dumps([place.id, program]).encode()
    return hmac.new(parts().runtime.key(Lasting.POSTS_OF_OPEN311), said, sha256).hexdigest()[:_OWN]


def _request() -> UUID | None:
    try:
        return UUID(request_id())
    except ValueError:
        return None


def _json() -> dict[str, Any]:
    body = request.get_data(cache=True)
    try:
        data = parsed(body) if len(body) <= _MOST_JSON else None
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise Fault([bad("bad_request")])
    return data


def once(given: MultiDict[str, str]) -> dict[str, str]:
    """Each field of a form or of an address; what the standard marks as a list may be given in several parts.

    :raises Invalid: naming a field that was given twice.
    """
    return once_each(given, [name for name in given if name.endswith("[]")])


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_text, value)))
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return trimmed(_HALF.sub(" ", str(value).replace("\x00", "")))
