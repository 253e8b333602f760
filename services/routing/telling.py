"""What officers do about reaching a reporter: record what they told them, and give them a new tracking code."""

from collections.abc import Mapping
from typing import Any, Final

from shared.application.runtime import Runtime
from shared.base.blank import is_blank
from shared.base.caller import Caller
from shared.base.errors import Conflict, Invalid
from shared.domain.complaint.tracking import tracking_code
from shared.domain.dossier.contents import opened
from shared.domain.dossier.desk import Cause
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.event_name import EventName
from shared.domain.dossier.events import Answered, DossierEvent
from shared.domain.dossier.telling_desk import DELIVERIES, can_be_told, to_tell, told
from shared.domain.sealing import DataKey
from shared.domain.sop.model import Action
from shared.domain.sop.vocabulary import VIAS
from shared.wording.codes import field_message

_CODE: Final[EventName] = "CodeRenewed"
EVENTS: Final[frozenset[EventName]] = DELIVERIES | {_CODE}
"""Types of events that are recorded here, whatever an SOP calls the actions."""
_LONGEST_NOTE = 20_000


def event_of(
    runtime: Runtime,
    dossier: Dossier,
    events: list[DossierEvent],
    action: Action,
    fields: Mapping[str, Any],
    caller: Caller,
    cause: Cause,
    key: DataKey,
) -> tuple[DossierEvent, dict[str, Any]]:
    """The event that records it, and what the officer is told once: a new code, to be handed on.

    :param action: as authorised.
    :param fields: ``way``, ``note`` and ``of`` (the version of what was told; the latest thing not told if left out),
        or ``via``.
    :raises Invalid: a field is missing, unknown or of the wrong kind.
    :raises Conflict: ``nothing_to_tell``, if the reporter has been told of everything; ``told_before``, of this.
    """
    if action.event == _CODE:
        _check(fields, "via", ())
        code = tracking_code(runtime.randomness)
        own = {"via": fields["via"], "sealed": key.seal({"tracking_code": code}, _CODE)}
        return runtime.desk(dossier.tenant).note(dossier, _CODE, caller, cause, own), {"tracking_code": code}
    _check(fields, "way", ("note", "of"))
    event = _named(dossier, events, fields.get("of"))
    kind = "AnswerDelivered" if isinstance(event, Answered) else "NoticeDelivered"
    sealed = None if is_blank(fields.get("note")) else key.seal({"note": fields["note"]}, kind)
    return told(runtime.desk(dossier.tenant), dossier, event, fields["way"], caller, cause, sealed), {}


def said_of(event: DossierEvent, key: DataKey | None) -> dict[str, Any]:
    """What the officer was told once of an event that was recorded here; told again only for the same request."""
    code = opened(event, key).get("tracking_code") if event.type == _CODE else None
    return {"tracking_code": code} if code else {}


def _named(dossier: Dossier, events: list[DossierEvent], version: object) -> DossierEvent:
    """The event that the reporter was told of."""
    if version is None:
        waiting = to_tell(dossier, events)
        if not waiting:
            raise Conflict("nothing_to_tell")
        return waiting[-1]
    if isinstance(version, bool) or not isinstance(version, int):
        raise Invalid("invalid_fields", fields={"of": ["not_a_whole_number"]})
    if not 0 < version <= len(events) or not can_be_told(events[version - 1]):
        raise Invalid("invalid_fields", fields={"of": ["not_to_be_told"]})
    event = events[version - 1]
    if event not in to_tell(dossier, events):
        raise Conflict("told_before", {"version": version})
    return event


def _check(fields: Mapping[str, Any], way: str, optional: tuple[str, ...]) -> None:
    problems: dict[str, Any] = {name: ["unknown_field"] for name in fields if name not in (way, *optional)}
    given = fields.get(way)
    if is_blank(given):
        problems[way] = ["required"]
    elif given not in VIAS:
        problems[way] = [field_message("not_a_choice", choices=", ".join(VIAS))]
    note = fields.get("note")
    if note is not None and not isinstance(note, str):
        problems["note"] = ["not_a_text"]
    elif note is not None and len(note) > _LONGEST_NOTE:
        problems["note"] = [field_message("too_long", max=_LONGEST_NOTE)]
    if problems:
        raise Invalid("invalid_fields", fields=problems)
