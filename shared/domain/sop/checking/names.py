"""Names in an SOP that nothing stands behind: what it asks for must be something that a complaint or an action has."""

import difflib
from collections.abc import Iterable, Iterator

from shared.domain.complaint.rows import OF_CHANNELS
from shared.domain.complaint.schema import FIXED, LocationSchema, ReporterSchema, SupplementSchema
from shared.domain.sop.checking.finding import ERROR, Finding, Place
from shared.domain.sop.model import Action, Sop
from shared.domain.sop.vocabulary import ANY_COMPLAINT_FIELD

_PARTS = {"reporter": ReporterSchema, "location": LocationSchema}
COMPLAINT_FIELDS = frozenset(
    {name for name in SupplementSchema().fields if name not in _PARTS and name not in FIXED}
    | {f"{part}.{name}" for part, schema in _PARTS.items() for name in schema().fields}
) - {OF_CHANNELS}
"""What a complaint can have, and a supplement can give, as the dotted names that ``requires`` takes."""

ACTION_FIELDS = frozenset(
    {
        ANY_COMPLAINT_FIELD,
        *(
            "agency",
            "category",
            "classification",
            "comment",
            "despite",
            "elements",
            "into",
            "note",
            "of",
            "reason",
            "response",
        ),
        *("score", "text", "to", "unit", "via", "way", "why"),
    }
)
"""What the services make something of when it comes with an action."""


def names(sop: Sop) -> Iterator[Finding]:
    """Every required field and every field of an action that nobody could ever give."""
    for index, name in enumerate(sop.requires):
        if name not in COMPLAINT_FIELDS:
            yield _unknown(name, COMPLAINT_FIELDS, "every complaint would lack", ("requires", index))
        elif name in sop.requires[:index]:
            message = f"{name!r} is required twice, and its reporter would be asked for it twice"
            yield Finding(ERROR, "doubled_field", message, "leave one of them out", ("requires", index))
    for step_index, step in enumerate(sop.steps):
        for index, action in enumerate(step.actions):
            yield from _fields(action, ("steps", step_index, "actions", index))
    for where, actions in (("anytime", sop.anytime), ("after_end", sop.after_end)):
        for index, action in enumerate(actions):
            yield from _fields(action, (where, index))


def _fields(action: Action, place: Place) -> Iterator[Finding]:
    for name in action.fields:
        if name not in ACTION_FIELDS:
            yield _unknown(name, ACTION_FIELDS, f"{action.name!r} asks for", place)


def _unknown(name: str, known: Iterable[str], what: str, place: Place) -> Finding:
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    remedy = f"did you mean {near[0]}?" if near else f"name one of: {', '.join(sorted(known))}"
    return Finding(ERROR, "unknown_field", f"{what} {name!r}, and there is no such field", remedy, place)
