"""What a program tells of a complaint that it has filed: its reporter's further words, and once however often sent.

Not of the standard: FixMyStreet posts it so (``Open311.pm``, ``post_service_request_update``).
"""

from uuid import NAMESPACE_URL, uuid5

from portal import tries
from portal.correlation import request_id
from portal.open311.complaint import CHANNEL, MOST_DESCRIPTION
from portal.open311.faults import Fault, bad, bad_field, not_found
from portal.open311.filing import admitted, program_mark
from portal.open311.places import Jurisdiction
from portal.open311.posting import Posted
from portal.parts import parts
from shared.base.errors import AduanError, Invalid, NotFound
from shared.wording.codes import field_message

_NEEDED = ("service_request_id", "update_id", "description")
_LONGEST_ID = 200
_ANOTHER = "key_reused"
"""Something else was said under the same id: the first words stand, and the program is told which field is wrong."""


def tell(place: Jurisdiction, asked: Posted) -> dict[str, str]:
    """Add it to the complaint; its status is for the office alone to change, and is passed over.

    :returns: ``update_id``, by which the program knows that it was taken.
    :raises Fault: if the government takes none, the key is wrong, a field is, or the program filed no such complaint.
    :raises Conflict: ``ended``, if nobody would read it any more.
    :raises TooManyAttempts: see :func:`portal.open311.filing.admitted`.
    """
    if not place.options["updates"]:
        raise not_found("no_such_page")
    program, counted = admitted(place, asked)
    with tries.carried_out(counted):
        return _told(place, program, asked)


def _told(place: Jurisdiction, program: str, asked: Posted) -> dict[str, str]:
    faults: list[AduanError] = [bad("open311_field_needed", {"field": name}) for name in _NEEDED if not asked.get(name)]
    for name, most in (("update_id", _LONGEST_ID), ("description", MOST_DESCRIPTION)):
        if len(asked.get(name)) > most:
            faults.append(bad_field(name, field_message("too_long", max=most)))
    if faults:
        raise Fault(faults)
    theirs = asked.get("update_id")
    try:
        done = parts().gateway.add_for_program(
            place.tenant.id,
            asked.get("service_request_id"),
            f"{CHANNEL}:{program_mark(place, program)}",
            asked.get("description"),
            correlation_id=request_id(),
            key=str(uuid5(NAMESPACE_URL, f"{place.id}\n{program}\n{asked.get('service_request_id')}\n{theirs}")),
        )
    except NotFound:
        raise not_found("open311_no_request") from None
    except Invalid as invalid:
        if invalid.code != _ANOTHER:
            raise
        raise Fault([bad_field("update_id", field_message(_ANOTHER))]) from None
    parts().freshness.wrote(place.tenant.id, done["position"])
    return {"update_id": theirs}
