"""Checking the fields that come with an action against what the SOP says of it."""

from collections.abc import Mapping, Sequence

from shared.base.blank import is_blank
from shared.domain.sop.model import Action
from shared.domain.sop.vocabulary import ANY_COMPLAINT_FIELD
from shared.wording.codes import field_message

_LONGEST_TEXT = 20_000
_SCORES = (1, 5)


def check_fields(action: Action, fields: Mapping[str, object]) -> dict[str, Sequence[str]]:
    """What is wrong with the fields given, by field; empty if nothing is.

    :param fields: as the caller sent them, without ``action`` and ``version``.
    :returns: message codes of the wording catalogue (``required``, ``unknown_field``, ...).
    """
    found: dict[str, Sequence[str]] = {}
    for name in action.needs:
        value = fields.get(name)
        if is_blank(value):
            no_text = value is not None and not isinstance(value, str)
            found[name] = [(_wrong_kind(name, value) if no_text else None) or "required"]
    if ANY_COMPLAINT_FIELD in action.optional:
        return found
    for name, value in fields.items():
        if name not in action.fields:
            found[name] = ["unknown_field"]
        elif name not in found and value is not None:
            problem = _wrong_kind(name, value)
            if problem:
                found[name] = [problem]
    if found or action.needs or action.event != "Classified":
        return found
    # A classification that says nothing would be an empty event.
    given = any(not is_blank(fields.get(name)) for name in action.optional)
    return {} if given else {name: ["required"] for name in action.optional}


def _wrong_kind(name: str, value: object) -> str | None:
    if name == "score":
        if isinstance(value, bool) or not isinstance(value, int):
            return "not_a_whole_number"
        least, most = _SCORES
        return None if least <= value <= most else field_message("out_of_range", min=least, max=most)
    if not isinstance(value, str):
        return "not_a_text"
    return field_message("too_long", max=_LONGEST_TEXT) if len(value) > _LONGEST_TEXT else None
