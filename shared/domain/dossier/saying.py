"""What a reporter says, as the event that records it says it: by themselves, or as an officer was told."""

from collections.abc import Mapping
from typing import Any

from shared.base.caller import REPORTER
from shared.base.errors import Invalid
from shared.domain.complaint.schema import REPORTER_ACTIONS
from shared.domain.sealing import DataKey
from shared.domain.sop.model import Action
from shared.domain.sop.vocabulary import Via
from shared.wording.coded_schema import load_coded

_PRIVATE = ("text", "reason", "comment")


def said(action: Action, fields: Mapping[str, Any], key: DataKey, via: Via | None = None) -> dict[str, Any]:
    """The fields of a ``Replied``, ``Withdrawn``, ``Rated``, ``Reopened`` or ``Closed`` event itself.

    :param fields: as they were sent, without ``via``; checked by the schema of the reporter's own action.
    :param via: how it was told to the officer who records it; none where the reporter did it.
    :raises Invalid: a field is missing or of the wrong kind.
    """
    given: Mapping[str, Any] = load_coded(REPORTER_ACTIONS[action.name](), fields)
    own: dict[str, Any] = {}
    if action.event == "Rated":
        own |= {"score": given["score"], "elements": _elements(action, given)}
    if action.event == "Closed":
        own["by"] = REPORTER
    if via is not None:
        own["via"] = via
    private = {name: given[name] for name in _PRIVATE if given.get(name)}
    if private:
        own["sealed"] = key.seal(private, action.event)
    return own


def _elements(action: Action, given: Mapping[str, Any]) -> tuple[int, ...]:
    """The elements of the survey, where the government asks them.

    :raises Invalid: if it does not.
    """
    elements = tuple(given.get("elements") or ())
    if elements and "elements" not in action.fields:
        raise Invalid("invalid_fields", fields={"elements": ["unknown_field"]})
    return elements
