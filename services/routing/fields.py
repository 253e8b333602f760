"""What comes with an officer's action: checked by SOP and dossier, and laid into the event's own fields."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.routing.naming import Choices, not_named
from shared.base.blank import is_blank
from shared.base.errors import Conflict, Invalid
from shared.base.names import chosen
from shared.domain.answer_templates import OPENING, AnswerTemplate, unfilled
from shared.domain.dossier.contents import text_of
from shared.domain.dossier.dossier import Dossier
from shared.domain.dossier.events import DossierEvent
from shared.domain.dossier.filed_files import files_that_count
from shared.domain.dossier.saying import said
from shared.domain.dossier.supplementing import supplemented
from shared.domain.sealing import DataKey
from shared.domain.sop.fields import check_fields
from shared.domain.sop.model import Action
from shared.domain.sop.vocabulary import SAID
from shared.domain.tenants import Tenant
from shared.wording.codes import field_message

_PRIVATE = ("note", "reason", "response", "text")
DESPITE = "despite"


def check(
    choices: Choices,
    dossier: Dossier,
    events: Sequence[DossierEvent],
    action: Action,
    fields: Mapping[str, Any],
) -> None:
    """Refuse what the SOP or the dossier does not allow.

    :param choices: as :func:`services.routing.naming.choices_of` gives them.

    :raises Invalid: a field is missing, unknown or wrong; a file that the step's result consists of is not there; or
        the complaint is incomplete and nothing is said of why it goes on all the same (``incomplete``).
    """
    problems = dict(check_fields(action, fields))
    for name, code in not_named(choices, fields):
        problems.setdefault(name, [code])
    if "files" not in problems and (lacking := _files_lacking(action, events)):
        problems["files"] = [field_message("needs_file", kind=kind) for kind in lacking]
    if problems:
        raise Invalid("invalid_fields", fields=problems)
    if (
        action.event == "Dispositioned"
        and DESPITE in action.fields
        and dossier.missing
        and is_blank(fields.get(DESPITE))
    ):
        lacks = {name: ["required"] for name in (DESPITE, *dossier.missing)}
        raise Invalid("incomplete", {"missing": ", ".join(dossier.missing)}, fields=lacks)


def check_filled(templates: Callable[[], Iterable[AnswerTemplate]], action: Action, fields: Mapping[str, Any]) -> None:
    """An answer that was begun with a template is complete.

    :param templates: those that it may have been begun with; asked for only where something stands in brackets.
    :raises Invalid: ``unfilled``, naming what still stands in brackets.
    """
    if action.event not in ("Answered", "Forwarded"):
        return
    texts = {name: str(fields[name]) for name in ("text", "response") if fields.get(name)}
    if not any(OPENING in text for text in texts.values()):
        return
    every = tuple(templates())
    left = {name: unfilled(text, every) for name, text in texts.items()}
    problems = {name: [field_message("unfilled", places=", ".join(places))] for name, places in left.items() if places}
    if problems:
        raise Invalid("invalid_fields", fields=problems)


def _files_lacking(action: Action, events: Sequence[DossierEvent]) -> list[str]:
    """Kinds of files that the action needs and the dossier has not got since it was last reopened or taken back."""
    there = {event.kind for event in files_that_count(events)}
    return [kind for kind in action.needs_files if kind not in there]


def own_fields(
    tenant: Tenant,
    now: datetime,
    dossier: Dossier,
    action: Action,
    fields: Mapping[str, Any],
    events: Sequence[DossierEvent],
    key: DataKey,
) -> dict[str, Any]:
    """The fields of the action's event itself.

    :raises Invalid: an answer is to publish the draft, and there is none.
    """
    if action.event in SAID:
        given = {name: value for name, value in fields.items() if name != "via"}
        via = fields.get("via")
        if action.event == "Supplemented":
            return supplemented(tenant, now, dossier, events, key, given, via)
        return said(action, given, key, via)
    private = {name: fields[name] for name in _PRIVATE if not is_blank(fields.get(name))}
    if not is_blank(fields.get(DESPITE)):
        private["reason"] = fields[DESPITE]
    if action.event == "Forwarded" and "text" in private:
        private["response"] = private.pop("text")
    if action.event == "Answered" and "text" not in private:
        private["text"] = _draft(dossier, events, key)
    if action.event == "Transferred":
        authority = chosen(fields["to"], tenant.authorities)
        private |= {} if authority else {"to": fields["to"]}
        return {"authority": authority, "rests": True, "sealed": key.seal(private, action.event)}
    own = _public_fields(dossier, action, fields) | {"sealed": key.seal(private, action.event) if private else None}
    return own | ({"has_response": "response" in private} if action.event == "Forwarded" else {})


def _public_fields(dossier: Dossier, action: Action, fields: Mapping[str, Any]) -> dict[str, Any]:
    match action.event:
        case "Dispositioned":
            return {
                "to_agency": fields["agency"],
                "to_unit": fields.get("unit"),
                DESPITE: () if is_blank(fields.get(DESPITE)) else dossier.missing,
            }
        case "Recalled":
            return {"from_agency": dossier.agency, "disposed_by": dossier.disposed_by}
        case "Returned":
            return {"why": action.why, "from_agency": dossier.agency, "disposed_by": dossier.disposed_by}
        case "Rejected":
            return {"why": fields["why"]}
        case "Forwarded":
            return {"authorised": action.authorises, "to_unit": fields.get("unit")}
        case "Answered":
            return {"kind": action.kind or "final"}
        case "Classified":
            named = {name: fields.get(name) for name in ("classification", "category")}
            return {**named, "by": "officer"}
        case _:
            return {}


def check_authorised(
    dossier: Dossier, action: Action, fields: Mapping[str, Any], events: Sequence[DossierEvent], key: DataKey
) -> None:
    """What was authorised is what goes out: another text goes back for authorisation.

    :raises Conflict: ``authorised_text``.
    """
    if dossier.authorised is None:
        return
    answers = action.event == "Answered" and action.kind == "final"
    named = ("text",) if answers else ("response", "text") if action.event == "Forwarded" else ()
    changed = next((fields[name] for name in named if name in action.fields and not is_blank(fields.get(name))), None)
    if changed is not None and str(changed).strip() != (text_of(events, key, dossier.authorised) or "").strip():
        raise Conflict("authorised_text")


def _draft(dossier: Dossier, events: Sequence[DossierEvent], key: DataKey) -> str:
    """What was drafted at an earlier desk, for an action that publishes it as it is.

    :raises Invalid: if there is no draft.
    """
    draft = text_of(events, key, dossier.draft)
    if draft is None:
        raise Invalid("invalid_fields", fields={"text": ["required"]})
    return draft
