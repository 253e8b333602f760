"""A program's post is filed: through the same door as every other, and once however often it is sent."""

import hmac
import json
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from portal import tries
from portal.correlation import request_id
from portal.gateway import OUTCOME_UNKNOWN
from portal.open311.complaint import CHANNEL, complaint_of
from portal.open311.faults import Fault
from portal.open311.photos import add_photos, sent, too_many
from portal.open311.places import Jurisdiction
from portal.open311.posting import Posted
from portal.parts import parts
from shared.application.identity.allowances import Allowance
from shared.application.identity.attempts import Attempts, Limits
from shared.application.identity.tally import Counted
from shared.base.clock import SystemClock
from shared.base.errors import NotFound, Unavailable
from shared.channels.installed import channels_of
from shared.channels.posts import keep_post
from shared.platform.purposes import Lasting

_SECONDS: Final = 600
"""Within so long the same post again is the first one: programs repeat after a time-out."""
_POSTS: Final = Allowance(30, timedelta(minutes=1))
_GUESSES: Final = Limits(from_one_place=60, at_one_account=100_000, by_one_address=60, window=timedelta(minutes=1))
"""At keys: few programs have one, and none of them tries."""
_OWN: Final = 8
"""Digits, up to the first hyphen: few programs have a key."""


def file(place: Jurisdiction, asked: Posted) -> dict[str, Any]:
    """File it.

    :returns: ``service_request_id``, or a ``token`` where the answer did not come in time; never both.
    :raises Fault: naming all that is wrong with it.
    :raises TooManyAttempts: see :func:`admitted`.
    :raises Unavailable: if nobody can say what became of it.
    """
    program, counted = admitted(place, asked)
    complaint = complaint_of(place, asked)
    mark = _mark(place, program, asked)
    told = too_many()
    try:
        with tries.carried_out(counted):
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


def admitted(place: Jurisdiction, asked: Posted) -> tuple[str, Counted]:
    """The program that posts this, by its key.

    :returns: also what was counted, for :func:`portal.tries.carried_out`.
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
    return program, tries.count(_POSTS, CHANNEL, "too_many_posts", whose=f"{place.id}/{program}")


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
